// The buttons: the same work in two places, jobs that never end or die, and
// more jobs than hands. Each tells what the others felt of it, by the pings
// that waited meanwhile.

import {counted, duration, element, list, setText} from './text.js';
import {RpcError} from './connection.js';

const kCalm = 50;    // milliseconds: a ping that waited longer was held up
const kAfter = 150;  // milliseconds for which pings are watched afterwards

const kExperiments = [
  {id: 'block', kind: 'alert', title: 'Block the loop for 500 ms',
   hint: 'sleep_on_loop', calls: [['sleep_on_loop', [500]]], tell: tellBlock},
  {id: 'pool', kind: 'thread', title: 'Run the same in the pool',
   hint: 'sleep', calls: [['sleep', [500]]], tell: tellPool},
  {id: 'many', kind: 'thread', title: 'Ask for 12 at once',
   hint: '12 × sleep, 300 ms', calls: Array(12).fill(['sleep', [300]]),
   tell: tellMany},
  {id: 'spin', kind: 'process', title: 'Spin: never return',
   hint: 'spin, deadline 1 s', calls: [['spin', []]], tell: tellSpin},
  {id: 'crash', kind: 'process', title: 'Crash: abort',
   hint: 'crash, in a process', calls: [['crash', []]], tell: tellCrash},
];

export class Experiments {
  #server; #pings; #told; #processes; #parts = [];

  /// `processes` answers with the pids of the present process workers.
  constructor(place, told, {server, pings, processes}) {
    this.#server = server;
    this.#pings = pings;
    this.#told = told;
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
    const part = element('div', kind, button, element('small', 'mono', hint),
                         result);
    button.addEventListener('click', () => this.#run(experiment, part, result));
    this.#parts.push(button);
    return part;
  }

  enable(possible) {
    for (const button of this.#parts) button.disabled = !possible;
  }

  async #run({calls, tell, title}, part, result) {
    if (part.getAttribute('aria-busy') === 'true') return;
    part.setAttribute('aria-busy', 'true');
    setText(this.#told, `${title} …`);
    const before = this.#processes(), begin = performance.now();
    const answers = await Promise.all(calls.map(([method, params]) =>
        this.#server.call(method, params).then((value) => ({value}),
                                               (error) => ({error}))));
    const end = performance.now();
    await this.#pingsUntil(end + kAfter);
    const worst = this.#pings.worst(begin, end + kAfter);
    const replaced = await this.#replacement(before, answers);
    const measure = element('i', 'measure');
    measure.style.width = `${Math.min(100, worst / 5)}%`;
    result.replaceChildren(
        'worst ping ', element('b', '', duration(worst * 1000)), measure);
    result.dataset.worst = worst.toFixed(3);
    setText(this.#told, tell({answers, took: end - begin, worst, replaced}));
    part.removeAttribute('aria-busy');
  }

  // Until all pings that were sent before `end` have been answered.
  async #pingsUntil(end) {
    for (let i = 0; i < 40 && performance.now() - this.#pings.silence() < end;
         ++i) {
      await new Promise((wake) => setTimeout(wake, 25));
    }
  }

  // {gone, fresh} once the status shows another process; a worker is replaced
  // as soon as its end is known, or when the next job needs one.
  async #replacement(before, answers) {
    if (!answers.some(({error}) => error instanceof RpcError)) return null;
    let seen = {gone: [], fresh: []};
    for (let i = 0; i < 12; ++i) {
      const now = this.#processes();
      const gone = before.filter((pid) => !now.includes(pid));
      const fresh = now.filter((pid) => !before.includes(pid));
      seen = {gone, fresh};
      if (gone.length > 0 && fresh.length > 0) return seen;
      await new Promise((wake) => setTimeout(wake, 100));
    }
    return seen.gone.length > 0 ? seen : null;
  }
}

const ms = (number) => duration(number * 1000);

function failed(answers) {
  const error = answers.find((answer) => answer.error)?.error;
  if (!error) return '';
  const code = error.code === undefined ? '' : ` ${error.code}`;
  return `error${code}: ${error.message}`;
}

function others(worst) {
  return worst < kCalm ?
      `The other clients felt nothing: the worst ping waited ${ms(worst)}.` :
      `The worst ping waited ${ms(worst)} meanwhile.`;
}

function tellBlock({answers, took, worst}) {
  const error = failed(answers);
  if (error) return `It was not done: ${error}.`;
  return `The loop slept for ${ms(took)} and served nobody. Each client ` +
      `waited with it: the worst ping, ${ms(worst)}.`;
}

function tellPool({answers, took, worst}) {
  const error = failed(answers);
  if (error) return `It was not done: ${error}.`;
  return `A worker slept for ${ms(took)}, and the loop went on. ` +
      others(worst);
}

function tellMany({answers, took, worst}) {
  const error = failed(answers);
  if (error) return `Not all were done: ${error}.`;
  return `${counted(answers.length, 'job')} of 300 ms took ${ms(took)}: as ` +
      'many at a time as there are threads, the others in the queue. ' +
      others(worst);
}

function replacedBy(replaced) {
  if (!replaced) return '';
  const gone = `Process ${list(replaced.gone.map(String))} is gone`;
  if (replaced.fresh.length === 0) return ` ${gone}.`;
  return ` ${gone}, ${list(replaced.fresh.map(String))} took its place.`;
}

function tellSpin({answers, took, worst, replaced}) {
  const error = failed(answers);
  if (!error) return 'It returned, which nobody expected.';
  return `After ${ms(took)} the answer came: ${error}. The process that spun ` +
      `was killed.${replacedBy(replaced)} ${others(worst)}`;
}

function tellCrash({answers, worst, replaced}) {
  const error = failed(answers);
  if (!error) return 'It returned, which nobody expected.';
  return `The answer: ${error}.${replacedBy(replaced)} ${others(worst)}`;
}
