// The workers as lanes: who they are and what they run just now. The jobs of
// the past stand in the trace.

import {duration} from './text.js';

const kNoteKept = 12_000;  // milliseconds

export class Workers {
  #server = 0; #seen = 0; #pids = new Map(); #notes = new Map();

  /// Remembers when the status came, and who was replaced since the last one.
  take(status, now) {
    this.#seen = now;
    this.#meet(status.server?.pid);
    for (const {lane, pid} of status.processes?.workers ?? []) {
      const before = this.#pids.get(lane);
      this.#pids.set(lane, pid);
      if (before && before !== pid) {
        const gone = `${before} gone`;
        const words = pid ? [`${gone}, ${pid} came`, gone] : [gone];
        this.#notesOf(lane).push({time: now, words});
      }
    }
    for (const notes of this.#notes.values()) {
      while (notes.length > 0 && notes[0].time < now - kNoteKept) notes.shift();
    }
  }

  // Another server has other workers: nobody was replaced.
  #meet(server) {
    if (server === this.#server) return;
    this.#server = server;
    this.#pids.clear();
    this.#notes.clear();
  }

  #notesOf(lane) {
    if (!this.#notes.has(lane)) this.#notes.set(lane, []);
    return this.#notes.get(lane);
  }

  /// The processes that live.
  pids(status) {
    return (status?.processes?.workers ?? []).map(({pid}) => pid)
        .filter((pid) => pid > 0);
  }

  /// For Lanes; `toTrace` turns a moment of the page into one of the trace.
  lanes(status, trace, toTrace) {
    const kinds = [['thread', status.pool], ['process', status.processes]];
    return kinds.flatMap(([kind, group]) => (group?.workers ?? []).map(
        (worker) => ({
          name: worker.lane, kind, busy: worker.job != null,
          state: stateOf(worker),
          running: this.#running(worker, trace, toTrace),
          notes: (this.#notes.get(worker.lane) ?? []).map(
              ({time, words}) => ({time: toTrace(time), words})),
        })));
  }

  // A job whose end is in the trace by now is not drawn twice.
  #running({lane, job, running_us: length}, trace, toTrace) {
    if (job == null) return null;
    const begin = toTrace(this.#seen) - length;
    const last = trace.jobs.get(lane)?.at(-1);
    if (last && last.end > begin + 1000) return null;
    return {what: job, begin};
  }
}

function stateOf({job, running_us: length, state, pid}) {
  const who = pid ? `${pid} ` : '';
  return job == null ? who + state : `${who}${job} ${duration(length)}`;
}

/// The workers that a trace names, with what they did at `position`.
export function workersOf(trace, position) {
  return [...trace.jobs].map(([name, jobs]) => {
    const job = jobs.find(({begin, end}) =>
        begin <= position && position < end);
    const state = job ?
        `${job.what} ${duration(position - job.begin)}` : 'idle';
    const kind = name.startsWith('process') ? 'process' : 'thread';
    return {name, kind, state, busy: job !== undefined, running: null};
  });
}
