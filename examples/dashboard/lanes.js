// The last seconds of everybody, one under the other: what pings waited, what
// the loop did, how long the queue was, and the job of each worker. Things
// below each other happened at the same time.

import {count, counted, duration, element, setText} from './text.js';
import {Painter, roundUp} from './paint.js';
import {work} from './trace.js';

const kLong = 50_000;      // microseconds; no callback should take so long
const kLeastScale = 50;    // milliseconds at the top of the latency line

/// A lane: its name, its state in words, and a canvas.
class Lane {
  constructor(place, kind, name) {
    this.state = element('span', 'state');
    this.label = element('span', 'name', name);
    const canvas = element('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    this.root = element('div', 'lane ' + kind, this.label, this.state, canvas);
    this.painter = new Painter(canvas);
    this.kind = kind;
    place.append(this.root);
  }

  say(words, busy = false, stalled = false) {
    setText(this.state, words);
    this.root.classList.toggle('busy', busy);
    this.root.classList.toggle('stalled', stalled);
  }
}

export class Lanes {
  #place; #line; #loop; #queue; #axis; #workers = new Map();

  constructor(place) {
    this.#place = place;
    this.#line = new Lane(place, 'line', 'latency');
    this.#loop = new Lane(place, 'loop', 'loop');
    this.#queue = new Lane(place, 'queue', 'queue');
    this.#axis = new Lane(place, 'axis', '');
  }

  /// `view`: {trace, now, window, workers: [{name, kind, state, busy, running}],
  /// pings, waiting, silence, nameOf}. Times are the trace's.
  draw(view) {
    const {now, window} = view;
    this.#drawLine(view);
    this.#drawLoop(view);
    this.#drawQueue(view);
    for (const worker of view.workers) this.#drawWorker(worker, view);
    this.#forgetOthers(view.workers);
    this.#axis.painter.begin(now, window);
    this.#axis.painter.axis(duration);
  }

  #drawLine({pings, trace, now, window}) {
    const {painter, label} = this.#line;
    painter.begin(now, window);
    const points = pings ?? awayFromWait(trace, now, window);
    setText(label, pings ? 'latency' : 'work');
    const worst = Math.max(0, ...points.filter(({time}) => time > now - window)
        .map(({wait}) => wait));
    const top = pings ? roundUp(Math.max(kLeastScale * 1000, worst)) :
        roundUp(Math.max(1, worst));
    painter.scale([[1, duration(top)], [0.5, duration(top / 2)]]);
    const drawn = ({time, wait}) => [time, wait / top];
    const answered = points.filter(({open}) => !open);
    for (const run of pings ? unbroken(answered, window) : [answered]) {
      painter.area(run.map(drawn), 'line');
    }
    painter.area(points.filter(({open}) => open).map(drawn), 'alert', [4, 3]);
    this.#line.say(pings ? `a ping every 50 ms; the worst waited ${
        duration(worst)}` : `of a tick; the longest ${duration(worst)}`);
  }

  #drawLoop({trace, now, window, silence, nameOf}) {
    const {painter} = this.#loop;
    painter.begin(now, window);
    for (let i = trace.tickAt(now); i >= 0; --i) {
      const tick = trace.ticks[i];
      if (tick.end < now - window) break;
      for (const call of tick.calls) drawCall(painter, call, now, nameOf);
    }
    for (const gap of trace.gaps) if (gap.time <= now) painter.gap(gap);
    if (silence > 0) {
      painter.block(now - silence, now, {name: 'alert', hatch: 'both',
                                         open: true, label: 'no answer'});
      return this.#loop.say(`silent for ${duration(silence)}`, true, true);
    }
    const sums = trace.sums(now - Math.min(window, 1e6), now);
    this.#loop.say(`${counted(sums.ticks, 'tick')} / ${
        duration(Math.min(window, 1e6))}`);
  }

  #drawQueue({waiting, now, window}) {
    this.#queue.root.hidden = !waiting;
    if (!waiting) return;
    const {painter} = this.#queue;
    painter.begin(now, window);
    const recent = waiting.filter(({time}) => time > now - window);
    const most = Math.max(4, ...recent.map(({jobs}) => jobs));
    const steps = recent.flatMap(({time, jobs}, i) =>
        i === 0 ? [[time, jobs / most]] :
                  [[time, recent[i - 1].jobs / most], [time, jobs / most]]);
    painter.area(steps, 'wait');
    const jobs = recent.at(-1)?.jobs ?? 0;
    this.#queue.say(`${count(jobs)} waiting`, jobs > 0);
  }

  #drawWorker(worker, {trace, now, window}) {
    const lane = this.#laneOf(worker);
    const {painter} = lane;
    const hatch = worker.kind === 'process' ? 'forward' : 'none';
    painter.begin(now, window);
    for (const job of trace.jobs.get(worker.name) ?? []) {
      if (job.begin > now || job.end < now - window) continue;
      painter.block(job.begin, Math.min(job.end, now),
                    {name: worker.kind, hatch, label: labelOf(job, now)});
    }
    const {running} = worker;
    if (running) {
      painter.block(running.begin, now, {name: worker.kind, hatch, open: true,
                                         label: running.what});
    }
    for (const {time, words} of worker.notes ?? []) {
      painter.text('✕ ' + words, painter.x(time) + 4, painter.height / 2,
                   'alert');
    }
    lane.say(worker.state, worker.busy);
  }

  #laneOf({name, kind}) {
    if (!this.#workers.has(name)) {
      this.#workers.set(name, new Lane(this.#place, kind, name));
      this.#sort();
    }
    return this.#workers.get(name);
  }

  // Threads, then processes, each by its number; the axis stays below them.
  #sort() {
    const order = [...this.#workers].sort(([a, x], [b, y]) =>
        y.kind.localeCompare(x.kind) ||
        a.localeCompare(b, 'en', {numeric: true}));
    this.#place.append(...order.map(([, lane]) => lane.root), this.#axis.root);
  }

  #forgetOthers(workers) {
    const names = new Set(workers.map(({name}) => name));
    for (const [name, lane] of this.#workers) {
      if (names.has(name)) continue;
      lane.root.remove();
      this.#workers.delete(name);
    }
  }
}

function drawCall(painter, call, now, nameOf) {
  if (call.begin > now) return;
  const end = Math.min(call.end, now), length = call.end - call.begin;
  const long = length > kLong;
  const label = long ? `${nameOf(call)} ${duration(length)}` : call.what;
  painter.block(call.begin, end, {name: long ? 'alert' : 'loop',
                                  hatch: long ? 'both' : 'none', label});
}

function labelOf({what, how, begin, end}, now) {
  if (end > now) return what;
  const good = how === 'finished' || how === 'job';
  return `${what} ${duration(end - begin)}${good ? '' : ' ✕ ' + how}`;
}

// A trace holds no pings; what they would have waited is the work of a tick.
function awayFromWait(trace, now, window) {
  const points = [];
  for (let i = trace.tickAt(now); i >= 0; --i) {
    const tick = trace.ticks[i];
    if (tick.end < now - window) break;
    const wait = work(tick);
    points.push({time: tick.end, wait: 0}, {time: tick.end, wait},
                {time: tick.end - wait, wait: 0});
  }
  return points.reverse();
}

/// Runs of points without a pause of more than a tenth of the window: there was
/// no connection then.
export function unbroken(points, window) {
  const runs = [];
  for (const point of points) {
    const last = runs.at(-1)?.at(-1);
    if (last && point.time - last.time < window / 10) runs.at(-1).push(point);
    else runs.push([point]);
  }
  return runs;
}
