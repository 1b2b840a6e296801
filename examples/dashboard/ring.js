// The tick as a ring: an arc a stage, its times beside it, and a marker where
// the loop is. It may be read like the code of tick(), clockwise from the top.

import {count, counted, duration, percent, setText, svg, ticksOf}
    from './text.js';
import {busy, work} from './trace.js';

const kArcs = {  // degrees, clockwise from the top
  stop1: [-10, 10], timers: [10, 100], stop2: [100, 120], wait: [120, 185],
  serve: [185, 240], stop3: [240, 260], dead: [260, 350],
};
const kWords = {timers: 'timers', wait: 'wait', serve: 'serve', dead: 'dead'};
const kLabels = {  // where the times stand
  timers: [396, 26, 'end'], wait: [396, 362, 'end'],
  serve: [4, 362, 'start'], dead: [4, 26, 'start'],
};
const kCentre = {x: 200, y: 190};
const kInner = 104, kOuter = 152, kMarkerRadius = 104, kBracketRadius = 164;
const kTurnsPerSecond = 1.5;  // faster turns are not seen
const kSlow = 50_000;         // microseconds that one stage should never take
const kCounted = 1000;        // milliseconds over which ticks are counted

/// Where the marker goes next, in turns: it follows the loop, never faster than
/// the eye, and leaves out whole turns that it has no time to show.
export function follow(shown, wanted, seconds) {
  const ahead = wanted - shown;
  if (ahead > -1 && ahead < 0) return shown;  // it waits for the loop
  if (ahead < 0) shown += Math.floor(ahead);
  if (ahead >= 2) shown += Math.floor(ahead) - 1;
  return shown + Math.min(wanted - shown, kTurnsPerSecond * seconds);
}

/// The turn as a number: tick 12, half way through "dead" is 12.85.
export function turnOf({tick, stage, share}) {
  const [from, to] = kArcs[stage];
  return tick.number + (from + (to - from) * share) / 360;
}

/// How many ticks there were, as the server counts them: a page that is behind
/// sees only some of them.
export class TickCount {
  #looks = [];  // {time: milliseconds, ticks}

  take(ticks, time) {
    if (ticks < this.#looks.at(-1)?.ticks) this.#looks = [];  // a new server
    this.#looks.push({time, ticks});
    while (this.#looks.length > 2 && this.#looks[1].time < time - kCounted) {
      this.#looks.shift();
    }
  }

  perSecond() {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)];
    if (first === last) return 0;
    return 1000 * (last.ticks - first.ticks) / (last.time - first.time);
  }
}

export class Ring {
  #parts = {}; #values = {}; #shown = 0; #root; #marker; #big; #small; #ticks;
  #caption;

