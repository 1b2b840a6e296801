// What a painter puts where, on a canvas that only takes notes.
import assert from 'node:assert/strict';
import test from 'node:test';

import {Painter} from '../../examples/dashboard/paint.js';

globalThis.devicePixelRatio = 1;
globalThis.document = {body: {}, documentElement: {}};
globalThis.getComputedStyle = () => ({fontFamily: 'sans-serif',
                                      getPropertyValue: (name) => name});
const kWidth = 800, kHeight = 34;

/// A painter whose window is 8 s, so that 10 ms are a pixel; and its calls, as
/// [name, ...arguments].
function painted(window = 8e6) {
  const calls = [];
  const pen = new Proxy({}, {
    get: (_, name) => name === 'measureText' ?
        (words) => ({width: 6 * words.length}) :
        (...all) => calls.push([name, ...all]),
    set: () => true,
  });
  const painter = new Painter({clientWidth: kWidth, clientHeight: kHeight,
                               getContext: () => pen});
  painter.begin(8e6, window);
  const of = (name) => calls.filter(([each]) => each === name)
      .map(([, ...all]) => all);
  return {painter, of};
}

// Where the labels of a block from 4 s to 4.5 s begin, and where all ends.
function labelled(room, labels = ['sleep 500 ms']) {
  const {painter, of} = painted();
  const end = painter.block(4e6, 4.5e6, {name: 'thread', labels, room});
  return {end, words: of('fillText').map(([words, x]) => [words, x])};
}

test('a label stands inside, else before, else after', () => {
  assert.deepEqual(labelled([0, 800], ['500']),
                   {end: 450, words: [['500', 408]]});
  assert.deepEqual(labelled([0, 800]),
                   {end: 450, words: [['sleep 500 ms', 322]]});
  assert.deepEqual(labelled([350, 800]),
                   {end: 532, words: [['sleep 500 ms', 456]]});
});

test('where there is no room a shorter label is taken, or none', () => {
  assert.deepEqual(labelled([350, 500], ['sleep 500 ms', 'sleep']).words,
                   [['sleep', 408]]);
  assert.deepEqual(labelled([400, 450]), {end: 450, words: []});
});

test('a label beside a block leaves the marks below it to be seen', () => {
  const {painter, of} = painted();
  painter.block(4e6, 4.5e6, {name: 'alert', labels: ['sleep_on_loop'],
                             room: [0, 800], above: true});
  const [, ground] = of('fillRect'), [, y, , height] = ground;
  assert.ok(y + height <= kHeight / 2, `${y + height}`);
});

test('words across a hatching stand on a ground of their own', () => {
  const {painter, of} = painted();
  painter.note(['7 events skipped'], 4e6, 8e6);
  const [[x, y, width, height]] = of('fillRect');
  const [[, textX, textY]] = of('fillText');
  assert.ok(x < textX && x + width > textX + 6 * 16);
  assert.ok(y < textY - 6 && y + height > textY + 6);
});

test('each time of the axis stands on a line of the grid', () => {
  for (const window of [8e6, 5e6, 2e6, 5e7, 50]) {
    const {painter, of} = painted(window);
    const lines = of('moveTo').map(([x]) => x);
    painter.axis(String);
    const times = of('fillText').slice(0, -1).map(([, x]) => x);
    assert.ok(times.length >= 2, `${window}`);
    for (const x of times) {
      assert.ok(lines.some((line) => Math.abs(line - x) < 0.01),
                `${window}: ${x}`);
    }
  }
});
