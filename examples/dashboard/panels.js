// What the status says, in numbers and tables. Each panel is made anew only
// when its text has changed, so that a selection or a screen reader keeps its
// place.

import {byId, bytes, count, counted, duration, element, svg} from './text.js';

const kMostBoxes = 60;

// Why handles were ended that asked too much, sent nonsense or went away.
const kUnfriendly = {
  idle: 'idle', 'too-slow': 'too slow', overflow: 'reading too little',
  protocol: 'against the protocol', reset: 'reset',
};
const kTurnedAway = {full: 'no room', no_descriptor: 'no descriptor'};

const shown = new Map();

// Calls `make` when the data differ from those shown.
function replace(id, data, make) {
  const text = JSON.stringify(data);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  byId(id).replaceChildren(...make(data));
}

export function showNumbers(status, pings) {
  const {loop = {}, requests = {}} = status;
  const errors = Object.entries(requests.errors ?? {});
  const failed = errors.reduce((sum, [, n]) => sum + n, 0);
  const [half, most, least] = pings.map(pingTime);
  replace('numbers', [
    ['calls, without rpc.*', count(requests.per_second), 'a second',
     `${count(requests.total)} so far`],
    ['errors among them', count(failed), 'so far',
     errors.map(([code, n]) => `${code}: ${count(n)}`).join(', ') || 'none'],
    ['a ping takes', half, 'median',
     `99 %: ${most}, least ${least}`],
    ['a tick works', ...spread(loop.tick_us)],
    ['a timer is late by', ...spread(loop.lag_us)],
    ['open', count(loop.handlers), 'handles', counted(loop.timers, 'timer')],
  ], (rows) => rows.map(([name, number, unit, rest]) => element('div', '',
      element('dt', '', name),
      element('dd', '', element('b', '', number), ' ' + unit,
              element('br'), element('span', 'muted', rest)))));
}

/// Of milliseconds, which some browsers' clocks count whole; null: no ping.
export function pingTime(ms) {
  return ms === 0 ? 'under 1 ms' : duration(ms === null ? null : ms * 1000);
}

function spread(durations) {
  const [half, most, max] = spreadOf(durations);
  return [half, 'median', `99 %: ${most}, max ${max}`];
}

/// Median, 99th percentile and longest in words: "–" where none was measured.
export function spreadOf(durations) {
  const {p50, p99, max} = durations?.count ? durations : {};
  return [p50, p99, max].map(duration);
}

export function showSlow(slow) {
  const about = slow.map((one) => ({...one, ago_ms: ago(one.ago_ms)}));
  replace('slow', about, (rows) => rows.length === 0 ?
      [element('li', 'muted', 'Nobody has kept the loop for long.')] :
      rows.map((one) => element('li', '',
          element('b', 'mono', nameOf(one)), ' kept it for ',
          element('b', '', duration(one.length_us)),
          element('span', 'muted', `, ${one.ago_ms}` +
              (one.times > 1 ? `, ${counted(one.times, 'time')}` : '')))));
}

// The list changes once in a while, not with each answer.
function ago(ms) {
  if (ms < 5000) return 'just now';
  if (ms < 60_000) return `${Math.floor(ms / 5000) * 5} s ago`;
  return `${duration(ms * 1000)} ago`;
}

function nameOf({name, what}) {
  return name || what;
}

export function showQueues({pool, processes}) {
  const kinds = [['threads', 'thread', pool],
                 ['processes', 'process', processes]]
      .filter(([, , numbers]) => numbers);
  const data = kinds.map(([title, kind, numbers]) => {
    const {waiting, capacity, settled, retired, killed} = numbers;
    return {title, kind, waiting, capacity, settled, retired, killed};
  });
  replace('queues', data, (all) => all.map(queueRow));
}

