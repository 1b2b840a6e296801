// The page: joins the running server, or a recorded trace, to what draws it.

import {Connection} from './connection.js';
import {Experiments, longest} from './experiments.js';
import {Lanes} from './lanes.js';
import {Pings} from './latency.js';
import {Live} from './live.js';
import {showConnections, showMethods, showNumbers, showQueues, showSlow}
    from './panels.js';
import {Player, readTrace} from './replay.js';
import {Ring, TickCount} from './ring.js';
import {byId, duration, percent, setText} from './text.js';
import {TickTable} from './tick_table.js';
import {addSums, emptySums} from './trace.js';
import {Workers, workersOf} from './workers.js';

const kDelay = 300_000;   // microseconds that the ring shows late: news are due
const kSilence = 200;     // milliseconds without an answer that are told
const kSecond = 1e6;
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const narrow = matchMedia('(max-width: 900px)');

const server = new Connection(
    `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`,
    showLink);
const pings = new Pings(server);
const workers = new Workers();
const live = new Live(server, showStatus);
const ticks = new TickCount();
const ring = new Ring(byId('ring'), byId('ring-text'));
const lanes = new Lanes(byId('lanes'));
const events = new TickTable(byId('events'));
const experiments = new Experiments(byId('try'), byId('told'), {
  server, pings,
  recorded: (method, begin, end) => longest(
      live.trace, method, live.toTrace(begin), live.toTrace(end), nameOf),
  processes: () => live.status?.processes?.workers ?? []});
const player = new Player(byId('player'), {
  play: byId('play'), back: byId('back'), step: byId('step'),
  scrub: byId('scrub'), speed: byId('speed'), position: byId('position'),
  name: byId('trace-name')});

function nameOf(call) {
  return live.names.of(call);
}

// ---- the connection

let countdown = 0;

function showLink({state, attempt, pause, left}) {
  clearInterval(countdown);
  document.documentElement.classList.toggle('lost', state !== 'open');
  experiments.enable(state === 'open');
  if (state === 'open') {
    tellLink(state, 'live');
    watch();
  } else if (state === 'lost') {
    tellLink(state, left ? 'the server shuts down' : 'lost');
    watch();
    tellPause(pause);
  } else if (attempt > 0) {
    setText(byId('again'), `; attempt ${attempt + 1}`);
  } else {
    tellLink(state, 'connecting');
  }
}

// What changes each second is not read aloud.
function tellLink(state, words) {
  byId('link').dataset.state = state;
  setText(byId('link-state'), words);
  setText(byId('again'), '');
}

// A page that nobody sees asks for nothing.
function watch() {
  if (server.isOpen && !document.hidden) {
    pings.start();
    live.start();
  } else {
    pings.stop();
    live.stop();
  }
}
document.addEventListener('visibilitychange', watch);

function tellPause(pause) {
  const again = performance.now() + pause;
  const tell = () => setText(byId('again'), `; trying again in ${
      Math.max(1, Math.ceil((again - performance.now()) / 1000))} s`);
  tell();
  countdown = setInterval(tell, 1000);
}

// ---- what the server says

function showStatus(status, now) {
  const {name, pid, poller, uptime_s, draining} = status.server;
  workers.take(status, now);
  ticks.take(status.loop?.ticks ?? 0, now);
  setText(byId('server'), `${name}, pid ${pid}, ${poller}, up ${
      duration(uptime_s * 1e6)}` + (draining ? ', draining' : ''));
  showNumbers(status, pings.percentiles(5000, [0.5, 0.99, 0]));
  showSlow(status.loop?.slow ?? []);
  showQueues(status);
  showConnections(status);
  showMethods(status.methods);
}

// ---- drawing

function drawLive(seconds) {
  const ms = performance.now(), now = live.toTrace(ms);
  const silent = pings.silence();
  const silence = silent > kSilence ? silent * 1000 : 0;
  const shown = now - kDelay, {trace} = live;
  const last = before(trace, shown, kSecond);
  ring.draw({...last, where: trace.whereAt(shown) ?? lastKnown(trace), silence,
             among: last.seen ? ticks.perSecond() * last.span / kSecond : 0},
            seconds, calm.matches);
  const at = ({time}) => live.toTrace(time);
  lanes.draw({
    trace, now, silence, last, window: (narrow.matches ? 5 : 8) * kSecond,
    nameOf,
    workers: workers.lanes(live.status, trace, (time) => live.toTrace(time)),
    pings: pings.samples.map((sample) => ({
      time: live.toTrace(sample.sent), wait: pings.wait(sample) * 1000,
      open: sample.back === null})),
    waiting: live.waiting.map((sample) => ({
      time: at(sample), jobs: sample.threads + sample.processes})),
  });
}

