// What the page makes of a running server's answers, without a server.
import assert from 'node:assert/strict';
import test from 'node:test';

import {pauseBefore} from '../../examples/dashboard/connection.js';
import {heightOf, unbroken} from '../../examples/dashboard/lanes.js';
import {longest} from '../../examples/dashboard/experiments.js';
import {percentiles, Pings} from '../../examples/dashboard/latency.js';
import {Live, Names} from '../../examples/dashboard/live.js';
import {roundUp} from '../../examples/dashboard/paint.js';
import {fullness, pingTime, spreadOf, tally}
    from '../../examples/dashboard/panels.js';
import {follow, TickCount} from '../../examples/dashboard/ring.js';
import {bytes, counted, duration} from '../../examples/dashboard/text.js';

test('durations are read at a glance', () => {
  const pairs = [[0, '0 µs'], [999, '999 µs'], [1000, '1 ms'],
                 [1234, '1.2 ms'], [48_000, '48 ms'], [999_400, '999 ms'],
                 [999_999, '1.0 s'], [2_500_000, '2.5 s'], [600e6, '10 min'],
                 [7200e6, '2 h'],
                 [null, '–'], [undefined, '–']];
  for (const [us, text] of pairs) assert.equal(duration(us), text);
});

test('sizes and counts are words', () => {
  assert.equal(bytes(1023), '1023 B');
  assert.equal(bytes(1536), '1.5 KiB');
  assert.equal(bytes(64 << 20), '64 MiB');
  assert.equal(counted(1, 'job'), '1 job');
  assert.equal(counted(1200, 'job'), '1,200 jobs');
});

test('pauses between attempts double up to eight seconds', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 60].map((n) => pauseBefore(n, () => 0));
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
  assert.equal(pauseBefore(1, () => 1), 375);
});

test('percentiles are values that were measured', () => {
  assert.deepEqual(percentiles([3, 1, 2], [0.5, 0.99, 0]), [2, 3, 1]);
  assert.deepEqual(percentiles([], [0.5]), [null]);
});

