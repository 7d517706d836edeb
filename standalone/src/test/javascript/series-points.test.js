import assert from 'node:assert/strict';
import { test } from 'node:test';

import { segmentsOf, usualMs } from '../../main/resources/live/chart/gaps.js';
import { SeriesPoints } from '../../main/resources/live/chart/series-points.js';
import { inWords } from '../../main/resources/dashboard/js/rows.js';
import { random } from './random.js';

const COLUMNS = ['t', 'count', 'min', 'max', 'mean', 'last'];
const SECOND = 1_000;
const at = seconds => new Date(seconds * SECOND).toISOString();
const row = (seconds, count = 1, value = 5) => [at(seconds), count, value, value, value, value];
const gap = seconds => [at(seconds), 0, null, null, null, null];
const point = (seconds, count = 1, value = 5) => ({ t: at(seconds), count, min: value, max: value, mean: value, last: value });
const seconds = segments => segments.map(segment => segment.map(({ t }) => t / SECOND));

function loaded(...rows) {
  const points = new SeriesPoints(SECOND);
  points.load({ columns: COLUMNS, rows });
  return points;
}

test('the columns of an answer are found by their names', () => {
  const points = new SeriesPoints(SECOND);
  points.load({ columns: ['mean', 'count', 't', 'max', 'min', 'last'], rows: [[2, 3, at(7), 9, 1, 4]] });
  assert.deepEqual(points.all(), [{ t: 7_000, count: 3, min: 1, max: 9, mean: 2, last: 4 }]);
});

test('a point of a new window is added, wherever in time it is', () => {
  const points = loaded(row(1), row(3));
  assert.equal(points.apply(point(4)), 'added');
  assert.equal(points.apply(point(2)), 'added');
  assert.deepEqual(points.all().map(({ t }) => t / SECOND), [1, 2, 3, 4]);
});

test('a late reading replaces the point of its window', () => {
  const points = loaded(row(1, 1, 5), row(2, 1, 5));
  assert.equal(points.apply(point(1, 2, 8)), 'changed');
  assert.equal(points.size, 2);
  assert.equal(points.at(1_000).mean, 8);
});

test('what is told once more, and what is older than what is shown, changes nothing', () => {
  const points = loaded(row(1, 3, 7));
  assert.equal(points.apply(point(1, 3, 0)), 'old');
  assert.equal(points.apply(point(1, 2, 0)), 'old');
  assert.equal(points.at(1_000).mean, 7);
});

test('rows that mark gaps are no points, and cut the line', () => {
  const points = loaded(row(1), row(2), gap(3), row(9), row(10));
  assert.equal(points.size, 4);
  assert.deepEqual(seconds(points.segments(0, 20 * SECOND)), [[1, 2], [9, 10]]);
});

test('a gap that cannot be seen from the rows that were chosen is a gap because it is marked', () => {
  // given every tenth window, and nothing between 41 and 49
  const points = loaded(row(10), row(20), row(30), row(40), gap(41), row(50), row(60));
  assert.deepEqual(seconds(points.segments(0, 100 * SECOND)), [[10, 20, 30, 40], [50, 60]]);
});

test('a gap that late readings have filled is none', () => {
  const points = loaded(row(1), row(2), gap(3), row(5), row(6));
  points.apply(point(3));
  points.apply(point(4));
  assert.deepEqual(seconds(points.segments(0, 20 * SECOND)), [[1, 2, 3, 4, 5, 6]]);
});

test('a late reading in the midst of a gap stands alone', () => {
  const points = loaded(row(1), row(2), row(3), gap(4), row(30), row(31), row(32));
  points.apply(point(15));
  assert.deepEqual(seconds(points.segments(0, 60 * SECOND)), [[1, 2, 3], [15], [30, 31, 32]]);
});

test('a gap at the live edge is seen when the next point comes', () => {
  const points = loaded(row(1), row(2), row(3));
  points.apply(point(20));
  assert.deepEqual(seconds(points.segments(0, 60 * SECOND)), [[1, 2, 3], [20]]);
});

test('a metric that is read every ten windows has no gaps', () => {
  const points = loaded(row(10), row(20), row(30));
  points.apply(point(40));
  assert.deepEqual(seconds(points.segments(0, 60 * SECOND)), [[10, 20, 30, 40]]);
  points.apply(point(75));
  assert.deepEqual(seconds(points.segments(0, 90 * SECOND)), [[10, 20, 30, 40], [75]]);
});

test('a range has the window in which it begins, and not the one that begins where it ends', () => {
  const points = loaded(row(1), row(2), row(3), row(4));
  assert.deepEqual(seconds(points.segments(2_500, 4_000)), [[2, 3]]);
});

