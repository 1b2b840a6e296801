// The last seconds of everybody, one under the other: what pings waited, what
// the loop did, how long the queue was, and the job of each worker. Things
// below each other happened at the same time.

import {Columns, kLong} from './columns.js';
import {count, counted, duration, element, setText, ticksOf} from './text.js';
import {Painter, roundUp} from './paint.js';
import {firstWhere, work} from './trace.js';

const kBadEnds = new Set(['failed', 'expired', 'killed', 'crashed', 'retired']);
const kLeastScale = 60;    // milliseconds at the top of the latency line
const kTops = [1, 1.5, 2, 3, 4, 6, 8];
const kMostWorkers = 100;  // lanes; of more it is said that they are there

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

  say(words, {busy = false, stalled = false, title = ''} = {}) {
    setText(this.state, words);
    if (this.root.title !== title) this.root.title = title;
    this.root.classList.toggle('busy', busy);
    this.root.classList.toggle('stalled', stalled);
  }
}

export class Lanes {
  #place; #line; #loop; #queue; #axis; #workers = new Map();
  #columns = new Columns();

  constructor(place) {
    this.#place = place;
    this.#line = new Lane(place, 'line', 'latency');
    this.#loop = new Lane(place, 'loop', 'loop');
    this.#queue = new Lane(place, 'queue', 'queue');
    this.#axis = new Lane(place, 'axis', '');
  }

  /// `view`: {trace, now, window, workers: [{name, kind, state, title, busy,
  /// running, notes}], pings, waiting, silence, last, nameOf}; `last` is what
  /// the ring is told, too. Times are the trace's.
  draw(view) {
    const {now, window} = view;
    const workers = view.workers.slice(0, kMostWorkers);
    this.#drawLine(view);
    this.#drawLoop(view);
    this.#drawQueue(view);
    this.#meet(workers);
    for (const worker of workers) this.#drawWorker(worker, view);
    this.#axis.painter.begin(now, window);
    this.#axis.painter.axis(duration);
    const more = view.workers.length - workers.length;
    this.#axis.say(more > 0 ? `and ${counted(more, 'more lane')}` : '');
  }

  #drawLine({pings, trace, now, window}) {
    const {painter, label} = this.#line;
    painter.begin(now, window);
    const points = pings ??
        awayFromWait(this.#seen(painter, {trace, now, window}));
    setText(label, pings ? 'latency' : 'work');
    const worst = most(points.filter(({time}) => time > now - window)
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

  #seen({width}, {trace, now, window}) {
    return this.#columns.between(now - window, now,
                                 {trace, width: window / Math.max(1, width)});
  }

