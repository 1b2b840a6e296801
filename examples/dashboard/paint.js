// A canvas with a time axis: its right edge is now, and the past moves left.

const kSteps = [1, 2, 5];

/// The smallest of 1, 2, 5, 10, 20, 50, ... that is not below `least`.
export function roundUp(least) {
  let power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  for (; ; power *= 10) {
    const step = kSteps.find((each) => each * power >= least * (1 - 1e-9));
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

  #grid() {
    const step = roundUp(this.#window / 12);
    for (let t = Math.floor(this.#now / step) * step;
         t > this.#now - this.#window; t -= step) {
      this.line(this.x(t), 0, this.x(t), this.height, 'grid');
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

  /// Something that took its time; `hatch` is 'none', 'forward' or 'both'. What
  /// is too short to have a border is a line as high as the lane.
  block(begin, end, {name, hatch = 'none', label = '', open = false}) {
    const left = Math.max(-4, this.x(begin)), right = this.x(end);
    if (right < 0) return;
    const pen = this.#pen, top = 3, height = this.height - 6;
    const width = Math.max(1.5, right - left);
    pen.fillStyle = colour(width < 5 ? name : name + '-soft');
    pen.fillRect(left, top, width, height);
    if (width < 5) return;
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    this.#hatch(left, width, name, hatch);
    this.#label(label, Math.max(left, 0) + 6, right, top + height / 2);
    pen.restore();
    pen.setLineDash(open ? [4, 3] : []);
    pen.strokeStyle = colour(name);
    pen.lineWidth = 1.5;
    pen.strokeRect(left + 0.75, top + 0.75, width - 1.5, height - 1.5);
    pen.setLineDash([]);
  }

  #hatch(left, width, name, hatch) {
    if (hatch === 'none') return;
    const high = this.height, pen = this.#pen;
    pen.globalAlpha = 0.4;
    for (let x = left - high; x < left + width; x += 9) {
      this.line(x, high, x + high, 0, name, [], 1.5);
      if (hatch === 'both') this.line(x, 0, x + high, high, name, [], 1.5);
    }
    pen.globalAlpha = 1;
  }

  // On a ground of its own, so that a hatch does not run through the words.
  #label(words, left, right, middle) {
    if (words === '' || right - left < 24) return;
    const pen = this.#pen;
    const wide = Math.min(pen.measureText(words).width, right - left - 4);
    pen.fillStyle = colour('card');
    pen.globalAlpha = 0.75;
    pen.fillRect(left - 3, middle - 8, wide + 6, 16);
    pen.globalAlpha = 1;
    this.text(words, left, middle + 0.5, 'fg');
  }

  /// Events were lost here.
  gap({time, count}) {
    const x = this.x(time);
    if (x < -60) return;
    this.line(x, 0, x, this.height, 'alert', [2, 3], 3);
    this.text(`${count} skipped`, x + 4, 8, 'alert');
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
    const step = roundUp(this.#window / 6);
    for (let ago = step; ago < this.#window; ago += step) {
      this.text('−' + words(ago), this.x(this.#now - ago), 10, 'muted',
                'center');
    }
    this.text('now', this.width - 1, 10, 'fg', 'right');
  }
}
