// The page's view of a trace, without a page.
import assert from 'node:assert/strict';
import test from 'node:test';

import {Film} from '../../examples/dashboard/replay.js';
import {rowsOf} from '../../examples/dashboard/tick_table.js';
import {busy, parseFile, parseLine, Trace, work}
    from '../../examples/dashboard/trace.js';

// Two ticks of a loop and a job, as the server writes them.
const kFile = `10 1 stop? loop check 0 0
11 1 timers loop begin 0 0
12 1 timers loop timer 7 5
20 1 stop? loop check 0 0
21 1 handles loop begin 0 0
22 1 handles loop wait 2 100
130 1 handles loop read 17 30
160 1 handles loop write 17 10
180 1 stop? loop check 0 0
181 1 dead loop begin 0 0
182 1 dead loop closed 17 4
200 2 stop? loop check 0 0
201 2 timers loop begin 0 0
210 2 stop? loop check 0 0
211 2 handles loop begin 0 0
212 2 handles loop wait 1 300
150 2 job thread-1 primes 3 250
`;
const traced = () => parseFile(kFile).trace;

test('a line is an event', () => {
  assert.deepEqual(parseLine('1204 3 handles loop read 17 35'), {
    time: 1204, tick: 3, phase: 'handles', lane: 'loop', what: 'read', id: 17,
    length: 35});
});

test('what is no event is refused', () => {
  for (const line of ['', 'note 1 sets a timer', '1 2 timers loop timer 3',
                      '1 2 timers loop timer 3 4 5', '-1 2 a b c 3 4',
                      '1 2.5 a b c 3 4', '1 x a b c 3 4']) {
    assert.equal(parseLine(line), null, line);
  }
});

test('a file that is cut anywhere is read as far as its lines go', () => {
  for (let end = 0; end <= kFile.length; ++end) {
    const {trace, bad} = parseFile(kFile.slice(0, end));
    assert.ok(bad <= 1);
    assert.ok(trace.ticks.length <= 2);
  }
});

test('lines that are no events are counted', () => {
  const {trace, bad} = parseFile('hello\n# a comment\n' + kFile);
  assert.equal(bad, 1);
  assert.equal(trace.ticks.length, 2);
});

test('events that were lost leave a gap where they are missing', () => {
  const {trace} = parseFile('10 1 stop? loop check 0 5\n# skipped 12\n');
  assert.deepEqual(trace.gaps, [{time: 15, until: null, count: 12}]);
  trace.add(parseLine('900 3 stop? loop check 0 0'));
  assert.equal(trace.gaps[0].until, 900);
});

test('a tick has the times of its stages', () => {
  const [tick] = traced().ticks;
  assert.deepEqual(tick.length, {timers: 9, wait: 100, serve: 58, dead: 19});
  assert.equal(tick.ready, 2);
  assert.equal(tick.end, 200);
});

test('where the loop was at a time', () => {
  const trace = traced();
  const stageAt = (time) => trace.whereAt(time)?.stage;
  assert.equal(trace.whereAt(9), null);
  assert.deepEqual([10, 11, 20, 22, 121, 122, 180, 181, 199, 200].map(stageAt),
      ['stop1', 'timers', 'stop2', 'wait', 'wait', 'serve', 'stop3', 'dead',
       'dead', 'stop1']);
  assert.equal(trace.whereAt(72).share, 0.5);
  assert.equal(trace.whereAt(10_000), null);
});

test('ticks and calls are counted where the tick ended', () => {
  const sums = traced().sums(0, 250);
  assert.equal(sums.ticks, 1);
  assert.deepEqual(sums.calls, {timers: 1, serve: 2, dead: 1});
  assert.equal(traced().sums(199, 250).ticks, 1);
  assert.equal(traced().sums(200, 250).ticks, 0);
});

