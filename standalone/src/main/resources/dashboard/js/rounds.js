// How often something that begins anew each time it ends has come to nothing, so that the pauses between can grow. Pure.

/** What was followed for so long is no failure to follow: longer than the longest pause. */
const LASTING_MS = 30_000;

export class Rounds {
  #short = 0;
  /** @type {number | null} */
  #sinceMs = null;

  /** This time it has begun. @param {number} nowMs of a clock that only goes on */
  follows(nowMs) { this.#sinceMs = nowMs; }

  /**
   * It has ended, or has not begun.
   * @param {number} nowMs
   * @returns {number} how many have ended soon, one after the other, with this one: at least 1
   */
  ended(nowMs) {
    const hasLasted = this.#sinceMs !== null && nowMs - this.#sinceMs >= LASTING_MS;
    this.#sinceMs = null;
    this.#short = hasLasted ? 1 : this.#short + 1;
    return this.#short;
  }
}
