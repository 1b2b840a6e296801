// Numbers as a person reads them, and elements made of text.

/// 12 -> "12 µs", 1234 -> "1.2 ms", 2500000 -> "2.5 s", 600e6 -> "10 min".
export function duration(us) {
  if (us == null || Number.isNaN(us)) return '–';
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 999_500) return `${significant(us / 1000)} ms`;
  if (us < 120e6) return `${significant(us / 1e6)} s`;
  if (us < 7200e6) return `${Math.round(us / 60e6)} min`;
  return `${Math.round(us / 3600e6)} h`;
}

function significant(number) {
  const short = number < 10 && !Number.isInteger(number);
  return short ? number.toFixed(1) : String(Math.round(number));
}

/// 1234567 -> "1,234,567".
export function count(number) {
  return Math.round(number ?? 0).toLocaleString('en-US');
}

/// "1 job", "2 jobs".
export function counted(number, one, many = one + 's') {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/// "52 ticks"; "52 ticks seen" where others were skipped.
export function ticksOf({sums, seen}) {
  return counted(sums.ticks, 'tick') + (seen ? ' seen' : '');
}

/// 65536 -> "64 KiB".
export function bytes(number) {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  while (number >= 1024 && unit < units.length - 1) {
    number /= 1024;
    ++unit;
  }
  return `${number < 10 && unit > 0 ? number.toFixed(1) : Math.round(number)} ${
      units[unit]}`;
}

/// 0.021 -> "2.1 %".
export function percent(share) {
  const number = 100 * share;
  return `${number < 10 ? number.toFixed(1) : Math.round(number)} %`;
}

export function byId(id) {
  return document.getElementById(id);
}

/// An element with a class and children. Strings become text, never markup.
export function element(tag, className = '', ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/// The same in SVG, with attributes.
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/// Writes only what changed: what is selected or read aloud stays.
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