test('of a tick that reaches beyond, only what lies within is summed', () => {
  const trace = traced();
  assert.deepEqual(trace.sums(0, 250).length,
                   {timers: 9 + 9, wait: 100 + 38, serve: 58, dead: 19});
  assert.deepEqual(trace.sums(15, 150).length,
                   {timers: 5, wait: 100, serve: 28, dead: 0});
  assert.deepEqual(trace.sums(60, 70).length,
                   {timers: 0, wait: 10, serve: 0, dead: 0});
});

test('no window holds more than its own time', () => {
  const trace = traced();
  for (let from = 0; from < 600; from += 7) {
    const sums = trace.sums(from, from + 50);
    assert.ok(work(sums) + sums.length.wait <= 50, `${from}`);
  }
  assert.equal(busy(trace.sums(130, 180)), 1);
});

test('what is old is forgotten, jobs too', () => {
  const trace = traced();
  trace.forget(300);
  assert.deepEqual(trace.ticks.map(({number}) => number), [2]);
  assert.equal(trace.jobs.get('thread-1').length, 1);
  trace.forget(600);
  assert.equal(trace.jobs.get('thread-1').length, 0);
});

test('a missing tick does not lengthen the one before', () => {
  const trace = new Trace();
  trace.add(parseLine('10 1 stop? loop check 0 0'));
  trace.add(parseLine('900000 40 stop? loop check 0 0'));
  assert.equal(trace.ticks[0].end, 10);
});

test('a film stops at its end and begins anew', () => {
  const film = new Film(traced());
  film.toggle();
  film.advance(0.1);
  assert.equal(film.position, 110);
  film.advance(1000);
  assert.equal(film.position, film.end);
  assert.equal(film.playing, false);
  film.toggle();
  assert.equal(film.position, film.begin);
});

test('a film goes at its speed', () => {
  const film = new Film(traced());
  film.speed = 0.001;
  film.toggle();
  film.advance(20);
  assert.equal(film.position, 30);
});

test('steps go to the end of a tick and stay within the film', () => {
  const film = new Film(traced());
  const shown = [1, 1, 1, -1, -1, -1].map((ticks) => {
    film.step(ticks);
    return film.tick.number;
  });
  assert.deepEqual(shown, [1, 2, 2, 1, 1, 1]);
});

test('a tick is told event by event', () => {
  assert.deepEqual(rowsOf(traced().ticks[0]), [
    ['stop?', 'no', ''], ['timers', 'timer 7', '5 µs'], ['stop?', 'no', ''],
    ['wait', '2 ready', '100 µs'], ['serve', 'read 17', '30 µs'],
    ['serve', 'write 17', '10 µs'], ['stop?', 'no', ''],
    ['dead', 'closed 17', '4 µs']]);
});

test('who was called is told below who called it, and counted once', () => {
  const {trace} = parseFile(`1 1 handles loop wait 1 4
7 1 handles loop call 2 100
6 1 handles loop read 4294967311 105
120 1 handles loop phase-end 0 9
`);
  const texts = rowsOf(trace.ticks[0]).map(([, what]) => what);
  assert.deepEqual(texts, ['1 ready', 'read 15.1', '↳ call 2', 'phase-end']);
  trace.add(parseLine('200 2 stop? loop check 0 0'));
  assert.equal(trace.sums(0, 1000).calls.serve, 1);
});

test('the question that ended the loop is told apart', () => {
  const {trace} = parseFile(kFile + '600 2 stop? loop check 0 0\n');
  const asked = rowsOf(trace.ticks[1]).filter(([stage]) => stage === 'stop?');
  assert.deepEqual(asked.map(([, answer]) => answer),
                   ['no', 'no', 'yes, or the trace ends']);
});

test('what run() does before and after its ticks is told, too', () => {
  const {trace} = parseFile('0 0 - loop block 0 16\n' +
      '20 1 stop? loop check 0 0\n30 1 - loop shutdown-hook 0 2\n');
  assert.deepEqual(rowsOf(trace.ticks[0]), [['-', 'block', '16 µs']]);
  assert.deepEqual(rowsOf(trace.ticks[1]),
                   [['stop?', 'yes, or the trace ends', ''],
                    ['-', 'shutdown-hook', '2 µs']]);
});
