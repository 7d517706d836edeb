// Where a line has to break. Pure. The rule is the server's: a metric that is read every few windows is not full of gaps, so what counts is
// how far apart its points usually are.

const TIMES_THE_USUAL = 3;
const WINDOWS = 2;

/**
 * Cuts points where nothing was read for longer than usual: three times the usual, and two windows.
 * @template {{t: number}} P
 * @param {P[]} points in the order of time
 * @param {number} lengthMs the length of a window; 0 for single readings
 * @param {Set<number>} [marks] times at which the server says that a gap begins: between points that it has left out there may be one that
 *   cannot be seen from those that it shows
 * @returns {P[][]} none of them empty
 */
export function segmentsOf(points, lengthMs, marks = new Set()) {
  if (points.length === 0) return [];
  const longestMs = Math.max(WINDOWS * lengthMs, TIMES_THE_USUAL * usualMs(points));
  const marked = [...marks].sort((a, b) => a - b);
  const segments = [[points[0]]];
  let at = 0;
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1].t, points[i].t];
    while (at < marked.length && marked[at] <= from) at++;
    // A late reading may have filled what was marked: then the points are close together.
    const isMarked = at < marked.length && marked[at] < to && to - from > WINDOWS * lengthMs;
    if (isMarked || to - from > longestMs) segments.push([points[i]]);
    else segments.at(-1).push(points[i]);
  }
  return segments;
}

/** The median of the times between points; 0 if there are fewer than two. @param {{t: number}[]} points */
export function usualMs(points) {
  const apart = points.slice(1).map(({ t }, i) => t - points[i].t).sort((a, b) => a - b);
  return apart[Math.floor(apart.length / 2)] ?? 0;
}