function queueRow({title, kind, waiting, capacity, settled, ...others}) {
  const boxes = element('div', 'boxes ' + kind);
  for (let i = 0; i < Math.min(waiting, kMostBoxes); ++i) {
    boxes.append(element('i'));
  }
  const more = waiting - kMostBoxes;
  boxes.append(element('span', '', waiting === 0 ? 'empty' :
      more > 0 ? `and ${count(more)} more` : ''));
  boxes.setAttribute('role', 'img');
  boxes.setAttribute('aria-label', `${count(waiting)} waiting`);
  const ends = Object.entries(settled ?? {}).map(([how, n]) =>
      `${count(n)} ${how}`);
  for (const how of ['retired', 'killed']) {
    if (others[how] !== undefined) ends.push(`${count(others[how])} ${how}`);
  }
  return element('div', 'queue-row',
      element('div', '', `for ${title}: `,
              element('b', 'number', count(waiting)),
              element('span', 'muted', ` of at most ${count(capacity)}`)),
      boxes, element('p', 'settled', ends.join(' · ')));
}

function table(headings, rows) {
  const head = element('tr');
  for (const [name, side] of headings) {
    const cell = element('th', side ?? '', name);
    cell.setAttribute('scope', 'col');
    head.append(cell);
  }
  return element('table', '', element('thead', '', head),
                 element('tbody', '', ...rows));
}

export function showConnections(status) {
  const {connections = [], connections_total: total = connections.length} =
      status;
  const notes = [];
  if (total > connections.length) {
    notes.push(`and ${count(total - connections.length)} more`);
  }
  notes.push(...tally('turned away', status.turned_away, kTurnedAway),
             ...tally('ended', status.closed, kUnfriendly));
  replace('connections', [connections, notes], () => [
    table([['peer'], ['unsent', 'right'], ['reading'], ['of its limit'],
           ['wire']], connections.map(connectionRow)),
    ...notes.map((note) => element('p', 'muted', note))]);
}

/// "turned away: 3 no room", of all that are not 0; else nothing.
export function tally(title, numbers, words) {
  const parts = Object.entries(words)
      .filter(([key]) => numbers?.[key] > 0)
      .map(([key, word]) => `${count(numbers[key])} ${word}`);
  return parts.length > 0 ? [`${title}: ${parts.join(', ')}`] : [];
}

function connectionRow(one) {
  return element('tr', one.paused ? 'paused' : '',
      element('td', '', one.peer || `number ${one.id}`),
      element('td', 'right', bytes(one.unsent)),
      element('td', '', one.paused ? '‖ paused' : 'flowing'),
      element('td', 'bar', buffer(one)),
      element('td', '', one.wire));
}

/// So much unsent as a share of the bar, which is full where the connection is
/// given up.
export function fullness(unsent, {close_at}) {
  return Math.min(1, unsent / Math.max(1, close_at));
}

function buffer(one) {
  const {unsent, pause_at, close_at} = one;
  const pause = (1 + 198 * fullness(pause_at, one)).toFixed(1);
  return svg('svg', {class: 'buffer', viewBox: '0 0 200 18', role: 'img',
                     preserveAspectRatio: 'none',
                     'aria-label': `${bytes(unsent)}; pauses at ${
                         bytes(pause_at)}, closes at ${bytes(close_at)}`},
      svg('title', {}, `pauses at ${bytes(pause_at)}, closes at ${
          bytes(close_at)}`),
      svg('rect', {class: 'trough', x: 0.5, y: 3.5, width: 199, height: 11}),
      svg('rect', {class: 'fill', x: 1, y: 4, height: 10,
                   width: (198 * fullness(unsent, one)).toFixed(1)}),
      svg('line', {class: 'mark', x1: pause, x2: pause, y1: 0, y2: 18}));
}

export function showMethods(methods = []) {
  const used = methods.filter(({calls, in_flight}) => calls + in_flight > 0);
  const idle = methods.filter((method) => !used.includes(method));
  replace('methods', [used, idle.map(({name}) => name)], () => [
    table([['method'], ['calls', 'right'], ['p50', 'right'], ['p99', 'right'],
           ['longest', 'right'], ['errors', 'right'], ['in flight', 'right'],
           ['where']], used.map(methodRow)),
    element('p', 'muted', idle.length === 0 ? '' :
        'not called yet: ' + idle.map(({name}) => name).join(', ')),
  ]);
}

function methodRow({name, where, calls, in_flight, errors, latency_us}) {
  const numbers = [count(calls), ...spreadOf(latency_us), count(errors),
                   count(in_flight)];
  return element('tr', '', element('td', 'mono', name),
                 ...numbers.map((text) => element('td', 'right', text)),
                 element('td', '', where));
}