  constructor(place, caption) {
    this.#caption = caption;
    this.#root = svg('svg', {viewBox: '0 0 400 390', role: 'img',
                             'aria-labelledby': 'tick-title',
                             'aria-describedby': 'ring-text'});
    this.#root.append(patterns());
    for (const stage of Object.keys(kArcs)) this.#addStage(stage);
    this.#addBracket();
    this.#big = text('big', 200, 203);
    this.#small = text('small centre', 200, 230);
    this.#ticks = text('small', 200, 156);
    this.#marker = svg('circle', {class: 'marker', r: 9});
    this.#root.append(this.#big, this.#small, this.#ticks, this.#marker);
    place.replaceChildren(this.#root);
  }

  #addStage(stage) {
    const stop = stage.startsWith('stop');
    const part = svg('g', {class: stop ? 'stop' : stage},
                     svg('path', {class: 'arc', d: arc(...kArcs[stage])}));
    const line = `name-${stage}`;
    part.append(svg('path', {id: line, d: textLine(...kArcs[stage]),
                             fill: 'none'}));
    const name = stop ? 'stop?' : kWords[stage];
    part.append(svg('text', {class: stop ? 'stop-name' : 'name'},
                    svg('textPath', {href: '#' + line, startOffset: '50%',
                                     'text-anchor': 'middle'}, name)));
    if (!stop) {
      const [x, y, side] = kLabels[stage];
      this.#values[stage] = [text('value', x, y, '', side),
                             text('small', x, y + 19, '', side)];
      part.append(...this.#values[stage]);
    }
    this.#parts[stage] = part;
    this.#root.append(part);
  }

  // What is called "handles" in the code: the wait, and who is ready.
  #addBracket() {
    const [from, to] = [kArcs.wait[0] + 3, kArcs.serve[1] - 3];
    const radius = kBracketRadius;
    const line = `M${point(from, radius)} A${radius} ${radius} 0 0 1 ${
        point(to, radius)}`;
    this.#root.append(svg('path', {class: 'bracket', d: line}),
                      text('small', 200, 374, 'handles'));
  }

  /// `view`: where the loop is, the sums of the last `span` of time (`seen`: of
  /// which events were skipped), or of one tick when it stands `still`;
  /// `silence`: how long nobody has answered; `among`: how many ticks there
  /// were, if that is known when events were skipped.
  draw(view, seconds, jump) {
    const {where, sums, silence} = view;
    this.#root.classList.toggle('stalled', silence > 0);
    this.#writeCentre(view);
    for (const stage of Object.keys(kWords)) this.#writeValue(stage, sums);
    if (silence > 0) this.#writeSilence(silence);
    this.#move(where, silence > 0, seconds, jump);
    setText(this.#caption, sentence(view));
  }

  #writeCentre({sums, silence, where, seen}) {
    if (silence > 0) {
      setText(this.#big, duration(silence));
      setText(this.#small, 'without an answer');
    } else {
      setText(this.#big, percent(busy(sums)));
      setText(this.#small, seen ? 'busy, of those seen' : 'busy');
    }
    setText(this.#ticks, where ? `tick ${count(where.tick.number)}` : '');
  }

  #writeValue(stage, sums) {
    const length = sums.length[stage];
    const [first, second] = this.#values[stage];
    setText(first, duration(length));
    setText(second, stage === 'wait' ? `${count(sums.ready)} ready` :
        stage === 'dead' ? `${counted(sums.calls.dead, 'handle')} closed` :
        counted(sums.calls[stage], 'call'));
    const slow = stage !== 'wait' && length > kSlow;
    this.#parts[stage].classList.toggle('slow', slow);
  }

  // It is most likely in a callback of a socket; its events are not known yet.
  #writeSilence(silence) {
    const [first, second] = this.#values.serve;
    setText(first, duration(silence));
    setText(second, 'and no answer');
    this.#parts.serve.classList.add('slow');
  }

  #move(where, stalled, seconds, jump) {
    let wanted = where ? turnOf(where) : this.#shown;
    if (stalled && where) {
      wanted = turnOf({tick: where.tick, stage: 'serve', share: 0.5});
    }
    this.#shown = jump || stalled ? wanted :
        follow(this.#shown, wanted, seconds);
    const degrees = this.#shown * 360;
    const [x, y] = coordinates(degrees, kMarkerRadius);
    this.#marker.setAttribute('cx', x);
    this.#marker.setAttribute('cy', y);
    const here = ((degrees + 10) % 360 + 360) % 360 - 10;
    for (const [stage, [from, to]] of Object.entries(kArcs)) {
      this.#parts[stage].classList.toggle('here', here >= from && here < to);
    }
  }
}

function sentence(view) {
  const {sums, span, silence, still, among} = view;
  if (silence > 0) {
    return `No answer for ${duration(silence)}: the loop is in a callback, ` +
        'or the network is slow.';
  }
  const waited = duration(sums.length.wait), worked = duration(work(sums));
  if (still) return `This tick waited ${waited} and worked ${worked}.`;
  const [ticks, who] = among ?
      [`of ${count(among)} ticks ${count(sums.ticks)} seen`, 'They'] :
      [ticksOf(view), 'The loop'];
  return `In the last ${duration(span)}: ${ticks}. ${who} waited ${
      waited} and worked ${worked}.`;
}

function text(className, x, y, words = '', anchor = 'middle') {
  return svg('text', {class: className, x, y, 'text-anchor': anchor}, words);
}

function coordinates(degrees, radius) {
  const angle = degrees * Math.PI / 180;
  return [(kCentre.x + radius * Math.sin(angle)).toFixed(1),
          (kCentre.y - radius * Math.cos(angle)).toFixed(1)];
}

function point(degrees, radius) {
  return coordinates(degrees, radius).join(' ');
}

function arc(from, to) {
  const [a, b] = [from + 0.8, to - 0.8];
  return `M${point(a, kOuter)} A${kOuter} ${kOuter} 0 0 1 ${point(b, kOuter)}` +
      ` L${point(b, kInner)} A${kInner} ${kInner} 0 0 0 ${point(a, kInner)} Z`;
}

// Below the middle a line of text runs the other way, so that it is upright.
function textLine(from, to) {
  const below = (from + to) / 2 > 95 && (from + to) / 2 < 265;
  const radius = below ? 133 : 123;
  const [begin, end, sweep] = below ? [to, from, 0] : [from, to, 1];
  return `M${point(begin, radius)} A${radius} ${radius} 0 0 ${sweep} ${
      point(end, radius)}`;
}

function patterns() {
  const pattern = (id, size, ...marks) =>
      svg('pattern', {id, width: size, height: size,
                      patternUnits: 'userSpaceOnUse'}, ...marks);
  return svg('defs', {},
      pattern('dots', 8, svg('circle', {class: 'dot', cx: 4, cy: 4, r: 0.9})),
      pattern('hatch', 8,
              svg('rect', {class: 'hatching-back', width: 8, height: 8}),
              svg('path', {class: 'hatching',
                           d: 'M-2 2L2 -2M0 8L8 0M6 10L10 6'})));
}
