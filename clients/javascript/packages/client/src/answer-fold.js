// The events of an answer's channel as one text: docs/answers.md has the four rules that a reader keeps. Pure.

/** @typedef {import('./answers.js').AnswerEvent} AnswerEvent */
/** @typedef {import('./answers.js').AnswerView} AnswerView */

const CANCELLED = 'answer_cancelled';
const ENDS = ['answer_completed', 'answer_failed'];

export class AnswerFold {
  /** The attempt that counts; 0 before the first. */
  attempt = 0;
  /** What it has said. */
  text = '';
  /** How it has ended. @type {AnswerEvent | null} */
  end = null;
  #next = 0;
  #highest = -1;
  /** The attempt whose hole was told. */
  #told = 0;

  /** Whether an event of the attempt is missing before one that has come. */
  get hasHole() { return this.#highest >= this.#next; }

  /** Whether the hole of this attempt was told. */
  get isHoleTold() { return this.#told === this.attempt; }

  /** Whether nothing more counts, whatever comes. */
  get isOver() { return this.end?.type === CANCELLED; }

  /**
   * Takes an event of the channel, also one that was taken before.
   * @param {string} type @param {any} data
   * @returns {AnswerEvent | null} it, if it counts and is new
   */
  take(type, data) {
    if (this.isOver) return null;
    if (type === CANCELLED) return this.#ended({ type });
    const { attempt, seq } = data ?? {};
    if (!Number.isInteger(attempt) || !Number.isInteger(seq) || attempt < this.attempt) return null;
    if (attempt > this.attempt) this.#begin(attempt);
    this.#highest = Math.max(this.#highest, seq);
    // Also what is behind its end.
    if (this.end !== null || seq !== this.#next) return null;
    this.#next++;
    const event = /** @type {AnswerEvent} */ ({ ...data, type });
    if (event.type === 'answer_delta') this.text += event.text;
    return ENDS.includes(type) ? this.#ended(event) : event;
  }

  /** Tells that what follows of the attempt does not count. @returns {AnswerEvent} */
  tellHole() {
    this.#told = this.attempt;
    return { type: 'gap', attempt: this.attempt };
  }

  /**
   * Ends it as the server says that it has ended, where its channel does not.
   * @param {AnswerView} view
   * @returns {AnswerEvent[]} none if the server cannot say the text now
   */
  close({ state, attempt, model = '', text, finish_reason = 'unknown', usage, error }) {
    if (state === 'cancelled') return [this.#ended({ type: CANCELLED })];
    if (state === 'failed') {
      const { reason = 'unknown', detail = '' } = error ?? {};
      return [this.#ended({ type: 'answer_failed', attempt, reason, detail })];
    }
    if (text === undefined) return [];
    /** @type {AnswerEvent[]} */
    const events = [];
    if (attempt !== this.attempt || text !== this.text) {
      this.#begin(attempt);
      this.text = text;
      events.push({ type: 'answer_started', attempt, model }, { type: 'answer_delta', attempt, text });
    }
    events.push(this.#ended({ type: 'answer_completed', attempt, model, finish_reason, ...(usage && { usage }) }));
    return events;
  }

  /** @param {number} attempt */
  #begin(attempt) {
    this.attempt = attempt;
    this.text = '';
    this.end = null;
    this.#next = 0;
    this.#highest = -1;
  }

  /** @param {AnswerEvent} event */
  #ended(event) {
    this.end = event;
    return event;
  }
}
