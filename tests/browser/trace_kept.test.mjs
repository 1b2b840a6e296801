// What is at the edges of a trace: gaps, ends, and what is drawn of many.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';

import {Columns} from '../../examples/dashboard/columns.js';
import {Film} from '../../examples/dashboard/replay.js';
import {turnOf} from '../../examples/dashboard/ring.js';
import {bytes, counted, duration, percent}
    from '../../examples/dashboard/text.js';
import {rowsOf} from '../../examples/dashboard/tick_table.js';
import {parseLine, Trace, TraceReader} from '../../examples/dashboard/trace.js';
import {workersOf} from '../../examples/dashboard/workers.js';

const traceOf = (...lines) => {
  const trace = new Trace();
  for (const line of lines) trace.add(parseLine(line));
  return trace;
};

test('which events were skipped is told with the gap', () => {
  const trace = traceOf('10 1 stop? loop check 0 0');
  trace.skip(3, true);
  trace.skip(4, false);
  assert.deepEqual(trace.gaps, [{time: 10, until: null, count: 7, jobs: true}]);
});

test('before the first event nothing is missing', () => {
  const trace = new Trace();
  trace.skip(3);
  assert.deepEqual(trace.gaps, []);
});

test('gaps are forgotten with the ticks around them', () => {
  const trace = traceOf('10 1 stop? loop check 0 0');
  trace.skip(3);
  trace.forget(11);
  assert.deepEqual(trace.gaps, []);
});

test('of two calls of one number the last is named', () => {
  const reader = new TraceReader();
  reader.take('1 1 handles loop call 2 5\n10 1 handles loop call 2 7\n' +
              '# call 2 of tick 1 is add\n');
  const [first, second] = reader.end().trace.ticks[0].calls;
  assert.deepEqual([first.name, second.name], [null, 'add']);
});

test('while the loop waits it is where it was', () => {
  const trace = traceOf(
      '0 1 stop? loop check 0 0', '1 1 handles loop wait 0 4',
      '5 1 handles loop read 7 1', '2 1 job thread-1 primes 3 500');
  assert.equal(trace.whereAt(400).stage, 'serve');
  assert.equal(trace.whereAt(400).share, 1);
  assert.equal(trace.whereAt(503), null);
});

test('numbers change their unit where they would be long', () => {
  assert.deepEqual([119e6, 120e6, 7199e6].map(duration),
                   ['119 s', '2 min', '120 min']);
  assert.equal(counted(0, 'job'), '0 jobs');
  assert.equal(bytes(5 * 1024 ** 4), '5120 GiB');
  assert.deepEqual([0.021, 0.0996, 0.1].map(percent),
                   ['2.1 %', '10.0 %', '10 %']);
});

test('no film shows what lies before its begin', () => {
  const film = new Film(traceOf('10 1 stop? loop check 0 0',
                                '500 2 stop? loop check 0 0'));
  film.seek(-7);
  assert.equal(film.position, 10);
});

test('a film that goes on does so from where it stood', () => {
  const film = new Film(traceOf('10 1 stop? loop check 0 0',
                                '500 2 stop? loop check 0 0'));
  film.seek(300);
  film.toggle();
  assert.deepEqual([film.playing, film.position], [true, 300]);
});

test('a step stops the film', () => {
  const film = new Film(traceOf('10 1 stop? loop check 0 0'));
  film.toggle();
  film.step(1);
  assert.equal(film.playing, false);
});

test('a film of jobs alone has no ticks to step through', () => {
  const film = new Film(traceOf('10 1 job thread-1 primes 3 250'));
  film.step(1);
  assert.equal(film.position, 10);
});

test('of a tick 200 calls are told, and how many more', () => {
  const callsOf = (many) => rowsOf(traceOf(
      '0 1 handles loop wait 1 0', ...Array.from({length: many},
          (_, i) => `${i + 1} 1 handles loop read 7 0`)).ticks[0]).slice(1);
  assert.equal(callsOf(200).length, 200);
  assert.equal(callsOf(201).length, 201);
  assert.equal(callsOf(201).at(-1)[1], 'and 1 more');
});

test('columns are made anew for another width and another trace', () => {
  const columns = new Columns();
  const first = traceOf('10 1 timers loop timer 7 5');
  const second = traceOf('10 1 timers loop timer 7 9');
  const seen = (trace, width) =>
      columns.between(0, 99, {trace, width}).marks;
  assert.deepEqual(seen(first, 50), [{time: 0, length: 5}]);
  assert.deepEqual(seen(second, 50), [{time: 0, length: 9}]);
  assert.deepEqual(seen(second, 10), [{time: 10, length: 9}]);
});

test('who was called by another is not drawn beside it', () => {
  const trace = traceOf('7 1 handles loop call 2 100',
                        '6 1 handles loop read 17 105');
  const {wide} = new Columns().between(0, 200, {trace, width: 10});
  assert.deepEqual(wide.map(({call}) => call.what), ['read']);
});

test('where the loop is stands between the ends of a stage', () => {
  const at = (share) => turnOf({tick: {number: 3}, stage: 'serve', share});
  assert.deepEqual([0, 1].map(at), [3 + 185 / 360, 3 + 240 / 360]);
  assert.ok(at(0) < at(0.5) && at(0.5) < at(1));
});

test('the workers of a film are of the kind that their names tell', () => {
  const trace = traceOf('10 1 job thread-1 primes 3 250',
                        '10 1 job process-1 spin 4 250');
  assert.deepEqual(workersOf(trace, 20).map(({kind, busy}) => [kind, busy]),
                   [['thread', true], ['process', true]]);
});

test('the example names the call that kept its loop', () => {
  const example = new URL('../../examples/dashboard/example.trace',
                          import.meta.url);
  const reader = new TraceReader();
  reader.take(readFileSync(example, 'utf8'));
  const {trace, bad} = reader.end();
  const long = trace.ticks.flatMap(({calls}) => calls)
      .filter(({what, begin, end}) => what === 'call' && end - begin > 50_000);
  assert.deepEqual(long.map(({name}) => name), ['sleep_on_loop']);
  assert.equal(bad, 0);
});
