// The buttons: the same work in two places, jobs that never end or die, and
// more jobs than hands. Each tells what the others felt of it, by the pings
// that waited meanwhile, and how long the server says that it took.

import {counted, duration, element, setText} from './text.js';
import {RpcError} from './connection.js';

const kCalm = 50;    // milliseconds: a ping that waited longer was held up
const kAfter = 150;  // milliseconds for which pings are watched afterwards
const kMany = 12;    // jobs, more than there are threads
const kLook = 100;   // milliseconds between two looks at what is told
const kLooks = 12;   // for what it has recorded, which a full ring may miss
const kFresh = 50;   // for the process in a dead one's place, which must come

const kExperiments = [
  {id: 'block', kind: 'alert', title: 'Block the loop for 500\u00a0ms',
   hint: 'sleep_on_loop', calls: [['sleep_on_loop', [500]]], tell: tellBlock},
  {id: 'pool', kind: 'thread', title: 'Run the same in the pool',
   hint: 'sleep', calls: [['sleep', [500]]], tell: tellPool},
  {id: 'many', kind: 'thread', title: 'Ask for 12 at once',
   hint: '12 × sleep, 300 ms', calls: Array(kMany).fill(['sleep', [300]]),
   tell: tellMany},
  {id: 'spin', kind: 'process', title: 'Spin: never return',
   hint: 'spin, deadline 1 s', calls: [['spin', []]], tell: tellSpin},
  {id: 'crash', kind: 'process', title: 'Crash: abort',
   hint: 'crash, in a process', calls: [['crash', []]], tell: tellCrash},
];

/// The longest that a worker or the loop was at `method` between two times of
/// the trace; `nameOf` names what the loop called. Undefined: not recorded.
export function longest(trace, method, from, to, nameOf) {
  const calls = trace.ticks.flatMap((tick) => tick.calls)
      .map((call) => ({...call, what: nameOf(call)}));
  const lengths = [...trace.jobs.values(), calls].flat()
      .filter(({what, begin, end}) =>
          what === method && begin < to && end > from)
      .map(({begin, end}) => end - begin);
  return lengths.length > 0 ? Math.max(...lengths) : undefined;
}

/// Answers once `look` has found something; undefined after so many looks.
async function found(looks, look) {
  for (let i = 0; i < looks; ++i) {
    const seen = look();
    if (seen !== undefined) return seen;
    await new Promise((wake) => setTimeout(wake, kLook));
  }
}

export class Experiments {
  #server; #pings; #told; #recorded; #processes; #buttons = [];
  #running = new Set();

