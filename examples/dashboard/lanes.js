// The last seconds of everybody, one under the other: what pings waited, what
// the loop did, how long the queue was, and the job of each worker. Things
// below each other happened at the same time.

import {count, counted, duration, element, setText} from './text.js';
import {Painter, roundUp} from './paint.js';
import {work} from './trace.js';

const kLong = 50_000;      // microseconds; no callback should take so long
const kBadEnds = new Set(['failed', 'expired', 'killed', 'crashed', 'retired']);
const kLeastScale = 60;    // milliseconds at the top of the latency line
const kTops = [1, 1.5, 2, 3, 4, 6, 8];

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

  /// `view`: {trace, now, window, workers: [{name, kind, state, busy, running,
  /// notes}], pings, waiting, silence, nameOf}. Times are the trace's.
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
    const least = pings ? kLeastScale * 1000 : 10;
    const top = roundUp(Math.max(least, worst), kTops);
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
    const calls = callsOf(trace, now, window);
    drawShort(painter, calls, now, window);
    const long = longOf(calls, now);
    long.forEach((call, i) => drawLong(painter, call, {
      now, until: long[i + 1]?.begin ?? now - silence,
      name: nameOf(blamed(call, calls))}));
    drawGaps(painter, trace.gaps, now, window);
    if (silence > 0) {
      painter.block(now - silence, now, {name: 'alert', hatch: 'both',
                                         open: true, labels: ['no answer']});
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

  #drawWorker(worker, view) {
    const lane = this.#laneOf(worker), {painter} = lane, {now, window} = view;
    const jobs = view.trace.jobs.get(worker.name) ?? [];
    const {running, notes = [], kind} = worker;
    const hatch = kind === 'process' ? 'forward' : 'none';
    painter.begin(now, window);
    drawJobs(painter, jobs, {worker, hatch, now, window});
    if (running) {
      painter.block(running.begin, now, {name: kind, hatch, open: true,
                                         labels: [running.what]});
    }
    for (const note of notes) {
      painter.note(note.words.map((words) => '✕ ' + words), note.time,
                   nextAfter(note.time, jobs, worker, now));
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

// Most callbacks are over in less than a pixel: of those that fall on the same
// one, the longest is drawn.
function drawShort(painter, calls, now, window) {
  const pixel = window / painter.width, marks = new Map();
  for (const {begin, end, what, within} of calls) {
    const length = end - begin;
    if (begin > now || length > kLong || within) continue;
    if (length > 3 * pixel) {
      painter.block(begin, Math.min(end, now), {name: 'loop', labels: [what]});
    } else {
      const column = Math.round(begin / pixel);
      marks.set(column, Math.max(length, marks.get(column) ?? 0));
    }
  }
  for (const [column, length] of marks) {
    painter.mark(column * pixel, heightOf(length), 'loop');
  }
}

function longOf(calls, now) {
  return calls.filter(({begin, end, within}) =>
      begin <= now && end - begin > kLong && !within)
      .sort((a, b) => a.begin - b.begin);
}

// Who kept the loop: the longest of those that it called, if there are any.
function blamed(call, calls) {
  const longest = (a, b) => b.end - b.begin > a.end - a.begin ? b : a;
  const called = calls.filter(({within}) => within === call);
  return called.length > 0 ? called.reduce(longest) : call;
}

// The long ones last, above the others; a label ends where the next begins.
function drawLong(painter, {begin, end}, {now, until, name}) {
  const took = duration(end - begin);
  painter.block(begin, Math.min(end, now), {
    name: 'alert', hatch: 'both', until,
    labels: [`${name} ${took}`, name, took]});
}

/// 10 µs is a tenth of the lane, 100 ms all of it.
export function heightOf(length) {
  return Math.min(1, Math.max(0.1, 0.1 + 0.225 * Math.log10(length / 10)));
}

// Where many short jobs fall on one pixel, one is drawn.
function drawJobs(painter, jobs, {worker, hatch, now, window}) {
  let drawn = -Infinity;
  for (const job of jobs) {
    const {begin} = job, end = Math.min(job.end, now);
    if (begin > now || end < now - window) continue;
    if (painter.x(end) < drawn + 1) continue;
    drawn = painter.x(end);
    const short = painter.x(end) - painter.x(begin) < 5;
    painter.block(begin, end, {
      name: worker.kind, hatch, labels: short ? [] : labelsOf(job, now),
      until: short ? end : nextAfter(begin, jobs, worker, now)});
  }
}

// When the next job begins in that lane, or the next note stands there.
function nextAfter(time, jobs, {running, notes = []}, now) {
  const job = jobs.find(({begin}) => begin > time);
  const note = notes.find((each) => each.time > time);
  return Math.min(now, job?.begin ?? now, note?.time ?? now,
                  running?.begin ?? now);
}

function labelsOf({what, how, begin, end}, now) {
  if (end > now) return [what];
  const took = `${what} ${duration(end - begin)}`;
  if (!kBadEnds.has(how)) return [took, what];
  return [`${took} ✕ ${how}`, `✕ ${what}`];
}

// Where events were lost nothing is known.
function drawGaps(painter, gaps, now, window) {
  const seen = gaps.filter(({time, until}) =>
      time <= now && (until ?? now) > now - window);
  for (const {time, until} of seen) {
    painter.block(time, Math.min(until ?? now, now),
                  {name: 'wait', hatch: 'forward'});
  }
  if (seen.length === 0) return;
  const lost = seen.reduce((sum, {count}) => sum + count, 0);
  painter.note([`${counted(lost, 'event')} skipped`],
               Math.max(seen[0].time, now - window), now);
}

function callsOf(trace, now, window) {
  const calls = [];
  for (let i = trace.tickAt(now); i >= 0; --i) {
    if (trace.ticks[i].end < now - window) break;
    calls.push(...trace.ticks[i].calls);
  }
  return calls;
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
