// The windows of one series as a chart has them: what the server answered, and then what its channel brought. Pure.

import { segmentsOf } from './gaps.js';

/** @typedef {{t: number, count: number, min: number, max: number, mean: number, last: number}} Point `t` in milliseconds since the epoch */

export class SeriesPoints {
  /** @type {Map<number, Point>} */
  #byTime = new Map();
  /** Where the server says that a gap begins. @type {Set<number>} */
  #marks = new Set();
  /** @type {Point[] | null} */
  #sorted = null;
  #lengthMs;

  /** @param {number} lengthMs the length of a window */
  constructor(lengthMs) { this.#lengthMs = lengthMs; }

  get size() { return this.#byTime.size; }

  /**
   * Takes the rows of an answer.
   * @param {{columns: string[], rows: any[][]}} answer
   */
  load({ columns, rows }) {
    for (const row of rows) {
      const values = Object.fromEntries(columns.map((name, i) => [name, row[i]]));
      const point = pointOf(values);
      if (point.count > 0) this.#put(point);
      else this.#marks.add(point.t);
    }
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
    for (const t of this.#marks) if (t < ms) this.#marks.delete(t);
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
    return segmentsOf(this.between(fromMs, toMs), this.#lengthMs, this.#marks);
  }

  /** @param {Point} point */
  #put(point) {
    this.#byTime.set(point.t, point);
    this.#marks.delete(point.t);
    this.#sorted = null;
  }
}

/** @param {any} values @returns {Point} */
function pointOf({ t, count, min, max, mean, last }) {
  return { t: Date.parse(t), count, min, max, mean, last };
}
