import assert from 'node:assert/strict';
import { test } from 'node:test';

import { between, bounds, formatRange, isLive, LONGEST_MS, pan, parseRange, PRESETS, SHORTEST_MS, zoom } from '../../main/resources/dashboard/js/range.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const HOUR = 3_600_000;
const standing = { from: NOW - 4 * HOUR, to: NOW - 2 * HOUR };

test('what is offered can be read, and is written in the same way', () => {
  for (const [text] of PRESETS) assert.equal(formatRange(parseRange(text)), text);
});

test('times are read and written', () => {
  const range = parseRange('2026-01-02T03:04:05Z..2026-01-02T04:04:05+00:00');
  assert.deepEqual(range, { from: NOW, to: NOW + HOUR });
  assert.deepEqual(parseRange(formatRange(range)), range);
});

test('what is no range is none', () => {
  const all = ['', 'x', '0m', '-5m', '5', 'm', '5w', '1e3s', '9s', '99999999d', '2026-01-02T03:04:05Z', '..', 'a..b', '2026-01-03T00:00:00Z..2026-01-02T00:00:00Z',
    '2026-01-02T00:00:00Z..2026-01-02T00:00:01Z', '1970-01-01T00:00:00Z..2500-01-01T00:00:00Z', '1960-01-01T00:00:00Z..1960-02-01T00:00:00Z',
    '2026-01-02T00:00:00Z..2026-01-03T00:00:00Z..2026-01-04T00:00:00Z'];
  for (const text of all) assert.equal(parseRange(text), null, text);
});

test('a range that ends now moves on, another stands', () => {
  assert.deepEqual(bounds({ last: HOUR }, NOW), { from: NOW - HOUR, to: NOW });
  assert.deepEqual(bounds(standing, NOW), standing);
});

test('zooming keeps the end of a live range at now', () => {
  assert.deepEqual(zoom({ last: HOUR }, NOW, 0.5), { last: HOUR / 2 });
  assert.deepEqual(zoom({ last: HOUR }, NOW, 2), { last: 2 * HOUR });
});

test('zooming around a moment leaves it where it is', () => {
  const around = standing.from + HOUR / 2;
  const zoomed = zoom(standing, NOW, 0.5, around);
  assert.equal(zoomed.to - zoomed.from, HOUR);
  assert.equal((around - zoomed.from) / HOUR, 0.25);
  assert.deepEqual(zoom(zoom(standing, NOW, 0.5), NOW, 2), standing);
});

test('zooming ends at the shortest and at the longest range, and the result can be read', () => {
  let range = { last: 60_000 };
  for (let i = 0; i < 50; i++) range = zoom(range, NOW, 0.5);
  assert.equal(range.last, SHORTEST_MS);
  for (let i = 0; i < 80; i++) range = zoom(range, NOW, 2);
  assert.equal(range.last, LONGEST_MS);
  assert.deepEqual(parseRange(formatRange(range)), range);
  for (let i = 0; i < 80; i++) range = zoom(range, NOW, 0.7, NOW - HOUR);
  assert.equal(range.to - range.from, SHORTEST_MS);
});

test('nothing after now is shown', () => {
  const moved = pan(standing, NOW, 5);
  assert.deepEqual(moved, { from: NOW - 2 * HOUR, to: NOW });
  assert.ok(zoom(standing, NOW, 10).to <= NOW);
  assert.deepEqual(pan({ last: HOUR }, NOW, 0.5), { last: HOUR });
});

test('an earlier range stands', () => {
  const earlier = pan({ last: HOUR }, NOW, -0.5);
  assert.ok(!isLive(earlier));
  assert.deepEqual(earlier, { from: NOW - 1.5 * HOUR, to: NOW - 0.5 * HOUR });
  assert.ok(pan({ from: 0, to: HOUR }, NOW, -1).from >= 0);
});

test('what is marked is shown, whichever end was first', () => {
  assert.deepEqual(between(standing.to, standing.from, NOW), standing);
  const short = between(NOW - HOUR, NOW - HOUR + 10, NOW);
  assert.equal(short.to - short.from, SHORTEST_MS);
});