  #drawLoop(view) {
    const {trace, now, window, silence, last} = view;
    const {painter} = this.#loop;
    painter.begin(now, window);
    const {marks, wide} = this.#seen(painter, view);
    for (const {time, length} of marks) {
      painter.mark(time, heightOf(length), 'loop');
    }
    drawWide(painter, wide, view);
    drawGaps(painter, trace.gaps, now, window);
    noteGaps(painter, trace.gaps, now, window);
    if (silence > 0) {
      painter.block(now - silence, now, {name: 'alert', hatch: 'both',
                                         open: true, labels: ['no answer']});
      return this.#loop.say(`silent for ${duration(silence)}`,
                            {busy: true, stalled: true});
    }
    this.#loop.say(`${ticksOf(last)} / ${duration(last.span)}`);
  }

  #drawQueue({waiting, now, window}) {
    this.#queue.root.hidden = !waiting;
    if (!waiting) return;
    const {painter} = this.#queue;
    painter.begin(now, window);
    const recent = waiting.filter(({time}) => time > now - window);
    const top = Math.max(4, most(recent.map(({jobs}) => jobs)));
    const steps = recent.flatMap(({time, jobs}, i) =>
        i === 0 ? [[time, jobs / top]] :
                  [[time, recent[i - 1].jobs / top], [time, jobs / top]]);
    painter.area(steps, 'wait');
    const jobs = recent.at(-1)?.jobs ?? 0;
    this.#queue.say(`${count(jobs)} waiting`, {busy: jobs > 0});
  }

  #drawWorker(worker, view) {
    const lane = this.#workers.get(worker.name), {painter} = lane;
    const {now, window, trace} = view;
    const jobs = trace.jobs.get(worker.name) ?? [];
    const {running, notes = [], kind} = worker;
    const hatch = kind === 'process' ? 'forward' : 'none';
    painter.begin(now, window);
    drawGaps(painter, trace.gaps.filter((gap) => gap.jobs), now, window);
    const drawn = drawJobs(painter, jobs, {worker, hatch, now, window});
    if (running) {
      painter.block(running.begin, now, {
        name: kind, hatch, open: true, labels: [running.what],
        room: [notes.length > 0 ? painter.width : drawn, 0]});
    }
    for (const note of notes) {
      painter.note(note.words, note.time,
                   nextAfter(note.time, jobs, worker, now));
    }
    lane.say(worker.state, worker);
  }

  // A lane for each of them and for nobody else.
  #meet(workers) {
    this.#forgetOthers(workers);
    const fresh = workers.filter(({name}) => !this.#workers.has(name));
    for (const {name, kind} of fresh) {
      this.#workers.set(name, new Lane(this.#place, kind, name));
    }
    if (fresh.length > 0) this.#sort();
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

// Not Math.max(...numbers): a film has more than a call takes arguments.
function most(numbers) {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}

// The long ones last, above the others. Their labels leave the marks of the
// ticks before and after them to be seen.
function drawWide(painter, wide, {now, silence, nameOf}) {
  const isLong = ({call}) => call.end - call.begin > kLong;
  for (const {call: {begin, end, what}} of wide.filter((one) => !isLong(one))) {
    painter.block(begin, Math.min(end, now), {name: 'loop', labels: [what]});
  }
  const long = wide.filter(isLong);
  let free = 0;
  long.forEach(({call, tick}, i) => {
    const took = duration(call.end - call.begin);
    const name = nameOf(blamed(call, tick.calls));
    const until = long[i + 1]?.call.begin ?? now - silence;
    free = painter.block(call.begin, Math.min(call.end, now), {
      name: 'alert', hatch: 'both', above: true,
      room: [free, painter.x(until)], labels: [`${name} ${took}`, name, took]});
  });
}

// Who kept the loop: the longest of those that it called, if there are any.
function blamed(call, calls) {
  const longest = (a, b) => b.end - b.begin > a.end - a.begin ? b : a;
  const called = calls.filter(({within}) => within === call);
  return called.length > 0 ? called.reduce(longest) : call;
}

/// 10 µs is a tenth of the lane, 100 ms all of it.
export function heightOf(length) {
  return Math.min(1, Math.max(0.1, 0.1 + 0.225 * Math.log10(length / 10)));
}

// Where many short jobs fall on one pixel, one is drawn. Returns the x where
// the last ends, with its label.
function drawJobs(painter, jobs, {worker, hatch, now, window}) {
  const pixel = window / Math.max(1, painter.width), {notes = []} = worker;
  let free = 0;
  for (let from = now - window; from <= now;) {
    const i = firstWhere(jobs, (job) => job.end >= from), job = jobs[i];
    if (!job || job.begin > now) break;
    const end = Math.min(job.end, now), before = jobs[i - 1]?.end ?? -Infinity;
    const short = end - job.begin < 5 * pixel;
    const noted = notes.some(({time}) => time > before && time <= job.begin);
    const until = nextAfter(job.begin, jobs, worker, now);
    free = painter.block(job.begin, end, {
      name: worker.kind, hatch, labels: short ? [] : labelsOf(job, now),
      room: [noted ? painter.width : free, painter.x(until)]});
    from = Math.max(end, from) + pixel;
  }
  return free;
}

// When the next job begins in that lane, or the next note stands there.
function nextAfter(time, jobs, {running, notes = []}, now) {
  const job = jobs[firstWhere(jobs, ({begin}) => begin > time)];
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

function gapsIn(gaps, now, window) {
  return gaps.filter(({time, until}) =>
      time <= now && (until ?? now) > now - window);
}

// Where events were lost nothing is known.
function drawGaps(painter, gaps, now, window) {
  for (const {time, until} of gapsIn(gaps, now, window)) {
    painter.block(time, Math.min(until ?? now, now),
                  {name: 'wait', hatch: 'forward'});
  }
}

function noteGaps(painter, gaps, now, window) {
  const seen = gapsIn(gaps, now, window);
  if (seen.length === 0) return;
  const lost = seen.reduce((sum, {count}) => sum + count, 0);
  painter.note([`${counted(lost, 'event')} skipped`],
               Math.max(seen[0].time, now - window), now);
}

// A trace holds no pings; what they would have waited is the work of a tick.
function awayFromWait({busiest}) {
  return busiest.flatMap((tick) => {
    const wait = work(tick), {end} = tick;
    return [{time: end - wait, wait: 0}, {time: end, wait},
            {time: end, wait: 0}];
  });
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
