// A canvas with a time axis: its right edge is now, and the past moves left.

/// The smallest of 1, 2, 5, 10, 20, 50, ... that is not below `least`; or of
/// other steps, from 1 to below 10.
export function roundUp(least, steps = [1, 2, 5]) {
  let power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  for (; ; power *= 10) {
    const step = steps.find((each) => each * power >= least * (1 - 1e-9));
    if (step) return step * power;
  }
}

let colours = null;
const scheme = globalThis.matchMedia?.('(prefers-color-scheme: dark)');
scheme?.addEventListener('change', () => { colours = null; });

/// A colour of the style sheet, by its name there.
export function colour(name) {
  colours ??= getComputedStyle(document.documentElement);
  return colours.getPropertyValue('--' + name);
}

export class Painter {
  #canvas; #pen; #now = 0; #window = 1; width = 0; height = 0;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext('2d');
  }

  /// Wipes the canvas; from here on times are of the window before `now`.
  begin(now, window) {
    const canvas = this.#canvas, scale = devicePixelRatio || 1;
    this.width = canvas.clientWidth;
    this.height = canvas.clientHeight;
    const [wide, high] = [this.width * scale, this.height * scale]
        .map(Math.round);
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    this.#pen.setTransform(scale, 0, 0, scale, 0, 0);
    this.#pen.clearRect(0, 0, this.width, this.height);
    this.#pen.font = '12px ' + getComputedStyle(document.body).fontFamily;
    this.#pen.textBaseline = 'middle';
    this.#now = now;
    this.#window = window;
    this.#grid();
  }

  x(time) {
    return this.width * (1 - (this.#now - time) / this.#window);
  }

  // Of the grid, and half of that of the axis, whose labels stand on its lines.
  get #step() {
    return roundUp(this.#window / 12);
  }

  #grid() {
    for (let ago = this.#step; ago < this.#window; ago += this.#step) {
      const x = this.x(this.#now - ago);
      this.line(x, 0, x, this.height, 'grid');
    }
  }

  line(x0, y0, x1, y1, name, dash = [], width = 1) {
    const pen = this.#pen;
    pen.beginPath();
    pen.setLineDash(dash);
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.strokeStyle = colour(name);
    pen.lineWidth = width;
    pen.stroke();
    pen.setLineDash([]);
  }

  text(words, x, y, name = 'muted', align = 'left') {
    this.#pen.textAlign = align;
    this.#pen.fillStyle = colour(name);
    this.#pen.fillText(words, x, y);
  }

  /// Something that took its time; `hatch` is 'none', 'forward' or 'both'. The
  /// first label is shown that fits inside, before or after it, where `room` is
  /// free: from one x to another; `above` the marks that stand there. Returns
  /// the x where all that ends.
  block(begin, end, {name, hatch = 'none', labels = [], room = [0, 0],
                     above = false, open = false}) {
    const left = Math.max(-4, this.x(begin)), right = this.x(end);
    if (right < 0) return 0;
    const pen = this.#pen, top = 3, height = this.height - 6;
    const width = Math.max(2, right - left);
    pen.fillStyle = colour(width < 5 ? name : name + '-soft');
    pen.fillRect(left, top, width, height);
    if (width >= 5) {
      this.#hatch(left, top, width, height, name, hatch);
      pen.setLineDash(open ? [4, 3] : []);
      pen.strokeStyle = colour(name);
      pen.lineWidth = 1.5;
      pen.strokeRect(left + 0.75, top + 0.75, width - 1.5, height - 1.5);
      pen.setLineDash([]);
    }
    const inner = [Math.max(left, 0), left + width];
    const label = this.#place(labels, inner, room);
    if (label) this.#label(label.words, label.x, {above: above && !label.in});
    return Math.max(left + width, label?.end ?? 0);
  }

  /// The first of the texts that fits between two times.
  note(texts, time, until) {
    const x = this.x(time) + 2, room = this.x(until) - x;
    const words = texts.find((each) => this.#wide(each) < room);
    if (words && x > 0) this.#label(words, x, {name: 'alert'});
  }

  /// Something short: a line, the higher the longer it took.
  mark(time, share, name) {
    const x = this.x(time), ground = this.height - 3;
    this.line(x, ground, x, ground - (this.height - 6) * share, name);
  }

  #hatch(left, top, width, height, name, hatch) {
    if (hatch === 'none') return;
    const pen = this.#pen;
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    pen.globalAlpha = 0.4;
    for (let x = left - height; x < left + width; x += 9) {
      this.line(x, top + height, x + height, top, name, [], 1.5);
      if (hatch === 'both') {
        this.line(x, top, x + height, top + height, name, [], 1.5);
      }
    }
    pen.restore();
  }

  #wide(words) {
    return this.#pen.measureText(words).width + 8;
  }

  // The first of the labels that fits, and where.
  #place(labels, [left, right], [from, until]) {
    for (const words of labels) {
      const wide = this.#wide(words);
      const at = (x, inside) => ({words, x, end: x + wide, in: inside});
      if (wide + 8 < right - left) return at(left + 4, true);
      if (wide + 4 < left - from) return at(left - wide - 2, false);
      if (wide + 4 < Math.min(until, this.width) - right) {
        return at(right + 2, false);
      }
    }
    return null;
  }

  // On a ground of its own, so that no hatch runs through the words.
  #label(words, x, {name = 'fg', above = false}) {
    const pen = this.#pen, middle = above ? 9 : this.height / 2;
    pen.fillStyle = colour('card');
    pen.globalAlpha = 0.85;
    pen.fillRect(x, middle - 8, this.#wide(words), 16);
    pen.globalAlpha = 1;
    this.text(words, x + 4, middle + 0.5, name);
  }

  /// A line through [time, height of 0 to 1] points, filled to the ground.
  area(points, name, dash = []) {
    if (points.length === 0) return;
    const pen = this.#pen, ground = this.height - 2, room = this.height - 6;
    const at = points.map(([time, high]) =>
        [this.x(time), ground - room * Math.min(1, high)]);
    pen.beginPath();
    at.forEach(([x, y]) => pen.lineTo(x, y));
    pen.strokeStyle = colour(name);
    pen.lineWidth = 2;
    pen.lineJoin = 'round';
    pen.setLineDash(dash);
    pen.stroke();
    pen.setLineDash([]);
    pen.lineTo(at.at(-1)[0], ground);
    pen.lineTo(at[0][0], ground);
    pen.globalAlpha = 0.18;
    pen.fillStyle = colour(name);
    pen.fill();
    pen.globalAlpha = 1;
  }

  /// Words and their lines at heights of 0 to 1.
  scale(marks) {
    for (const [high, words] of marks) {
      const y = this.height - 2 - (this.height - 6) * high;
      this.line(0, y, this.width, y, 'rule', [1, 3]);
      this.text(words, 2, high > 0.9 ? y + 7 : y - 7);
    }
  }

  /// "4 s ago ... now" under the lanes.
  axis(words) {
    const step = 2 * this.#step;
    for (let ago = step; ago < 0.95 * this.#window; ago += step) {
      this.text('−' + words(ago), this.x(this.#now - ago), 10, 'muted',
                'center');
    }
    this.text('now', this.width - 1, 10, 'fg', 'right');
  }
}