  /// `recorded` answers with the microseconds that the server was at a method
  /// at some time between two moments of the page, undefined if it does not
  /// know; `processes` with the present process workers.
  constructor(place, told, {server, pings, recorded, processes}) {
    this.#server = server;
    this.#pings = pings;
    this.#told = told;
    this.#recorded = recorded;
    this.#processes = processes;
    place.replaceChildren(...kExperiments.map((each) => this.#make(each)));
  }

  #make(experiment) {
    const {id, kind, title, hint} = experiment;
    const button = element('button', '', title);
    button.type = 'button';
    button.id = id;
    const result = element('output');
    result.setAttribute('for', id);
    result.setAttribute('aria-live', 'off');  // the sentence is read aloud
    const part = element('div', kind, button, element('small', 'mono', hint),
                         result);
    button.addEventListener('click', () => this.#press(experiment, part));
    this.#buttons.push(button);
    return part;
  }

  /// A button that can do nothing keeps the focus.
  enable(possible) {
    for (const button of this.#buttons) {
      button.setAttribute('aria-disabled', String(!possible));
    }
  }

  async #press(experiment, part) {
    if (!this.#server.isOpen || part.hasAttribute('aria-busy')) return;
    part.setAttribute('aria-busy', 'true');
    setText(this.#told, `${experiment.title} …`);
    const run = {along: [...this.#running].map(({title}) => title)};
    for (const other of this.#running) other.along.push(experiment.title);
    run.title = experiment.title;
    this.#running.add(run);
    const result = await this.#run(experiment);
    this.#running.delete(run);
    const alone = run.along.length === 0;
    this.#show(part.querySelector('output'), result, alone);
    setText(this.#told, tellAny(experiment, {...result, alone}));
    part.removeAttribute('aria-busy');
  }

  async #run({calls}) {
    const [method] = calls[0], begin = performance.now();
    const watch = new ProcessWatch(this.#processes, method);
    const answers = await Promise.all(calls.map(([name, params]) =>
        this.#server.call(name, params).then((value) => ({value}),
                                             (error) => ({error}))));
    const end = performance.now();
    watch.stop();
    const error = answers.find((answer) => answer.error)?.error;
    if (error && !(error instanceof RpcError)) return {lost: true};
    await this.#pingsUntil(end + kAfter);
    const worst = this.#pings.worst(begin, end + kAfter);
    const slept = error ? undefined :
        await found(kLooks, () => this.#recorded(method, begin, end));
    const replaced = error ? await watch.replacement(error) : undefined;
    return {error, took: end - begin, worst, slept, replaced};
  }

  // Whom a ping waited for can be told when only one was at work.
  #show(output, {lost, worst}, alone) {
    delete output.dataset.worst;
    output.replaceChildren(lost ? '' : 'ran with another');
    if (lost || !alone) return;
    const measure = element('i', 'measure');
    measure.style.width = `${Math.min(100, worst / 5)}%`;
    output.replaceChildren('worst ping ', element('b', '', ms(worst)), measure);
    output.dataset.worst = worst.toFixed(3);
  }

  // Until all pings that were sent before `end` have been answered.
  async #pingsUntil(end) {
    for (let i = 0; i < 40 && this.#pings.answeredUntil() < end; ++i) {
      await new Promise((wake) => setTimeout(wake, 25));
    }
  }
}

/// Which process ran a method, and who took its place.
class ProcessWatch {
  #workers; #lanes = new Map(); #others; #ran = new Set(); #timer;

  constructor(workers, method) {
    this.#workers = workers;
    this.#others = new Set(workers().filter(({job}) => job === method)
        .map(({pid}) => pid));
    this.#timer = setInterval(() => this.#look(method), 50);
    this.#look(method);
  }

  stop() {
    clearInterval(this.#timer);
  }

  #look(method) {
    for (const {lane, pid, job} of this.#workers()) {
      this.#lanes.set(pid, lane);
      if (job === method && !this.#others.has(pid)) this.#ran.add(pid);
    }
  }

  /// {gone, fresh}: pids; undefined while it is not known whose. The error
  /// names the process that crashed; the one that spun was seen at it. One that
  /// crashed before it was ever seen has no known place to be taken.
  async replacement({message}) {
    const [, named] = /\(pid (\d+)\)/.exec(message) ?? [];
    const pids = named ? [Number(named)] : [...this.#ran];
    if (pids.length !== 1) return undefined;
    const [gone] = pids, lane = this.#lanes.get(gone);
    if (lane === undefined) return {gone};
    return found(kFresh, () => {
      const worker = this.#workers().find((each) => each.lane === lane);
      const fresh = worker?.pid;
      return fresh > 0 && fresh !== gone ? {gone, fresh} : undefined;
    });
  }
}

const ms = (number) => duration(number * 1000);

function tellAny({title, tell}, result) {
  if (result.lost) {
    return `${title}: the connection was lost before it answered.`;
  }
  return tell(result);
}

function failure({code, message}) {
  return `error ${code}: ${message}`;
}

function others({worst, alone}) {
  if (!alone) {
    return 'Another button ran at the same time: whom the pings waited for ' +
        'cannot be told.';
  }
  return worst < kCalm ?
      `The other clients felt nothing: the worst ping waited ${ms(worst)}.` :
      `The worst ping waited ${ms(worst)} meanwhile.`;
}

function tellBlock(result) {
  const {error, took, worst, slept, alone} = result;
  if (error) return `It was not done: ${failure(error)}.`;
  const loop = slept ? `The loop slept for ${duration(slept)}` :
      `The answer came after ${ms(took)}; meanwhile the loop slept`;
  return `${loop} and served nobody. ` + (!alone ? others(result) :
      `Each client waited with it: the worst ping, ${ms(worst)}.`);
}

function tellPool(result) {
  const {error, took, slept} = result;
  if (error) return `It was not done: ${failure(error)}.`;
  const worker = slept ? `A worker slept for ${duration(slept)}` :
      `The answer came after ${ms(took)}; meanwhile a worker slept`;
  return `${worker}, and the loop went on. ${others(result)}`;
}

function tellMany(result) {
  const {error, took} = result;
  if (error) return `Not all were done: ${failure(error)}.`;
  return `${counted(kMany, 'job')} of 300 ms were done after ${ms(took)}: as ` +
      'many at a time as there are threads, the others in the queue. ' +
      others(result);
}

function tellSpin(result) {
  const {error, took, replaced} = result;
  if (!error) return 'It returned, which nobody expected.';
  const killed = replaced ? ` Process ${replaced.gone}, which spun, was ` +
      `killed; ${replaced.fresh} took its place.` : '';
  return `After ${ms(took)} the answer came: ${failure(error)}.${killed} ` +
      others(result);
}

function tellCrash(result) {
  const {error, replaced} = result;
  if (!error) return 'It returned, which nobody expected.';
  const heir = replaced?.fresh ? `, ${replaced.fresh} took its place` : '';
  const gone = replaced ? ` Process ${replaced.gone} is gone${heir}.` : '';
  return `The answer: ${failure(error)}.${gone} ${others(result)}`;
}
