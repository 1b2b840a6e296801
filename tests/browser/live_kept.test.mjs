// What the page keeps of a server that runs for a day, and for how long.
import assert from 'node:assert/strict';
import test from 'node:test';

import {Pings} from '../../examples/dashboard/latency.js';
import {Live} from '../../examples/dashboard/live.js';
import {Trace} from '../../examples/dashboard/trace.js';
import {Workers} from '../../examples/dashboard/workers.js';

const row = (time, tick = 1) => [time, tick, 'stop?', 'loop', 'check', 0, 0];
const settle = () => new Promise((done) => setImmediate(done));

/// Answers each question from a list; its last answer ends the watch.
class Script {
  isOpen = true;
  asked = [];
  constructor(...answers) { this.answers = answers; }
  async call(method, params) {
    this.asked.push([method, params]);
    const answer = this.answers.shift();
    if (answer) return answer(this);
    this.isOpen = false;
    throw new Error('lost');
  }
}
const news = (seq, ...times) => () => ({
  seq, skipped: 0, events: times.map((time) => row(time))});

test('each question asks for what came after the last answer', async (t) => {
  t.mock.method(globalThis, 'setTimeout', (wake) => setImmediate(wake));
  const server = new Script(news(9, 10), () => ({}), news(12, 20), () => ({}));
  const live = new Live(server, () => {}, () => 0);
  await live.start();
  const traces = server.asked.filter(([method]) => method === 'rpc.trace');
  assert.deepEqual(traces.map(([, {after}]) => after), [0, 9, 12]);
});

test('a watch that begins again forgets what another server did', async (t) => {
  t.mock.method(globalThis, 'setTimeout', (wake) => setImmediate(wake));
  const server = new Script(news(9, 10), () => ({server: {pid: 1}}));
  const live = new Live(server, () => {}, () => 0);
  await live.start();
  assert.equal(live.trace.end, 10);
  await live.start();
  assert.equal(live.trace.end, 0);
  assert.equal(live.status, null);
  assert.equal(server.asked.at(-1)[1].after, 0);
});

test('what comes after the watch was stopped is not taken', async () => {
  let live = null;
  const stopping = () => {
    live.stop();
    return news(9, 10)();
  };
  live = new Live(new Script(stopping), () => {}, () => 0);
  await live.start();
  assert.equal(live.trace.events, 0);
});

test('an error of the server does not end the watch', async (t) => {
  t.mock.method(globalThis, 'setTimeout', (wake) => setImmediate(wake));
  t.mock.method(console, 'warn', () => {});
  const refuses = () => { throw new Error('overloaded'); };
  const server = new Script(refuses, news(9, 10), () => ({}));
  const live = new Live(server, () => {}, () => 0);
  await live.start();
  assert.equal(live.trace.end, 10);
});

test('fifteen seconds of a trace are kept', () => {
  const live = new Live(null, () => {}, () => 0);
  for (let tick = 1; tick <= 40; ++tick) {
    live.takeTrace({seq: tick, skipped: 0, events: [row(tick * 1e6, tick)]},
                   false);
  }
  assert.equal(live.trace.ticks[0].number, 25);
});

test('the lengths of the queues are kept of 200 answers', () => {
  const live = new Live(null, () => {}, () => 0);
  for (let n = 1; n <= 201; ++n) live.takeStatus({pool: {waiting: n}});
  assert.equal(live.waiting.length, 200);
  assert.equal(live.waiting[0].threads, 2);
});

test('clocks are compared over the last answers: they drift', () => {
  let now = 0;
  const live = new Live(null, () => {}, () => now);
  for (let n = 1; n <= 41; ++n) {
    now = n === 1 ? 1 : 1000 + n;  // the first was the quickest
    live.takeTrace({seq: n, skipped: 0, events: [row(n * 1000)]}, n === 1);
  }
  assert.equal(live.toTrace(1041), 41_000);
});

test('a trace that begins anew has a clock of its own', () => {
  let now = 0;
  const live = new Live(null, () => {}, () => now);
  live.takeTrace({seq: 1, skipped: 0, events: [row(5_000_000)]}, true);
  now = 100;
  live.takeTrace({seq: 2, skipped: 0, events: [row(20)]}, false);
  assert.equal(live.toTrace(100), 20);
});

test('pings of half a minute are kept', async () => {
  let now = 0;
  const pings = new Pings({call: async () => []}, () => now);
  for (const sent of [0, 29_000, 30_001]) {
    now = sent;
    await pings.send();
  }
  assert.deepEqual(pings.samples.map(({sent}) => sent), [29_000, 30_001]);
});

test('pings that were answered long ago have no share', async () => {
  let now = 0;
  const pings = new Pings({call: async () => { now += 5; }}, () => now);
  await pings.send();
  now = 9000;
  assert.deepEqual(pings.percentiles(5000, [0.5]), [null]);
  assert.deepEqual(pings.percentiles(8995, [0.5]), [5]);
});

test('the way is compared over 200 pings: a network changes', async () => {
  let now = 0, takes = 1;
  const pings = new Pings({call: async () => { now += takes; }}, () => now);
  await pings.send();
  takes = 40;
  for (let n = 0; n < 199; ++n) await pings.send();
  assert.equal(pings.onTheWay, 1);
  await pings.send();
  assert.equal(pings.onTheWay, 40);
});

test('what nobody waits for any more is no silence', async () => {
  let now = 0;
  const pings = new Pings({call: () => new Promise(() => {})}, () => now);
  pings.send();
  pings.stop();
  now = 500;
  await settle();
  assert.equal(pings.silence(), 0);
});

const idle = (lane, pid) => ({lane, pid, job: null, running_us: 0,
                              state: 'idle'});
const notesOf = (workers, status) =>
    workers.lanes(status, new Trace(), (ms) => ms).map(({notes}) => notes);

test('who was replaced is noted for twelve seconds', () => {
  const workers = new Workers();
  const of = (pid) => ({processes: {workers: [idle('process-1', pid)]}});
  workers.take(of(10), 0);
  workers.take(of(11), 50);
  workers.take(of(11), 12_050);
  assert.equal(notesOf(workers, of(11))[0].length, 1);
  workers.take(of(11), 12_051);
  assert.deepEqual(notesOf(workers, of(11)), [[]]);
});

test('of a process that is gone nobody is said to have come yet', () => {
  const workers = new Workers();
  const of = (pid) => ({processes: {workers: [idle('process-1', pid)]}});
  workers.take(of(10), 0);
  workers.take(of(0), 50);
  assert.deepEqual(notesOf(workers, of(0)),
                   [[{time: 50, words: ['✕ 10 gone']}]]);
});

test('another server\'s workers replaced nobody, and its notes are new', () => {
  const workers = new Workers();
  const of = (server, pid, ...threads) => ({
    server: {pid: server}, processes: {workers: [idle('process-1', pid)]},
    pool: {workers: threads}});
  const retired = {...idle('thread-1'), state: 'retired'};
  workers.take(of(1, 10, idle('thread-1')), 0);
  workers.take(of(1, 11, idle('thread-1')), 50);
  const other = of(2, 20, retired, idle('thread-2'));
  workers.take(other, 100);
  assert.deepEqual(notesOf(workers, other), [[], [], []]);
});

test('a worker is busy while it has a job', () => {
  const workers = new Workers();
  const status = {pool: {workers: [
    idle('thread-1'), {...idle('thread-2'), job: 'sleep', state: 'busy'}]}};
  workers.take(status, 0);
  const lanes = workers.lanes(status, new Trace(), (ms) => ms);
  assert.deepEqual(lanes.map(({busy}) => busy), [false, true]);
});
