// The workers as lanes: who they are and what they run just now. The jobs of
// the past stand in the trace.

import {duration} from './text.js';
import {firstWhere} from './trace.js';

const kNoteKept = 12_000;  // milliseconds

export class Workers {
  #server = 0; #seen = 0; #pids = new Map(); #notes = new Map();
  #threads = null;  // their states by lane, of the last status

  /// Remembers when the status came, and who was replaced since the last one.
  take(status, now) {
    this.#seen = now;
    this.#meet(status.server?.pid);
    this.#takeProcesses(status.processes?.workers ?? [], now);
    this.#takeThreads(status.pool?.workers ?? [], now);
    for (const notes of this.#notes.values()) {
      while (notes.length > 0 && notes[0].time < now - kNoteKept) notes.shift();
    }
  }

  #takeProcesses(workers, now) {
    for (const {lane, pid} of workers) {
      const before = this.#pids.get(lane);
      this.#pids.set(lane, pid);
      if (before && before !== pid) {
        const gone = `✕ ${before} gone`;
        this.#note(lane, now, pid ? [`${gone}, ${pid} came`, gone] : [gone]);
      }
    }
  }

  // A thread that is stuck is given up, and another comes in a lane of its own.
  #takeThreads(workers, now) {
    const before = this.#threads;
    this.#threads = new Map(workers.map(({lane, state}) => [lane, state]));
    if (!before) return;
    const gone = workers.filter(({lane, state}) =>
        state === 'retired' && before.get(lane) !== state);
    const came = workers.filter(({lane}) => !before.has(lane));
    came.slice(0, gone.length).forEach(({lane}, i) => this.#note(
        lane, now, [`+ in place of ${gone[i].lane}`, '+ came']));
  }

  // Another server has other workers: nobody was replaced.
  #meet(server) {
    if (server === this.#server) return;
    this.#server = server;
    this.#pids.clear();
    this.#notes.clear();
    this.#threads = null;
  }

  #note(lane, time, words) {
    if (!this.#notes.has(lane)) this.#notes.set(lane, []);
    this.#notes.get(lane).push({time, words});
  }

  /// For Lanes; `toTrace` turns a moment of the page into one of the trace.
  lanes(status, trace, toTrace) {
    const kinds = [['thread', status.pool], ['process', status.processes]];
    return kinds.flatMap(([kind, group]) => (group?.workers ?? []).map(
        (worker) => ({
          name: worker.lane, kind, busy: worker.job != null,
          state: stateOf(worker),
          title: worker.pid ? `pid ${worker.pid}` : '',
          running: this.#running(worker, trace, toTrace),
          notes: (this.#notes.get(worker.lane) ?? []).map(
              ({time, words}) => ({time: toTrace(time), words})),
        })));
  }

  // A job whose end is in the trace by now is not drawn twice. One that was
  // given up goes on: then that end was its deadline.
  #running({lane, job, running_us: length, state}, trace, toTrace) {
    if (job == null) return null;
    const begin = toTrace(this.#seen) - length;
    const last = trace.jobs.get(lane)?.at(-1);
    if (!last || last.end <= begin + 1000) return {what: job, begin};
    return state === 'retired' ? {what: job, begin: last.end} : null;
  }
}

// Of a narrow column the end is cut off: what changes stands first.
function stateOf({job, running_us: length, state, pid}) {
  if (job == null) return pid ? `${pid} ${state}` : state;
  const words = `${duration(length)} ${job}`;
  return state === 'retired' ? `retired, ${words}` : words;
}

/// The workers that a trace names, with what they did at `position`.
export function workersOf(trace, position) {
  return [...trace.jobs].map(([name, jobs]) => {
    const next = jobs[firstWhere(jobs, ({end}) => end > position)];
    const job = next && next.begin <= position ? next : null;
    const state = job ?
        `${duration(position - job.begin)} ${job.what}` : 'idle';
    const kind = name.startsWith('process') ? 'process' : 'thread';
    return {name, kind, state, busy: job !== null, running: null};
  });
}
