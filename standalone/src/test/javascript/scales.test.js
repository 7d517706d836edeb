import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isOffered, lengthOf, maxPoints, nearest, valueDomain } from '../../main/resources/live/chart/scales.js';

const DAY = 86_400_000;
const band = (min, max) => ({ min, max });

test('the axis has the bands of all lines with a little room', () => {
  const [low, high] = valueDomain([[band(2, 3), band(1, 4)], [band(-5, 0)]]);
  assert.ok(low < -5 && low > -6);
  assert.ok(high > 4 && high < 5);
});

test('a line that never moves is in the middle of the axis', () => {
  assert.deepEqual(valueDomain([[band(0, 0)]]), [-1, 1]);
  const [low, high] = valueDomain([[band(20, 20), band(20, 20)]]);
  assert.equal((low + high) / 2, 20);
  assert.ok(low < 20);
});

test('without points there is an axis all the same', () => {
  assert.deepEqual(valueDomain([]), [0, 1]);
  assert.deepEqual(valueDomain([[]]), [0, 1]);
});

test('the greatest numbers there are do not become infinite', () => {
  const [low, high] = valueDomain([[band(-Number.MAX_VALUE, Number.MAX_VALUE)]]);
  assert.ok(Number.isFinite(low) && Number.isFinite(high));
});

test('a chart asks for about a point a pixel, within bounds that the server takes', () => {
  assert.equal(maxPoints(640.4), 640);
  assert.equal(maxPoints(12), 100);
  assert.equal(maxPoints(0), 100);
  assert.equal(maxPoints(NaN), 100);
  assert.equal(maxPoints(9_000), 2_000);
});

test('resolutions have lengths, and other words have none', () => {
  assert.equal(lengthOf('1s'), 1_000);
  assert.equal(lengthOf('10s'), 10_000);
  assert.equal(lengthOf('1m'), 60_000);
  assert.equal(lengthOf('1h'), 3_600_000);
  assert.equal(lengthOf('2d'), 2 * DAY);
  for (const word of ['auto', '', '0s', 's', '1 s', '-1s', '1w', '1.5s']) assert.ok(Number.isNaN(lengthOf(word)), word);
});

test('a resolution is offered where the server would answer', () => {
  assert.ok(isOffered(50_000_000, '1s'));
  assert.ok(!isOffered(50_000_001, '1s'));
  assert.ok(isOffered(5 * DAY, '10s'));
  assert.ok(!isOffered(3_650 * DAY, '1m'));
  assert.ok(isOffered(3_650 * DAY, 'auto'));
  assert.ok(!isOffered(DAY, 'nonsense'));
});

test('the nearest window to a moment is found, also at the ends', () => {
  const points = [10, 20, 40].map(t => ({ t }));
  assert.equal(nearest(points, 0).t, 10);
  assert.equal(nearest(points, 14).t, 10);
  assert.equal(nearest(points, 16).t, 20);
  assert.equal(nearest(points, 20).t, 20);
  assert.equal(nearest(points, 99).t, 40);
  assert.equal(nearest([], 5), undefined);
});
