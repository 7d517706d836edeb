// Ranges of time: `{last: ms}`, which ends now and moves on, or `{from: ms, to: ms}`, which stands. Pure.

/** @typedef {{last: number} | {from: number, to: number}} Range */

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
export const SHORTEST_MS = 10_000;
export const LONGEST_MS = 3_650 * UNITS.d;
const EARLIEST_MS = 0;

/** What is offered to choose from. */
export const PRESETS = [
  ['5m', 'Last 5 minutes'], ['15m', 'Last 15 minutes'], ['1h', 'Last hour'], ['6h', 'Last 6 hours'], ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'], ['30d', 'Last 30 days'], ['365d', 'Last year'],
];

/** @param {Range} range @returns {range is {last: number}} whether it ends now */
export const isLive = range => 'last' in range;

/** @param {Range} range @param {number} now @returns {{from: number, to: number}} */
export function bounds(range, now) {
  return isLive(range) ? { from: now - range.last, to: now } : range;
}

/** @param {Range} range */
export const lengthMs = range => (isLive(range) ? range.last : range.to - range.from);

/** @param {string} text such as `15m`, or two times of RFC 3339 with `..` between them @returns {Range | null} null if it is none */
export function parseRange(text) {
  const [, number, unit] = /^([1-9]\d{0,9})([smhd])$/.exec(text) ?? [];
  if (number) {
    const last = Number(number) * UNITS[unit];
    return last >= SHORTEST_MS && last <= LONGEST_MS ? { last } : null;
  }
  const [from, to, ...more] = text.split('..').map(Date.parse);
  return more.length === 0 && to - from >= SHORTEST_MS && to - from <= LONGEST_MS && from >= EARLIEST_MS ? { from, to } : null;
}

/** @param {Range} range */
export function formatRange(range) {
  if (!isLive(range)) return `${new Date(range.from).toISOString()}..${new Date(range.to).toISOString()}`;
  const [unit, ms] = Object.entries(UNITS).reverse().find(([, each]) => range.last % each === 0 && (each < UNITS.d || range.last > UNITS.d));
  return `${range.last / ms}${unit}`;
}

/**
 * A shorter or longer range around a time. One that ends now, and would end later, goes on ending now.
 * @param {Range} range @param {number} now
 * @param {number} factor less than 1 zooms in
 * @param {number} [aroundMs] the middle by default; what ends now stays there by default
 * @returns {Range}
 */
export function zoom(range, now, factor, aroundMs) {
  const { from, to } = bounds(range, now);
  const length = clamp((to - from) * factor, SHORTEST_MS, LONGEST_MS);
  if (isLive(range) && aroundMs === undefined) return { last: Math.round(length / 1_000) * 1_000 };
  const around = aroundMs ?? (from + to) / 2;
  const share = (around - from) / (to - from);
  return standing(around - share * length, length, now);
}

/** Earlier or later by a part of its length. @param {Range} range @param {number} now @param {number} part @returns {Range} */
export function pan(range, now, part) {
  const { from, to } = bounds(range, now);
  if (isLive(range) && part >= 0) return range;
  return standing(from + part * (to - from), to - from, now);
}

/** What was marked on a chart. @param {number} a @param {number} b @param {number} now @returns {Range} */
export function between(a, b, now) {
  const [from, to] = [Math.min(a, b), Math.max(a, b)];
  const length = clamp(to - from, SHORTEST_MS, LONGEST_MS);
  return standing((from + to) / 2 - length / 2, length, now);
}

/** Nothing is to be seen after now: what would end later ends now, and stands there. */
function standing(from, length, now) {
  const begin = Math.max(EARLIEST_MS, Math.min(from, now - length));
  return { from: Math.round(begin), to: Math.round(begin + length) };
}

function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}
