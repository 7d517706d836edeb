// Where a line has to break. Pure. The rule is the server's: a metric that is read every few windows is not full of gaps, so what counts is
// how far apart its points usually are. The server knows all windows and answers some of them, so among these it says itself where a gap
// is: how far apart they are is how they were chosen. What comes live comes in full, and is measured.

const TIMES_THE_USUAL = 3;
const WINDOWS = 2;

/** How many distances the usual one of the answer counts for among those of live points, until there are enough of these. */
const SEED = 9;

/**
 * What an answer of the server says of its rows.
 * @typedef {object} Loaded
 * @property {number} toMs the time of its last row
 * @property {number} usualMs how far apart its rows usually are; 0 if there are fewer than two
 * @property {{fromMs: number, toMs: number}[]} gaps from the window that is missing first to the next row, in the order of time
 */

/** @type {Loaded} */
const NOTHING = { toMs: -Infinity, usualMs: 0, gaps: [] };

/**
 * Cuts points where nothing was read for longer than usual: three times the usual, and two windows. Up to the last row of an answer that
 * is where the answer has a gap, as far as late readings have not filled it.
 * @template {{t: number}} P
 * @param {P[]} points in the order of time
 * @param {number} lengthMs the length of a window
 * @param {Loaded} [loaded] of the answer that the points begin with; without one all of them count as live
 * @returns {P[][]} none of them empty
 */
export function segmentsOf(points, lengthMs, loaded = NOTHING) {
  if (points.length === 0) return [];
  const { toMs, usualMs: loadedMs, gaps } = loaded;
  const longest = usual => Math.max(WINDOWS * lengthMs, TIMES_THE_USUAL * usual);
  const longestLoadedMs = longest(loadedMs);
  const longestLiveMs = longest(usualLiveMs(points, loaded));
  const segments = [[points[0]]];
  let at = 0;
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1].t, points[i].t];
    while (at < gaps.length && gaps[at].toMs <= from) at++;
    const isCut = to > toMs ? to - from > longestLiveMs : isGap(from, to, gaps[at], longestLoadedMs);
    if (isCut) segments.push([points[i]]);
    else segments.at(-1).push(points[i]);
  }
  return segments;
}

/** The median of the times between points; 0 if there are fewer than two. @param {{t: number}[]} points */
export function usualMs(points) {
  return median(distances(points));
}

/** @param {{fromMs: number, toMs: number} | undefined} gap the first that ends behind `from` */
function isGap(from, to, gap, longestMs) {
  if (!gap || to <= gap.fromMs) return false;
  // One that is whole is one because the server says so. Of one that late readings have come into, what is left is measured.
  const isWhole = from < gap.fromMs && to >= gap.toMs;
  return isWhole || to - from > longestMs;
}

function usualLiveMs(points, { toMs, usualMs: loadedMs }) {
  const firstLive = points.findIndex(({ t }) => t > toMs);
  const live = firstLive === -1 ? [] : distances(points.slice(Math.max(0, firstLive - 1)));
  return median(loadedMs > 0 ? [...live, ...Array(SEED).fill(loadedMs)] : live);
}

function distances(points) {
  return points.slice(1).map(({ t }, i) => t - points[i].t);
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
