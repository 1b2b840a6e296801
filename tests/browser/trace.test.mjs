// The page's view of a trace, without a page.
import assert from 'node:assert/strict';
import test from 'node:test';

import {Columns} from '../../examples/dashboard/columns.js';
import {Film, readTrace} from '../../examples/dashboard/replay.js';
import {rowsOf} from '../../examples/dashboard/tick_table.js';
import {busy, parseLine, Trace, TraceReader, work}
    from '../../examples/dashboard/trace.js';
import {workersOf} from '../../examples/dashboard/workers.js';

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

function parseFile(text) {
  const reader = new TraceReader();
  reader.take(text);
  return reader.end();
}

test('a line is an event', () => {
  assert.deepEqual(parseLine('1204 3 handles loop read 17 35'), {
    time: 1204, tick: 3, phase: 'handles', lane: 'loop', what: 'read', id: 17,
    length: 35});
});

test('what is no event is refused', () => {
  for (const line of ['', 'note 1 sets a timer', '1 2 timers loop timer 3',
                      '1 2 timers loop timer 3 4 5', '-1 2 a b c 3 4',
                      '1 2.5 a b c 3 4', '1 x a b c 3 4', '1 2 a  b c 3 4',
                      '1000000000000000 2 a b c 3 4']) {
    assert.equal(parseLine(line), null, line);
  }
});

test('a file that is cut anywhere is read as far as its lines go', () => {
  for (let end = 0; end <= kFile.length; ++end) {
    const {trace, bad, cut} = parseFile(kFile.slice(0, end));
    assert.equal(bad, 0);
    assert.ok(!cut || kFile[end - 1] !== '\n', `${end}`);
    assert.ok(trace.ticks.length <= 2);
  }
});

test('a last line that is no event is cut, and not misunderstood', () => {
  const {trace, bad, cut} = parseFile('none\n5 1 timers loop timer 7 9\n9 1 ti');
  assert.deepEqual([trace.events, bad, cut], [1, 1, true]);
});

test('a file is the same however it is cut into pieces', () => {
  const whole = traced();
  for (let at = 0; at <= kFile.length; ++at) {
    const reader = new TraceReader();
    reader.take(kFile.slice(0, at));
    reader.take(kFile.slice(at));
    assert.deepEqual(reader.end().trace, whole, `${at}`);
  }
});

test('of a file that is too large the first whole lines are read', async () => {
  const heard = [], tell = (share) => heard.push(share);
  const first = kFile.indexOf('20 1 stop?');
  const read = await readTrace(new Blob([kFile]), tell, first + 5);
  assert.equal(read.trace.events, 3);
  assert.equal(read.bad, 0);
  assert.equal(read.left, kFile.length);
  assert.deepEqual(heard, [0]);
  const all = await readTrace(new Blob([kFile]), tell, kFile.length);
  assert.equal(all.left, 0);
  assert.equal(all.trace.events, 17);
});

test('lines that are no events are counted', () => {
  const {trace, bad} = parseFile('hello\n# a comment\n' + kFile);
  assert.equal(bad, 1);
  assert.equal(trace.ticks.length, 2);
});

test('events that were lost leave a gap where they are missing', () => {
  const {trace} = parseFile('10 1 stop? loop check 0 5\n# skipped 12\n');
  assert.deepEqual(trace.gaps,
                   [{time: 15, until: null, count: 12, jobs: true}]);
  trace.add(parseLine('20 1 job thread-1 primes 3 250'));
  assert.equal(trace.gaps[0].until, null, 'of the loop nothing is known');
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

test('what is lost while something is lost makes one gap larger', () => {
  const trace = new Trace();
  trace.add(parseLine('10 1 stop? loop check 0 0'));
  trace.skip(3, false);
  trace.add(parseLine('20 1 job thread-1 primes 3 250'));
  trace.skip(4, true);
  assert.deepEqual(trace.gaps, [{time: 10, until: null, count: 7, jobs: true}]);
});

test('of the callbacks in one column the longest is drawn', () => {
  const {marks, wide} = new Columns().between(0, 1000, {
    trace: traced(), width: 100});
  assert.deepEqual(marks, [{time: 0, length: 5}, {time: 100, length: 30}]);
  assert.deepEqual(wide, []);
});

test('what is wider than three columns is drawn as it is', () => {
  const columns = new Columns(), trace = traced();
  const {wide} = columns.between(140, 150, {trace, width: 9});
  assert.deepEqual(wide.map(({call}) => call.begin), [130]);
  const before = columns.between(0, 129, {trace, width: 9});
  assert.deepEqual(before.wide, [], 'it has not begun');
});

test('of the ticks that end in one column the busiest is drawn', () => {
  const trace = new Trace();
  for (const [time, length] of [[10, 5], [20, 9], [30, 7]]) {
    trace.add(parseLine(`${time} ${time} handles loop wait 1 0`));
    trace.add(parseLine(`${time} ${time} handles loop read 1 ${length}`));
  }
  const seen = (width) => new Columns().between(0, 99, {trace, width})
      .busiest.map(work);
  assert.deepEqual(seen(100), [10], 'the next tick ends it');
  assert.deepEqual(seen(6), [10, 10, 7]);
});

test('columns are summed up anew when the trace has more', () => {
  const columns = new Columns(), trace = traced();
  const seen = () => columns.between(0, 1000, {trace, width: 100}).marks.length;
  assert.equal(seen(), 2);
  trace.add(parseLine('600 3 timers loop timer 7 5'));
  assert.equal(seen(), 3);
});

test('a worker of a film has the job of that moment', () => {
  const at = (time) => workersOf(traced(), time)[0].state;
  assert.deepEqual([149, 150, 399, 400].map(at),
                   ['idle', '0 µs primes', '249 µs primes', 'idle']);
});

test('a missing tick does not lengthen the one before', () => {
  const trace = new Trace();
  trace.add(parseLine('10 1 stop? loop check 0 0'));
  trace.add(parseLine('900000 40 stop? loop check 0 0'));
  assert.equal(trace.ticks[0].end, 10);
});

test('a film begins where the first wait is over', () => {
  const waits = '0 1 stop? loop check 0 0\n5 1 handles loop wait 1 900\n';
  const read = '910 1 handles loop read 17 30\n';
  const job = '500 1 job thread-1 primes 3 600\n';
  for (const [text, start] of [[waits, 0], [waits + read, 910], [job, 500],
                               [waits + read + job, 500]]) {
    assert.equal(new Film(parseFile(text).trace).position, start);
  }
});

test('a film stops at its end and begins anew', () => {
  const film = new Film(traced());
  film.toggle();
  film.advance(0.1);
  assert.equal(film.position, 112);
  film.advance(1000);
  assert.equal(film.position, film.end);
  assert.equal(film.playing, false);
  film.toggle();
  assert.equal(film.position, film.start);
});

test('a film goes at its speed', () => {
  const film = new Film(traced());
  film.speed = 0.001;
  film.toggle();
  film.advance(20);
  assert.equal(film.position, 32);
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

test('a slow call has the name that the file tells', () => {
  const {trace, bad} = parseFile(`1 9 handles loop wait 1 4
7 9 handles loop call 2 100000
# call 2 of tick 9 is sleep_on_loop
6 9 handles loop read 17 100005
# call 5 of tick 9 is nothing
# call 2 of tick 8 is past
`);
  assert.equal(bad, 0);
  assert.deepEqual(rowsOf(trace.ticks[0]).map(([, what]) => what),
                   ['1 ready', 'read 17', '↳ call 2 sleep_on_loop']);
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
