// A window may hold a hundred thousand callbacks, and has some hundred pixels:
// what is to be drawn of the loop, summed up for each column of them, once.

import {work} from './trace.js';

export const kLong = 50_000;  // microseconds; no callback should take so long
const kWide = 3;              // columns from which on a callback has a shape
const kMostKnown = 20_000;    // columns

export class Columns {
  #trace = null; #events = 0; #width = 0; #known = new Map();

  /// The callbacks and ticks of (from, to], with columns of `width`
  /// microseconds: {marks: [{time, length}], the longest of the short ones in
  /// each column; wide: [{call, tick}], by their begin; busiest: the tick that
  /// worked longest, of those that end in the same column}. It is quick where
  /// it was asked before, as long as the trace gains no event.
  between(from, to, {trace, width}) {
    this.#forget(trace, width);
    const marks = [], wide = new Map(), busiest = [];
    const last = Math.floor(to / width);
    for (let i = Math.floor(from / width); i <= last; ++i) {
      const column = this.#column(i);
      if (column.longest >= 0) {
        marks.push({time: i * width, length: column.longest});
      }
      for (const each of column.wide) {
        if (each.call.begin <= to) wide.set(each.call, each);
      }
      if (column.busiest) busiest.push(column.busiest);
    }
    return {marks, wide: byBegin([...wide.values()]), busiest};
  }

  #forget(trace, width) {
    if (trace === this.#trace && trace.events === this.#events &&
        width === this.#width && this.#known.size < kMostKnown) {
      return;
    }
    this.#trace = trace;
    this.#events = trace.events;
    this.#width = width;
    this.#known.clear();
  }

  #column(index) {
    const known = this.#known.get(index);
    if (known) return known;
    const made = this.#sumUp(index * this.#width, (index + 1) * this.#width);
    this.#known.set(index, made);
    return made;
  }

  #sumUp(from, to) {
    const column = {longest: -1, wide: [], busiest: null}, trace = this.#trace;
    for (let i = trace.tickAt(to); i >= 0; --i) {
      const tick = trace.ticks[i];
      if (tick.end < from) break;
      for (const call of tick.calls) this.#add(column, call, {tick, from, to});
      const {busiest} = column;
      if (tick.end < to && (!busiest || work(tick) > work(busiest))) {
        column.busiest = tick;
      }
    }
    return column;
  }

  #add(column, call, {tick, from, to}) {
    const {begin, end, within} = call, length = end - begin;
    if (within || begin >= to || end < from) return;
    if (length > Math.min(kLong, kWide * this.#width)) {
      column.wide.push({call, tick});
    } else if (begin >= from) {
      column.longest = Math.max(column.longest, length);
    }
  }
}

function byBegin(calls) {
  return calls.sort((a, b) => a.call.begin - b.call.begin);
}