/// A server whose answers come when the test says so.
class Slow {
  #answers = [];
  call() {
    return new Promise((answer, fail) => this.#answers.push({answer, fail}));
  }
  answer() { this.#answers.shift().answer([]); }
  lose() { this.#answers.shift().fail(new Error('lost')); }
}
const settle = () => new Promise((done) => setImmediate(done));

test('a ping without an answer is silence, and counts as worst so far', () => {
  let now = 1000;
  const pings = new Pings(new Slow(), () => now);
  pings.send();
  now = 1300;
  assert.equal(pings.silence(), 300);
  assert.equal(pings.worst(1100, 1200), 300);
});

test('pings that waited at another time are not counted', async () => {
  let now = 0;
  const slow = new Slow(), pings = new Pings(slow, () => now);
  pings.send();
  slow.answer();
  await settle();
  pings.send();
  now = 400;
  slow.answer();
  await settle();
  assert.equal(pings.silence(), 0);
  assert.equal(pings.worst(100, 200), 400);
  assert.equal(pings.worst(401, 900), 0);
});

test('what a ping is on the way it does not wait for the loop', async () => {
  let now = 0;
  const slow = new Slow(), pings = new Pings(slow, () => now);
  for (const [sent, back] of [[0, 240], [300, 560], [600, 1100]]) {
    now = sent;
    pings.send();
    now = back;
    slow.answer();
    await settle();
  }
  assert.equal(pings.onTheWay, 240);
  assert.equal(pings.worst(600, 700), 260);
  pings.send();
  now = 1340;
  assert.equal(pings.silence(), 0);
  now = 1350;
  assert.equal(pings.silence(), 10);
  assert.equal(pings.answeredUntil(), 1100);
  assert.deepEqual(pings.percentiles(5000, [0]), [240]);
});

test('ticks are counted by the server, and anew with a new one', () => {
  const ticks = new TickCount();
  assert.equal(ticks.perSecond(), 0);
  ticks.take(1000, 0);
  assert.equal(ticks.perSecond(), 0);
  ticks.take(2000, 500);
  ticks.take(6500, 1500);
  assert.equal(ticks.perSecond(), 5500 / 1.5);
  ticks.take(7000, 2000);
  assert.equal(ticks.perSecond(), 5000 / 1.5);
  ticks.take(5, 2100);
  assert.equal(ticks.perSecond(), 0);
});

test('how long a method was at work is found in the trace', () => {
  const ticks = [{calls: [{what: 'call', begin: 100, end: 600}]}];
  const jobs = new Map([['thread-1', [
    {what: 'sleep', begin: 0, end: 90}, {what: 'sleep', begin: 150, end: 200},
    {what: 'primes', begin: 100, end: 900}]]]);
  const at = (method, from) =>
      longest({ticks, jobs}, method, from, 400, () => 'sleep_on_loop');
  assert.equal(at('sleep_on_loop', 95), 500);
  assert.equal(at('sleep', 95), 50);
  assert.equal(at('sleep', 80), 90);
  assert.equal(at('spin', 0), undefined);
});

test('of the counts only those are told that are not 0', () => {
  const words = {full: 'no room', no_descriptor: 'no descriptor'};
  assert.deepEqual(tally('away', {full: 1200, no_descriptor: 0}, words),
                   ['away: 1,200 no room']);
  assert.deepEqual(tally('away', {full: 0, idle: 3}, words), []);
  assert.deepEqual(tally('away', undefined, words), []);
});

test('a ping that was lost was no ping', async () => {
  const slow = new Slow(), pings = new Pings(slow, () => 0);
  pings.send();
  slow.lose();
  await settle();
  assert.equal(pings.samples.length, 0);
});

test('a server that says nothing is asked at most 60 times', () => {
  const pings = new Pings(new Slow(), () => 0);
  for (let i = 0; i < 100; ++i) pings.send();
  assert.equal(pings.samples.length, 60);
});

const row = (time) => [time, 1, 'stop?', 'loop', 'check', 0, 0];

test('events skipped are told of from the second answer on', () => {
  const live = new Live(null, () => {}, () => 0);
  live.takeTrace({seq: 9, skipped: 8, events: [row(10)]}, true);
  assert.deepEqual(live.trace.gaps, []);
  live.takeTrace({seq: 20, skipped: 7, skipped_jobs: false, events: [row(90)]},
                 false);
  assert.deepEqual(live.trace.gaps,
                   [{time: 10, until: 90, count: 7, jobs: false}]);
});

test('the quickest answer tells how the clocks differ', () => {
  let now = 105;  // milliseconds
  const live = new Live(null, () => {}, () => now);
  live.takeTrace({seq: 1, skipped: 0, events: [row(1000)]}, true);
  now = 301;
  live.takeTrace({seq: 2, skipped: 0, events: [row(200_000)]}, false);
  assert.equal(live.toTrace(301), 200_000);
});

test('a trace that begins anew replaces the one before', () => {
  const live = new Live(null, () => {}, () => 0);
  live.takeTrace({seq: 1, skipped: 0, events: [row(5_000_000)]}, true);
  live.takeTrace({seq: 2, skipped: 0, events: [row(20)]}, false);
  assert.equal(live.trace.end, 20);
});

const slow = (id, name, length_us) => ({what: 'call', id, name, length_us});
const call = (id, length) => ({what: 'call', id, begin: 7, end: 7 + length});

test('a slow call keeps its name when a later one has it, too', () => {
  const names = new Names();
  names.learn([slow(7, 'sleep_on_loop', 500_123.4)]);
  names.learn([slow(90, 'sleep_on_loop', 500_456.7)]);
  assert.equal(names.of(call(7, 500_123)), 'sleep_on_loop');
  assert.equal(names.of(call(90, 500_456)), 'sleep_on_loop');
});

test('a call of the same number on another connection has no such name', () => {
  const names = new Names();
  names.learn([slow(7, 'sleep_on_loop', 500_000)]);
  assert.equal(names.of(call(7, 80_000)), 'call');
  assert.equal(names.of({...call(7, 500_000), what: 'read'}), 'read');
});

test('of two calls that may be meant the later one gives the name', () => {
  const names = new Names();
  names.learn([slow(7, 'late', 500_000), slow(7, 'early', 501_000)]);
  assert.equal(names.of(call(7, 500_500)), 'late');
});

test('the names of a hundred slow calls are remembered', () => {
  const names = new Names();
  for (let id = 1; id <= 101; ++id) names.learn([slow(id, 'spin', 60_000)]);
  assert.equal(names.of(call(1, 60_000)), 'call');
  assert.equal(names.of(call(2, 60_000)), 'spin');
});

test('a live view learns the names with each status', () => {
  const live = new Live(null, () => {}, () => 0);
  live.takeStatus({loop: {slow: [slow(7, 'sleep_on_loop', 500_000)]}});
  live.takeStatus({loop: {slow: []}});
  assert.equal(live.names.of(call(7, 500_000)), 'sleep_on_loop');
});

test('the marker follows, leaves out turns and never runs back', () => {
  assert.equal(follow(3.5, 3.6, 1), 3.6);
  assert.equal(follow(3.5, 3.4, 1), 3.5);
  assert.ok(follow(3.5, 100.5, 0.1) > 99);
  assert.ok(follow(100.5, 3.5, 0.1) < 4);
});

test('what was not measured is not said to have taken no time', () => {
  const none = ['–', '–', '–'];
  assert.deepEqual(spreadOf({count: 0, p50: 0, p99: 0, max: 0}), none);
  assert.deepEqual(spreadOf(null), none);
  assert.deepEqual(spreadOf(undefined), none);
  assert.deepEqual(spreadOf({count: 1, p50: 0.2, p99: 900, max: 1000}),
                   ['0 µs', '900 µs', '1 ms']);
});

test('no ping is said to have taken no time', () => {
  assert.deepEqual([null, 0, 0.3, 1].map(pingTime),
                   ['–', 'under 1 ms', '300 µs', '1 ms']);
});

test('a buffer bar grows evenly until the connection is given up', () => {
  const at = (unsent) => fullness(unsent, {pause_at: 100, close_at: 400});
  assert.deepEqual([0, 50, 100, 200, 400, 900].map(at),
                   [0, 0.125, 0.25, 0.5, 1, 1]);
  assert.equal(fullness(0, {close_at: 0}), 0);
});

test('a line is broken where there was no connection', () => {
  const at = (...times) => times.map((time) => ({time}));
  assert.deepEqual(unbroken(at(0, 5, 60, 65), 100), [at(0, 5), at(60, 65)]);
});

test('scales end at round numbers', () => {
  const pairs = [[0.3, 0.5], [1, 1], [1.1, 2], [513, 1000], [500, 500]];
  for (const [least, top] of pairs) {
    assert.ok(Math.abs(roundUp(least) - top) < 1e-9, `${least}`);
  }
  assert.ok(heightOf(10) < heightOf(1000));
  assert.equal(heightOf(1e9), 1);
});