test('what is dropped is dropped with its marks, and the rest stays', () => {
  const points = loaded(row(1), gap(2), row(9), row(10));
  points.dropBefore(9_000);
  assert.deepEqual(seconds(points.segments(0, 60 * SECOND)), [[9, 10]]);
  points.dropBefore(1_000);
  assert.equal(points.size, 2);
});

/** A thousand rows of an hour that were chosen from its windows, and the next 2,000 windows live, without those in the holes. */
function reducedThenLive({ loadedHole = null, liveHole = null } = {}) {
  const chance = random(7);
  const isIn = (hole, second) => hole !== null && second >= hole.from && second < hole.to;
  const rows = [];
  for (let second = 0; rows.length < 1_000; second += 1 + Math.floor(chance() * 3) + (chance() < 0.1 ? 16 : 0)) {
    if (!isIn(loadedHole, second)) rows.push(row(second));
    else if (rows.at(-1)[1] > 0) rows.push(gap(loadedHole.from));
  }
  const points = loaded(...rows);
  const last = points.all().at(-1).t / SECOND;
  assert.ok(Math.abs(last / rows.length - 3.6) < 0.3, `${last / rows.length} s apart`);
  for (let live = 1; live <= 2_000; live++) if (!isIn(liveHole, live)) points.apply(point(last + live));
  return points;
}

function gapsTold(points) {
  const segments = points.segments(0, 1e9);
  const words = inWords({ name: 'room', unit: '', resolution: '1s', segments }, String, String);
  return Number(/, (\d+) gaps?\.$/.exec(words)?.[1] ?? 0);
}

test('windows that were chosen from many, and then all that come live, are one line', () => {
  const points = reducedThenLive();
  assert.equal(points.segments(0, 1e9).length, 1);
  assert.equal(gapsTold(points), 0);
});

test('a hole among chosen windows is a gap because it is marked, and one among live ones because it is long', () => {
  const [loadedHole, liveHole] = [{ from: 700, to: 740 }, { from: 1_000, to: 1_005 }];
  assert.equal(gapsTold(reducedThenLive({ loadedHole })), 1);
  assert.equal(gapsTold(reducedThenLive({ liveHole })), 1);
  const both = reducedThenLive({ loadedHole, liveHole });
  assert.equal(gapsTold(both), 2);
  // and late readings fill the one of those that were chosen, up to the next of these
  for (let second = 690; second < 765; second++) both.apply(point(second, 9));
  assert.equal(gapsTold(both), 1);
});

test('live windows that are as far apart as those that were read are one line from the first on', () => {
  const points = loaded(...Array.from({ length: 20 }, (_, i) => row(10 * i)));
  for (const second of [200, 210, 225, 240]) points.apply(point(second));
  assert.equal(points.segments(0, 1e9).length, 1);
});

test('where everything that was read is dropped, live windows are still measured by themselves', () => {
  const points = reducedThenLive({ liveHole: { from: 1_000, to: 1_005 } });
  const last = points.all().at(-1).t;
  points.dropBefore(last - 1_500 * SECOND);
  assert.equal(gapsTold(points), 1);
});

test('nothing has no segments, and one point has no usual distance', () => {
  assert.deepEqual(segmentsOf([], SECOND), []);
  assert.equal(usualMs([{ t: 1 }]), 0);
  assert.deepEqual(segmentsOf([{ t: 1 }], SECOND), [[{ t: 1 }]]);
});

test('history joined with live has every window once, whenever it is opened and whatever is told twice', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const chance = random(seed);
    // given a channel that tells each window again and again as its readings come
    const windows = new Map();
    const channel = [];
    for (let i = 0; i < 200; i++) {
      const second = Math.max(0, Math.floor(i / 5) - Math.floor(chance() * 8));
      const before = windows.get(second) ?? [];
      windows.set(second, [...before, chance()]);
      channel.push({ second, values: windows.get(second) });
    }
    // when a chart is opened at any moment, and gets some of what it has already, too
    const position = Math.floor(chance() * channel.length);
    const history = new Map(channel.slice(0, position).map(({ second, values }) => [second, values]));
    const points = loaded(...[...history].map(([second, values]) => row(second, values.length, values.at(-1))));
    const repeated = Math.max(0, position - Math.floor(chance() * 10));
    for (const { second, values } of channel.slice(repeated)) {
      points.apply(point(second, values.length, values.at(-1)));
      if (chance() < 0.1) points.apply(point(second, values.length, values.at(-1)));
    }
    // then it has what there is
    const shown = points.all().map(({ t, count, last }) => [t / SECOND, count, last]);
    const expected = [...windows].sort(([a], [b]) => a - b).map(([second, values]) => [second, values.length, values.at(-1)]);
    assert.deepEqual(shown, expected, `seed ${seed}`);
    assert.deepEqual(points.segments(-SECOND, 1e9).flat(), points.all(), `seed ${seed}: segments lose nothing`);
  }
});
