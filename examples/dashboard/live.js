// What the running server does: asks for its status and for the newest events,
// again when it has the answers. So a slow page is served seldom, and told how
// many events it has missed; nothing is ever kept for it.

import {fromRow, Trace} from './trace.js';

const kPause = 150;        // milliseconds between an answer and a question
const kKept = 15e6;        // microseconds of trace
const kOffsets = 40;       // answers that the clocks are compared over
const kBackwards = 1e6;    // microseconds: the trace has begun anew
const kNames = 100;        // slow calls whose names are remembered

/// The names of slow calls: in a trace each is only a "call". The server tells
/// the last one of each name, so the ones before are remembered here.
export class Names {
  #known = [];

  /// Takes the server's list, the newest first.
  learn(slow) {
    for (const {id, name, length_us: length} of [...slow].reverse()) {
      const same = (one) => one.id === id && one.name === name &&
          one.length === length;
      if (name && !this.#known.some(same)) {
        this.#known.unshift({id, name, length});
      }
    }
    this.#known.splice(kNames);
  }

  /// Each connection numbers its own calls: only with its length is the number
  /// one call's.
  of({what, id, begin, end}) {
    if (what !== 'call') return what;
    const same = (one) => one.id === id &&
        Math.abs(one.length - (end - begin)) < 0.02 * one.length;
    return this.#known.find(same)?.name ?? what;
  }
}

export class Live {
  trace = new Trace();
  names = new Names();
  status = null;
  waiting = [];            // {time: ms, threads, processes}: the queues' past
  #server; #after = 0; #offsets = []; #running = 0; #onStatus; #clock;

  constructor(server, onStatus, clock = () => performance.now()) {
    this.#server = server;
    this.#onStatus = onStatus;
    this.#clock = clock;
  }

  /// Asks until stop(), or until the connection is lost.
  async start() {
    const mine = ++this.#running;
    this.#forget();
    let first = true;
    while (mine === this.#running) {
      try {
        const news = await this.#server.call('rpc.trace', {after: this.#after});
        if (mine !== this.#running) return;
        this.takeTrace(news, first);
        this.takeStatus(await this.#server.call('rpc.status'));
      } catch (error) {
        if (!this.#server.isOpen) return;
        console.warn('status:', error.message);
      }
      first = false;
      await new Promise((wake) => setTimeout(wake, kPause));
    }
  }

  stop() {
    ++this.#running;
  }

  #forget() {
    this.trace = new Trace();
    this.#after = 0;
    this.#offsets = [];
    this.names = new Names();
    this.status = null;
  }

  /// What was lost before the first question is nobody's loss.
  takeTrace({seq, skipped, skipped_jobs: jobs, events}, first) {
    const fresh = events.map(fromRow);
    this.#after = seq;
    const end = fresh.at(-1)?.time ?? this.trace.end;
    if (end < this.trace.end - kBackwards) {
      this.trace = new Trace();
      this.#offsets = [];
    }
    if (!first) this.trace.skip(skipped, jobs);
    for (const event of fresh) this.trace.add(event);
    if (fresh.length > 0) this.#compareClocks();
    this.trace.forget(this.trace.end - kKept);
  }

  takeStatus(status) {
    const now = this.#clock();
    this.status = status;
    this.names.learn(status.loop?.slow ?? []);
    this.waiting.push({time: now, threads: status.pool?.waiting ?? 0,
                       processes: status.processes?.waiting ?? 0});
    if (this.waiting.length > 200) this.waiting.shift();
    this.#onStatus(status, now);
  }

  // The newest event has just happened. The answer that came quickest tells
  // best how the server's clock and this one differ.
  #compareClocks() {
    this.#offsets.push(this.#clock() * 1000 - this.trace.end);
    if (this.#offsets.length > kOffsets) this.#offsets.shift();
  }

  /// The time of the trace at a moment of this page.
  toTrace(ms) {
    if (this.#offsets.length === 0) return ms * 1000;
    return ms * 1000 - Math.min(...this.#offsets);
  }
}
