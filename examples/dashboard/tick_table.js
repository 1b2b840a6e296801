// One tick, event by event: for a trace that stands still.

import {count, duration, element} from './text.js';

const kMostCalls = 200;

/// [stage, what happened, how long], in the order of the tick.
export function rowsOf(tick) {
  const {from, length} = tick, rows = [];
  const calls = (stage) => {
    const all = inOrder(tick.calls.filter((call) => call.stage === stage));
    for (const call of all.slice(0, kMostCalls)) {
      rows.push([stage, wordsOf(call), duration(call.end - call.begin)]);
    }
    const more = all.length - kMostCalls;
    if (more > 0) rows.push([stage, `and ${count(more)} more`, '']);
    if (all.length === 0) rows.push([stage, 'nothing to do', '']);
  };
  if (from.stop1 !== undefined) rows.push(['stop?', 'no', '']);
  if (from.timers !== undefined) calls('timers');
  if (from.stop2 !== undefined) rows.push(['stop?', 'no', '']);
  if (from.wait !== undefined) {
    rows.push(['wait', `${count(tick.ready)} ready`, duration(length.wait)]);
    calls('serve');
  }
  if (from.stop3 !== undefined) rows.push(['stop?', 'no', '']);
  if (from.dead !== undefined) calls('dead');
  return endedWhere(tick, rows);
}

// By their begin; who calls stands before those whom it called.
function inOrder(calls) {
  return calls.map((call, i) => [call, i]).sort(([a, i], [b, j]) =>
      a.begin - b.begin || b.end - a.end ||
      (a.within === b ? 1 : b.within === a ? -1 : i - j))
      .map(([call]) => call);
}

function wordsOf({what, id, within}) {
  return (within ? '↳ ' : '') + (id ? `${what} ${idOf(id)}` : what);
}

/// A handle is a slot of a table and a generation, in one number: "15.1".
export function idOf(id) {
  const slots = 2 ** 32, generation = Math.floor(id / slots);
  return generation === 0 ? String(id) : `${id % slots}.${generation}`;
}

// The last question of a tick that went no further was answered with yes.
function endedWhere({from}, rows) {
  if (from.dead === undefined && rows.at(-1)?.[0] === 'stop?') {
    rows.at(-1)[1] = 'yes';
  }
  return rows;
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
