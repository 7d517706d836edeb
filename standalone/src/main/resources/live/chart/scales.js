// What is decided about a chart before anything is drawn. Pure.

/** With more points than this a chart is drawn on a canvas: so many elements or so long paths are slow as SVG. */
export const MOST_ON_SVG = 5_000;

const FEWEST_POINTS = 100;
const MOST_POINTS = 2_000;
const ROOM = 0.05;

/** The windows of resolutions, and the most of them that the server answers for one range. */
const LENGTHS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MOST_WINDOWS = 50_000;

/**
 * The range of values of all windows, bands included, with a little room above and below.
 * @param {{min: number, max: number}[][]} all the points of each series
 * @returns {[number, number]}
 */
export function valueDomain(all) {
  let [low, high] = [Infinity, -Infinity];
  for (const points of all) {
    for (const { min, max } of points) {
      if (min < low) low = min;
      if (max > high) high = max;
    }
  }
  if (low > high) return [0, 1];
  // A line that never moves is in the middle. Half of each first: the difference of two huge values can be infinite.
  const room = low === high ? Math.abs(low) * ROOM || 1 : (high * ROOM - low * ROOM);
  return [Math.max(low - room, -Number.MAX_VALUE), Math.min(high + room, Number.MAX_VALUE)];
}

/** How many points a chart asks for: about one a pixel. @param {number} widthPx */
export function maxPoints(widthPx) {
  return Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, Math.round(widthPx) || 0));
}

/** The length of the windows of a resolution such as `10s`, in milliseconds; NaN if it is none. @param {string} label */
export function lengthOf(label) {
  const [, number, unit] = /^([1-9]\d{0,8})([smhd])$/.exec(label) ?? [];
  return number ? Number(number) * LENGTHS[unit] : NaN;
}

/** Whether the server answers a range at a resolution: it refuses one that has too many windows. @param {number} rangeMs @param {string} label */
export function isOffered(rangeMs, label) {
  return label === 'auto' || Math.ceil(rangeMs / lengthOf(label)) <= MOST_WINDOWS;
}

/**
 * Which of several points is nearest to a time.
 * @template {{t: number}} P
 * @param {P[]} points in the order of time
 * @param {number} ms
 * @returns {P | undefined}
 */
export function nearest(points, ms) {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].t < ms) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [points[low - 1], points[low]];
  return !before || (after && after.t - ms < ms - before.t) ? after : before;
}
