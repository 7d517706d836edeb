import assert from 'node:assert/strict';
import { test } from 'node:test';

import { csvOf, gapInWords, inWords, rowsOf, sorted } from '../../main/resources/dashboard/js/rows.js';

const point = (t, mean, count = 1) => ({ t, count, min: mean - 1, mean, max: mean + 1, last: mean });
const rows = rowsOf([
  { name: 'room', unit: '°C', points: [point(1_000, 5), point(2_000, 4, 3)] },
  { name: 'cellar', unit: '', points: [point(1_000, 7)] },
]);

test('each window of each metric is a row', () => {
  assert.equal(rows.length, 3);
  assert.deepEqual(rows[1], { metric: 'room', unit: '°C', t: 2_000, count: 3, min: 3, mean: 4, max: 5 });
});

test('rows are sorted by any column, and what is equal by time', () => {
  const means = (key, descends) => sorted(rows, key, descends).map(({ mean }) => mean);
  assert.deepEqual(means('mean', false), [4, 5, 7]);
  assert.deepEqual(means('mean', true), [7, 5, 4]);
  assert.deepEqual(means('t', true), [4, 5, 7]);
  assert.deepEqual(means('metric', false), [7, 5, 4]);
  assert.deepEqual(means('count', false), [5, 7, 4]);
  assert.equal(rows[0].mean, 5, 'what is sorted is a copy');
});

test('numbers are sorted as numbers', () => {
  const many = rowsOf([{ name: 'a', unit: '', points: [point(1, 10), point(2, 9), point(3, -100)] }]);
  assert.deepEqual(sorted(many, 'mean', false).map(({ mean }) => mean), [-100, 9, 10]);
});

test('CSV is what RFC 4180 says', () => {
  const text = csvOf(rowsOf([{ name: 'a "b", c\nd', unit: 'm,s', points: [point(0, 1.5)] }]));
  assert.equal(text, 'metric,unit,t,count,min,mean,max\r\n"a ""b"", c\nd","m,s",1970-01-01T00:00:00.000Z,1,0.5,1.5,2.5\r\n');
});

test('a name is no formula of a spreadsheet', () => {
  for (const name of ['=1+1', '+1', '-1', '@sum']) assert.match(csvOf(rowsOf([{ name, unit: '', points: [point(0, 1)] }])), /\r\n'[=+\-@]/);
  assert.match(csvOf(rowsOf([{ name: 'a', unit: '', points: [point(0, -5)] }])), /,-6,-5,-4\r\n$/);
});

test('a chart is told in words', () => {
  const segments = [[point(1_000, 5), point(2_000, 4, 3)], [point(9_000, 8)]];
  const words = inWords({ name: 'room', unit: '°C', resolution: '1s', segments }, String, ms => `${ms / 1_000} s`);
  assert.equal(words, 'room: 3 windows of 1s with 5 readings, least 3 °C at 2 s, greatest 9 °C at 9 s, last 8 °C at 9 s, 1 gap.');
  assert.equal(inWords({ name: 'room', unit: '', resolution: '1s', segments: [] }, String, String), 'room: no readings in this range.');
});

test('a gap is told with the times that are known', () => {
  const gap = { from: '1970-01-01T00:00:01Z', to: '1970-01-01T00:00:09Z', reason: 'The source has lost them.' };
  const seconds = ms => `${ms / 1_000} s`;
  assert.equal(gapInWords('room', gap, seconds), 'room: readings from 1 s to 9 s are missing here. The source has lost them.');
  assert.equal(gapInWords('room', { ...gap, from: null, to: null }, seconds), 'room: readings are missing here. The source has lost them.');
});
