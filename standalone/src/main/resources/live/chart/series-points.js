// The windows of one series as a chart has them: what the server answered, and then what its channel brought. Pure.

import { segmentsOf, usualMs } from './gaps.js';

/** @typedef {{t: number, count: number, min: number, max: number, mean: number, last: number}} Point `t` in milliseconds since the epoch */

export class SeriesPoints {
  /** @type {Map<number, Point>} */
  #byTime = new Map();
  /** What the answer says of gaps. @type {import('./gaps.js').Loaded} */
  #loaded = { toMs: -Infinity, usualMs: 0, gaps: [] };
  /** @type {Point[] | null} */
  #sorted = null;
  #lengthMs;

  /** @param {number} lengthMs the length of a window */
  constructor(lengthMs) { this.#lengthMs = lengthMs; }

  get size() { return this.#byTime.size; }

  /**
   * Takes the rows of an answer, once, before anything else.
   * @param {{columns: string[], rows: any[][]}} answer rows without readings say that a gap begins there, which ends with the next row
   */
  load({ columns, rows }) {
    const points = [];
    const gaps = [];
    let fromMs = null;
    for (const row of rows) {
      const point = pointOf(Object.fromEntries(columns.map((name, i) => [name, row[i]])));
      if (point.count === 0) {
        fromMs = point.t;
        continue;
      }
      if (fromMs !== null) gaps.push({ fromMs, toMs: point.t });
      fromMs = null;
      points.push(point);
      this.#put(point);
    }
    this.#loaded = { toMs: points.at(-1)?.t ?? -Infinity, usualMs: usualMs(points), gaps };
  }

  /**
   * Takes the state of a window that the channel brought. The number of readings of a window grows with each of its states, so one that is
   * not greater is a repetition or older than what is shown.
   * @param {any} data of an event `point`
   * @returns {'added' | 'changed' | 'old'}
   */
  apply(data) {
    const point = pointOf(data);
    const before = this.#byTime.get(point.t);
    if (before && before.count >= point.count) return 'old';
    this.#put(point);
    return before ? 'changed' : 'added';
  }

  /** Forgets windows that begin before a time. @param {number} ms */
  dropBefore(ms) {
    this.#loaded.gaps = this.#loaded.gaps.filter(({ toMs }) => toMs > ms);
    if (!(this.all()[0]?.t < ms)) return;
    for (const t of this.#byTime.keys()) if (t < ms) this.#byTime.delete(t);
    this.#sorted = null;
  }

  /** The window that begins at a time. @param {number} ms @returns {Point | undefined} */
  at(ms) { return this.#byTime.get(ms); }

  /** @returns {Point[]} in the order of time */
  all() {
    this.#sorted ??= [...this.#byTime.values()].sort((a, b) => a.t - b.t);
    return this.#sorted;
  }

  /** The windows that touch a range, whose end is exclusive. @param {number} fromMs @param {number} toMs */
  between(fromMs, toMs) {
    return this.all().filter(({ t }) => t > fromMs - this.#lengthMs && t < toMs);
  }

  /** The same, cut where there are gaps. @param {number} fromMs @param {number} toMs @returns {Point[][]} */
  segments(fromMs, toMs) {
    return segmentsOf(this.between(fromMs, toMs), this.#lengthMs, this.#loaded);
  }

  /** @param {Point} point */
  #put(point) {
    this.#byTime.set(point.t, point);
    this.#sorted = null;
  }
}

/** @param {any} values @returns {Point} */
function pointOf({ t, count, min, max, mean, last }) {
  return { t: Date.parse(t), count, min, max, mean, last };
}
