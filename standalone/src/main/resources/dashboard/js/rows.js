// The table of a panel: its rows, their order, and the same as CSV and in words. Pure.

/** @typedef {{metric: string, unit: string, t: number, count: number, min: number, mean: number, max: number}} Row */

export const COLUMNS = [
  { key: 't', label: 'Time', isNumber: false },
  { key: 'metric', label: 'Metric', isNumber: false },
  { key: 'count', label: 'Readings', isNumber: true },
  { key: 'min', label: 'Least', isNumber: true },
  { key: 'mean', label: 'Mean', isNumber: true },
  { key: 'max', label: 'Greatest', isNumber: true },
];

/** @param {{name: string, unit: string, points: import('/live/chart/series-points.js').Point[]}[]} series @returns {Row[]} */
export function rowsOf(series) {
  return series.flatMap(({ name, unit, points }) => points.map(({ t, count, min, mean, max }) => ({ metric: name, unit, t, count, min, mean, max })));
}

/**
 * @param {Row[]} rows @param {string} key @param {boolean} descends
 * @returns {Row[]} a copy; what is equal stands in the order of time
 */
export function sorted(rows, key, descends) {
  const sign = descends ? -1 : 1;
  const compare = key === 'metric' ? (a, b) => a.metric.localeCompare(b.metric) : (a, b) => a[key] - b[key];
  return [...rows].sort((a, b) => sign * compare(a, b) || a.t - b.t);
}

/** As RFC 4180 says. @param {Row[]} rows */
export function csvOf(rows) {
  const lines = rows.map(({ metric, unit, t, count, min, mean, max }) => [text(metric), text(unit), new Date(t).toISOString(), count, min, mean, max]);
  return [['metric', 'unit', 't', 'count', 'min', 'mean', 'max'], ...lines].map(line => `${line.join(',')}\r\n`).join('');
}

/**
 * What is seen, for whoever does not see it.
 * @param {{name: string, unit: string, resolution: string, segments: import('/live/chart/series-points.js').Point[][]}} series
 * @param {(value: number) => string} number @param {(ms: number) => string} time
 */
export function inWords({ name, unit, resolution, segments }, number, time) {
  const points = segments.flat();
  if (points.length === 0) return `${name}: no readings in this range.`;
  const lowest = points.reduce((a, b) => (b.min < a.min ? b : a));
  const highest = points.reduce((a, b) => (b.max > a.max ? b : a));
  const count = points.reduce((sum, p) => sum + p.count, 0);
  const value = v => `${number(v)}${unit && ` ${unit}`}`;
  const gaps = segments.length - 1;
  return `${name}: ${some(points.length, 'window')} of ${resolution} with ${some(count, 'reading')}, least ${value(lowest.min)} at ${time(lowest.t)}, `
    + `greatest ${value(highest.max)} at ${time(highest.t)}, last ${value(points.at(-1).last)} at ${time(points.at(-1).t)}`
    + `${gaps > 0 ? `, ${some(gaps, 'gap')}` : ''}.`;
}

/**
 * What a bridge could not copy.
 * @param {string} name of the metric @param {{from: ?string, to: ?string, reason: string}} gap @param {(ms: number) => string} time
 */
export function gapInWords(name, { from, to, reason }, time) {
  const when = [from && ` from ${time(Date.parse(from))}`, to && ` to ${time(Date.parse(to))}`].filter(Boolean).join('');
  return `${name}: readings${when} are missing here. ${reason}`;
}

function some(count, what) {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A field. A spreadsheet takes what begins like a formula for one, and names are whatever somebody has sent. */
function text(value) {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
