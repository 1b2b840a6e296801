// What a loop did: events as the server records them, gathered into ticks and
// jobs. Pure: no clock, no page. Times are microseconds since the trace began.
//
// An event is {time, tick, phase, lane, what, id, length}; in a file it is one
// line with a space between: "1204 3 handles loop read 17 35".

export const kStages =
    ['stop1', 'timers', 'stop2', 'wait', 'serve', 'stop3', 'dead'];

const kCalled = new Set(['call', 'task']);  // by handlers, not by the loop

// Times stay exact as numbers: 15 digits of microseconds are 31 years.
const kLine =
    /^(\d{1,15}) (\d{1,20}) (\S+) (\S+) (\S+) (\d{1,20}) (\d{1,15})$/;

/// An event, or null for a line that is none.
export function parseLine(line) {
  const words = kLine.exec(line.trim());
  return words && fromRow(words.slice(1));
}

/// From [time, tick, phase, lane, what, id, length].
export function fromRow([time, tick, phase, lane, what, id, length]) {
  return {
    time: Number(time), tick: Number(tick), phase, lane, what,
    id: Number(id), length: Number(length),
  };
}

/// Reads a file in pieces, which end anywhere. "# skipped 12" tells that events
/// were lost there, "# call 2 of tick 3 is add" the name of a slow call; other
/// lines with # are comments.
export class TraceReader {
  trace = new Trace();
  bad = 0;  // how many lines were no events
  cut = false;  // it ends within a line: the disk was full, or it is not whole
  #rest = '';

  take(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) this.#takeLine(line);
  }

  /// What follows the last newline is a line if it can be one.
  end() {
    const bad = this.bad;
    this.take('\n');
    this.cut = this.bad > bad;
    this.bad = bad;
    return this;
  }

  #takeLine(line) {
    const event = parseLine(line);
    if (event) return this.trace.add(event);
    const skipped = /^# skipped (\d+)/.exec(line);
    const named = /^# call (\d+) of tick (\d+) is (\S+)/.exec(line);
    if (skipped) this.trace.skip(Number(skipped[1]));
    else if (named) this.trace.name(...named.slice(1));
    else if (line.trim() !== '' && !line.startsWith('#')) ++this.bad;
  }
}