// The ticks that are told, of the ring and in the loop's lane; before the first
// of them nothing is known.
function before(trace, to, most) {
  const known = to - (trace.ticks[0]?.begin ?? to);
  const span = Math.max(0, Math.min(most, known));
  const seen = trace.gaps.some(({time, until}) =>
      time < to && (until ?? to) > to - span);
  return {sums: trace.sums(to - span, to), span, seen};
}

function alone(tick) {
  const span = Math.max(1, tick.end - tick.begin);
  return {sums: addSums(emptySums(), tick), span, seen: false};
}

// Nothing was heard since: the loop waits, as far as anybody knows.
function lastKnown(trace) {
  const tick = trace.ticks.at(-1);
  return tick ? {tick, stage: 'wait', share: 0.5} : null;
}

function drawReplay(milliseconds) {
  if (!player.show(milliseconds)) return;
  const {film} = player, {trace, position, playing, tick} = film;
  const window = 5 * kSecond * film.speed;
  const still = !playing && tick !== undefined;
  const last = still ? alone(tick) :
      before(trace, position, Math.min(kSecond, window));
  ring.draw({...last, where: trace.whereAt(position), silence: 0, still},
            milliseconds / 1000, still || calm.matches || player.jumped);
  player.jumped = false;
  events.show(still ? tick : null);
  lanes.draw({trace, now: position, window, silence: 0, last, pings: null,
              waiting: null, nameOf: ({name, what}) => name ?? what,
              workers: workersOf(trace, position)});
}

// Thirty pictures a second, three for those who want less motion; none while
// there is no connection: the last one stays.
let drawn = performance.now();

function frame(now) {
  requestAnimationFrame(frame);
  const since = now - drawn;
  if (since < (calm.matches ? 330 : 32)) return;
  drawn = now;
  if (player.film) drawReplay(since);
  else if (live.status && server.isOpen) drawLive(since / 1000);
}

// ---- a recorded trace

function replay(name, read) {
  player.load(name, read);
  server.close();
  watch();
  clearInterval(countdown);
  document.documentElement.classList.remove('lost');
  document.documentElement.classList.add('replaying');
  tellLink('replay', 'replay');
  byId('notice').hidden = true;
}

function complain(error) {
  byId('notice').hidden = false;
  setText(byId('complaint'), `The trace cannot be shown: ${error.message}.`);
}
byId('dismiss').addEventListener('click', () => {
  byId('notice').hidden = true;
});

// A large file takes seconds, and the button says so.
const choose = document.querySelector('label[for=file]');
const kChoose = choose.textContent;

async function read(file) {
  try {
    return await readTrace(
        file, (share) => setText(choose, `Reading, ${percent(share)}`));
  } finally {
    setText(choose, kChoose);
  }
}

async function replayFile(file) {
  try {
    replay(file.name, await read(file));
  } catch (error) {
    complain(error);
  }
}

async function replayUrl(url) {
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    replay(url, await read(await answer.blob()));
  } catch (error) {
    complain(error);
    server.open();
  }
}

byId('file').addEventListener('change', ({target}) => {
  if (target.files.length > 0) replayFile(target.files[0]);
  target.value = '';
});
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.documentElement.classList.add('dropping');
});
document.addEventListener('dragleave', ({relatedTarget}) => {
  if (relatedTarget) return;
  document.documentElement.classList.remove('dropping');
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  document.documentElement.classList.remove('dropping');
  const file = event.dataTransfer.files[0];
  if (file) replayFile(file);
});

byId('stages').open = !narrow.matches;
const recorded = new URLSearchParams(location.search).get('trace');
if (recorded) replayUrl(recorded);
else server.open();
requestAnimationFrame(frame);
