// One tick, event by event: for a trace that stands still.

import {count, duration, element} from './text.js';

const kMostCalls = 200;
const kEnd = 'yes, or the trace ends';

/// [stage, what happened, how long], in the order of the tick. What run() does
/// before its first tick and after its last has no stage: "-".
export function rowsOf(tick) {
  const {from, length, calls} = tick, begin = from.stop1 ?? Infinity;
  const of = (stage) => rowsOfCalls(stage, calls.filter(
      (call) => call.stage === stage));
  const asked = (stop) => from[stop] === undefined ? [] :
      [['stop?', isLast(stop, from) ? kEnd : 'no', '']];
  const outside = calls.filter(({stage}) => stage === '-');
  const wait = ['wait', `${count(tick.ready)} ready`, duration(length.wait)];
  return [
    ...rowsOfCalls('-', outside.filter((call) => call.begin < begin), []),
    ...asked('stop1'), ...(from.timers === undefined ? [] : of('timers')),
    ...asked('stop2'), ...(from.wait === undefined ? [] : [wait]),
    ...(from.wait === undefined ? [] : of('serve')),
    ...asked('stop3'), ...(from.dead === undefined ? [] : of('dead')),
    ...rowsOfCalls('-', outside.filter((call) => call.begin >= begin), []),
  ];
}

function rowsOfCalls(stage, calls, ifNone = [[stage, 'nothing to do', '']]) {
  if (calls.length === 0) return ifNone;
  const rows = inOrder(calls).slice(0, kMostCalls).map((call) =>
      [stage, wordsOf(call), duration(call.end - call.begin)]);
  const more = calls.length - kMostCalls;
  if (more > 0) rows.push([stage, `and ${count(more)} more`, '']);
  return rows;
}

// Nothing follows a question that was answered with yes.
function isLast(stop, from) {
  const next = {stop1: 'timers', stop2: 'wait', stop3: 'dead'}[stop];
  return from[next] === undefined;
}

// By their begin; who calls stands before those whom it called.
function inOrder(calls) {
  return calls.map((call, i) => [call, i]).sort(([a, i], [b, j]) =>
      a.begin - b.begin || b.end - a.end ||
      (a.within === b ? 1 : b.within === a ? -1 : i - j))
      .map(([call]) => call);
}

function wordsOf({what, id, within, name}) {
  return (within ? '↳ ' : '') + (id ? `${what} ${idOf(id)}` : what) +
      (name ? ` ${name}` : '');
}

/// A handle is a slot of a table and a generation, in one number: "15.1".
export function idOf(id) {
  const slots = 2 ** 32, generation = Math.floor(id / slots);
  return generation === 0 ? String(id) : `${id % slots}.${generation}`;
}

export class TickTable {
  #place; #shown = null;

  constructor(place) {
    this.#place = place;
  }

  /// `tick` is null while the film runs.
  show(tick) {
    if (this.#shown === tick) return;
    this.#shown = tick;
    this.#place.replaceChildren(tick ? table(tick) : element('p', 'muted',
        'Pause, then step with ← and →, to read a tick event by event.'));
  }
}

function table(tick) {
  const rows = rowsOf(tick).map(([stage, what, took]) => element('tr', '',
      element('td', 'stage', stage), element('td', 'mono', what),
      element('td', 'right', took)));
  const title = element('caption', '', `Tick ${count(tick.number)}, event by ` +
                                       'event');
  return element('table', 'events', title, element('tbody', '', ...rows));
}