/// The first index of `list` from which on the condition holds; it holds for
/// none before.
export function firstWhere(list, condition) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (condition(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

/// What happened, in the order of its end.
export class Trace {
  ticks = [];        // see newTick()
  jobs = new Map();  // lane -> [{begin, end, what, how, id}]
  gaps = [];         // {time, until, count, jobs}: events that were lost
  end = 0;           // the last moment that is known
  events = 0;        // how many there have been

  add(event) {
    ++this.events;
    this.end = Math.max(this.end, event.time + event.length);
    if (event.lane !== 'loop') return this.addJob(event);
    const gap = this.gaps.at(-1);
    if (gap && gap.until === null) gap.until = Math.max(gap.time, event.time);
    let tick = this.ticks.at(-1);
    if (!tick || tick.number !== event.tick) {
      if (tick) finish(tick, event.time);
      tick = newTick(event);
      this.ticks.push(tick);
    }
    addToTick(tick, event);
  }

  addJob({lane, time, length, what, phase, id}) {
    if (!this.jobs.has(lane)) this.jobs.set(lane, []);
    this.jobs.get(lane).push(
        {begin: time, end: time + length, what, how: phase, id});
  }

  /// Events are missing here, until the loop is heard of again; `jobs`: also
  /// such as tell of jobs.
  skip(count, jobs = true) {
    if (count === 0 || this.end === 0) return;
    const gap = this.gaps.at(-1);
    if (gap && gap.until === null) {
      gap.count += count;
      gap.jobs ||= jobs;
    } else {
      this.gaps.push({time: this.end, until: null, count, jobs});
    }
  }

  /// Says which method a call was; it is one of the last tick.
  name(id, tick, method) {
    const last = this.ticks.at(-1);
    const call = last?.calls.filter((one) =>
        one.what === 'call' && one.id === Number(id)).at(-1);
    if (call && last.number === Number(tick)) call.name = method;
  }

  /// Forgets what ended before `time`: a page that is watched for a day
  /// keeps some seconds.
  forget(time) {
    dropWhile(this.ticks, (tick) => tick.end < time);
    dropWhile(this.gaps, (gap) => gap.time < time);
    for (const jobs of this.jobs.values()) {
      dropWhile(jobs, (job) => job.end < time);
    }
  }

  get begin() {
    const firsts = [...this.jobs.values()].filter((jobs) => jobs.length > 0)
        .map((jobs) => jobs[0].begin);
    if (this.ticks.length > 0) firsts.push(this.ticks[0].begin);
    return firsts.length > 0 ? Math.min(...firsts) : 0;
  }

  /// The index of the last tick that had begun at `time`, -1 before the first.
  tickAt(time) {
    return firstWhere(this.ticks, ({begin}) => begin > time) - 1;
  }

  /// Where the loop was: {tick, stage, share}, share of the stage gone by; null
  /// where nothing is known.
  whereAt(time) {
    const tick = this.ticks[this.tickAt(time)];
    if (!tick || time > Math.max(tick.end, this.end)) return null;
    let stage = 'stop1';
    for (const name of kStages) {
      if (tick.from[name] <= time) stage = name;
    }
    const after = kStages.slice(kStages.indexOf(stage) + 1)
        .map((name) => tick.from[name]).find((from) => from !== undefined);
    const begin = tick.from[stage] ?? tick.begin;
    const length = (after ?? tick.end) - begin;
    const share = length > 0 ? Math.min(1, (time - begin) / length) : 0.5;
    return {tick, stage, share};
  }

  /// What the loop did in (from, to]. Of a tick that reaches beyond, only what
  /// lies within is time spent; it counts, with its calls, where it ended.
  sums(from, to) {
    const total = emptySums();
    for (let i = this.tickAt(to); i >= 0; --i) {
      const tick = this.ticks[i];
      if (tick.end <= from) break;
      addSums(total, tick, from, to);
    }
    return total;
  }
}

function dropWhile(list, condition) {
  let n = 0;
  while (n < list.length && condition(list[n])) ++n;
  if (n > 0) list.splice(0, n);
}

/// `from` says when each stage began; `calls` are the callbacks that ran, each
/// `within` the one that called it; `handled` how many of them the loop itself
/// called in each stage, once the tick is over; `length` how long each took.
function newTick(event) {
  return {
    number: event.tick, begin: event.time, end: event.time, checks: 0,
    ready: 0, calls: [], handled: null,
    from: {stop1: undefined, timers: undefined, stop2: undefined,
           wait: undefined, serve: undefined, stop3: undefined,
           dead: undefined},
    length: {timers: 0, wait: 0, serve: 0, dead: 0},
  };
}

function addToTick(tick, event) {
  const end = event.time + event.length;
  tick.end = Math.max(tick.end, end);
  if (event.what === 'check') {
    ++tick.checks;
    tick.from[`stop${Math.min(3, tick.checks)}`] = event.time;
  } else if (event.what === 'wait') {
    tick.ready = event.id;
    tick.from.wait = event.time;
    tick.from.serve = end;
  } else if (event.what === 'begin') {
    if (event.phase !== 'handles') tick.from[event.phase] = event.time;
  } else {
    const stage = event.phase === 'handles' ? 'serve' : event.phase;
    addCall(tick.calls, {begin: event.time, end, stage, what: event.what,
                         id: event.id, within: null, name: null});
  }
  measure(tick);
}

// What a handler has called is told before it: requests, tasks of a mailbox.
function addCall(calls, call) {
  const last = kCalled.has(call.what) ? 0 : calls.length;
  for (let i = last - 1; i >= 0; --i) {
    const {begin, what, within} = calls[i];
    if (begin < call.begin || within || !kCalled.has(what)) break;
    calls[i].within = call;
  }
  calls.push(call);
}

/// What the loop itself has called; tasks at the end of a phase are its own.
export function isHandler({within, what}) {
  return !within && what !== 'phase-end';
}

function measure(tick) {
  const {length} = tick;
  length.timers = length.wait = length.serve = length.dead = 0;
  addLengths(length, tick, -Infinity, Infinity);
}

// A stage lasts until the next check; the last one until the next tick.
function addLengths(length, {from, end}, low, high) {
  const add = (stage, begin, until) => {
    if (begin === undefined) return;
    length[stage] += Math.max(0, Math.min(until, high) - Math.max(begin, low));
  };
  add('timers', from.timers, from.stop2 ?? end);
  add('wait', from.wait, from.serve);
  add('serve', from.serve, from.stop3 ?? end);
  add('dead', from.dead, end);
}

// The next tick's first event ends this one, unless events were lost between.
function finish(tick, next) {
  const gap = next - tick.end;
  if (gap >= 0 && gap < 1000) tick.end = next;
  measure(tick);
  tick.handled = handledIn(tick);
}

function handledIn({calls}) {
  const handled = {timers: 0, serve: 0, dead: 0};
  for (const call of calls) {
    if (isHandler(call) && call.stage in handled) ++handled[call.stage];
  }
  return handled;
}

function addAll(total, numbers) {
  for (const name in numbers) total[name] += numbers[name];
}

export function emptySums() {
  return {ticks: 0, checks: 0, ready: 0, calls: {timers: 0, serve: 0, dead: 0},
          length: {timers: 0, wait: 0, serve: 0, dead: 0}};
}

export function addSums(total, tick, from = -Infinity, to = Infinity) {
  const whole = tick.begin >= from && tick.end <= to;
  if (whole) addAll(total.length, tick.length);
  else addLengths(total.length, tick, from, to);
  if (tick.end > to) return total;
  ++total.ticks;
  total.checks += tick.checks;
  total.ready += tick.ready;
  addAll(total.calls, tick.handled ?? handledIn(tick));
  return total;
}

/// How long the loop was away from its wait: what a client may have waited.
export function work(sums) {
  return sums.length.timers + sums.length.serve + sums.length.dead;
}

/// The share of the time in which it worked, of the ticks that are known.
export function busy(sums) {
  return work(sums) / Math.max(1, work(sums) + sums.length.wait);
}
