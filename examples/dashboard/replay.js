// A recorded trace, played like a film: at any speed, a tick at a time, or
// dragged to where it is of interest.

import {bytes, count, counted, duration, setText} from './text.js';
import {TraceReader} from './trace.js';

const kMostRead = 64 << 20;  // bytes
const kPiece = 512 << 10;

/// {trace, bad, cut, left}: what a file holds, how many of its lines are no
/// events, whether it ends within one, and of how many bytes only the first
/// `most` were read. `tell` hears the share that is read; in between the page
/// goes on.
export async function readTrace(file, tell, most = kMostRead) {
  const reader = new TraceReader(), end = Math.min(file.size, most);
  for (let at = 0; at < end; at += kPiece) {
    tell(at / end);
    const piece = file.slice(at, Math.min(end, at + kPiece));
    reader.take(await piece.text());
  }
  if (end === file.size) reader.end();
  const {trace, bad, cut} = reader;
  return {trace, bad, cut, left: end < file.size ? file.size : 0};
}

// A loop waits for its first client, maybe for long; its film begins after it.
function firstSeen({ticks, jobs, begin}) {
  const calls = ticks.find((tick) => tick.calls.length > 0)?.calls ?? [];
  const firsts = [...calls, ...[...jobs.values()].map(([first]) => first)];
  return firsts.length > 0 ? Math.min(...firsts.map((one) => one.begin)) :
      begin;
}

/// Where a film stands. Times are the trace's, in microseconds.
export class Film {
  position; playing = false; speed = 1;

  constructor(trace) {
    this.trace = trace;
    this.begin = trace.begin;
    this.end = Math.max(trace.end, trace.begin + 1);
    this.start = firstSeen(trace);
    this.position = this.start;
  }

  /// Real time has passed; stops by itself at the end.
  advance(ms) {
    if (!this.playing) return;
    this.seek(this.position + ms * 1000 * this.speed);
    if (this.position >= this.end) this.playing = false;
  }

  seek(position) {
    this.position = Math.min(this.end, Math.max(this.begin, position));
  }

  /// To the end of the next tick, or of the one before; stands still there.
  step(ticks) {
    this.playing = false;
    const {trace} = this, all = trace.ticks;
    if (all.length === 0) return;
    const now = trace.tickAt(this.position);
    const atEnd = now >= 0 && this.position >= lastMoment(trace, now);
    const from = ticks > 0 && !atEnd ? now - 1 : now;
    const wanted = Math.min(all.length - 1, Math.max(0, from + ticks));
    this.seek(lastMoment(trace, wanted));
  }

  /// The tick that a film which stands still shows, or undefined.
  get tick() {
    return this.trace.ticks[this.trace.tickAt(this.position)];
  }

  /// Play begins anew at the end.
  toggle() {
    this.playing = !this.playing;
    if (this.playing && this.position >= this.end) this.position = this.start;
  }
}

// The next tick begins where this one ends: half a microsecond before.
function lastMoment(trace, index) {
  return Math.max(trace.ticks[index].begin, trace.ticks[index].end - 0.5);
}

/// The buttons, the slider and the keys of a film.
export class Player {
  film = null;
  jumped = false;
  #parts; #root; #shown = '';

  constructor(root, parts) {
    this.#root = root;
    this.#parts = parts;
    const {play, back, step, scrub, speed} = parts;
    play.addEventListener('click', () => this.film.toggle());
    back.addEventListener('click', () => this.#step(-1));
    step.addEventListener('click', () => this.#step(1));
    scrub.addEventListener('input', () => {
      const {begin, end} = this.film;
      this.film.seek(begin + (end - begin) * scrub.value / scrub.max);
      this.jumped = true;
    });
    speed.addEventListener('change', () => {
      this.film.speed = Number(speed.value);
    });
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  /// What readTrace() gave.
  load(name, {trace, bad, cut, left}) {
    if (trace.ticks.length === 0 && trace.jobs.size === 0) {
      throw new Error(`${name} holds no event: a trace has lines like ` +
                      '"1204 3 handles loop read 17 35"');
    }
    this.film = new Film(trace);
    this.#root.hidden = false;
    const ticks = counted(trace.ticks.length, 'tick');
    const length = duration(this.film.end - this.film.begin);
    setText(this.#parts.name, `${name}: ${ticks}, ${length}` +
        (bad > 0 ? `; ${counted(bad, 'line')} not understood` : '') +
        (cut ? '; its last line is cut' : '') +
        (left > 0 ? `; the first ${bytes(kMostRead)} of ${bytes(left)}` : ''));
    this.#shown = '';
    this.#chooseSpeed();
    this.film.playing = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#parts.play.focus();
  }

  // The quickest at which the film lasts three seconds at least.
  #chooseSpeed() {
    const length = this.film.end - this.film.start;
    const options = [...this.#parts.speed.options];
    const fit = options.filter(({value}) =>
        value <= 1 && length / value >= 3e6).at(-1) ?? options[0];
    fit.selected = true;
    this.film.speed = Number(fit.value);
  }

  #step(ticks) {
    this.film.step(ticks);
    this.jumped = true;
  }

  // Space plays and the arrows step, on the slider, too; unless the key means
  // something else where the focus is.
  #key(event) {
    if (!this.film || event.ctrlKey || event.altKey || event.metaKey) return;
    const {tagName, id} = document.activeElement ?? {};
    const taken = ['INPUT', 'SELECT', 'A'].includes(tagName) &&
        id !== this.#parts.scrub.id;
    const onButton = tagName === 'BUTTON';
    if (event.key === ' ' && !taken && !onButton) this.film.toggle();
    else if (event.key === 'ArrowRight' && !taken) this.#step(1);
    else if (event.key === 'ArrowLeft' && !taken) this.#step(-1);
    else return;
    event.preventDefault();
  }

  /// Advances the film and shows where it stands. False: there is nothing new
  /// to be drawn.
  show(ms) {
    const {film} = this;
    film.advance(ms);
    const shown = [film.position, film.playing, film.speed, devicePixelRatio,
                   document.documentElement.clientWidth,
                   matchMedia('(prefers-color-scheme: dark)').matches].join();
    if (shown === this.#shown) return false;
    this.#shown = shown;
    this.#tell();
    return true;
  }

  #tell() {
    const {film} = this, {play, scrub, position} = this.#parts;
    const {begin, end} = film;
    setText(play, film.playing ? 'Pause' : 'Play');
    scrub.value = String(Math.round(
        scrub.max * (film.position - begin) / (end - begin)));
    const now = duration(film.position - begin);
    scrub.setAttribute('aria-valuetext', `${now} of ${duration(end - begin)}`);
    const {tick, playing} = film;
    const exact = `${((film.position - begin) / 1000).toFixed(3)} ms`;
    setText(position, (tick ? `tick ${count(tick.number)}, ` : '') +
                      (playing ? now : exact));
  }
}
