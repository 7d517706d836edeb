/**
 * Asking models. An answer is events of a channel, so it goes on over a lost connection, a reload and a second tab. An entry of its own, so
 * that a page which only follows channels does not load it.
 * @module @tailrace/client/answers
 */

import { aborted } from './abort.js';
import { AnswerFold } from './answer-fold.js';
import { history, MAX_PAGE } from './history.js';
import { newKey, retried } from './requests.js';

/** @typedef {import('./history.js').Source} Source */
/** @typedef {{role: 'system' | 'user' | 'assistant', content: string}} Message */
/**
 * @typedef {object} Question
 * @property {string} model one of those that `models` gives
 * @property {Message[]} messages what was said so far, the question last
 * @property {string[]} [uploads] ids of uploads, whose passages the model is given
 * @property {number} [maxTokens] the most tokens of the answer
 * @property {number} [temperature] 0 to 2
 * @property {string} [idempotencyKey] the same key is the same answer; by default a new one for each call
 * @property {number} [retryForMs] how long the question is sent again, 30 s by default
 * @property {AbortSignal} [signal] ends the waiting, and not the answer: that is `cancel`
 */
/** @typedef {{input_tokens: number, output_tokens: number, total_tokens: number, cost?: number}} Usage */
/** A passage that the model was given. @typedef {{number: number, upload: string, name?: string, page: number, text?: string}} Citation */
/**
 * What happens to an answer; docs/answers.md explains each. `answer_started` begins anew: what was said before counts no more. `gap`: what else this
 * attempt says has a hole and does not come; an `answer_started` or the end follows.
 * @typedef {{type: 'answer_started', attempt: number, model: string, citations?: Citation[]}
 *   | {type: 'answer_reasoning', attempt: number, text: string}
 *   | {type: 'answer_delta', attempt: number, text: string}
 *   | {type: 'answer_tool_call', attempt: number, index: number, id?: string, name?: string, arguments: string}
 *   | {type: 'answer_usage', attempt: number, usage: Usage}
 *   | {type: 'answer_completed', attempt: number, model: string, finish_reason: string, usage?: Usage, citations?: Citation[]}
 *   | {type: 'answer_failed', attempt: number, reason: string, detail: string}
 *   | {type: 'answer_cancelled'}
 *   | {type: 'gap', attempt: number}} AnswerEvent
 */
/**
 * What `GET /answers/{id}` says.
 * @typedef {{id: string, channel: string, state: 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled', model?: string, attempt: number,
 *   created_at: string, started_at?: string, finished_at?: string, text?: string, finish_reason?: string, usage?: Usage,
 *   error?: {reason: string, detail: string}}} AnswerView
 */
/**
 * @typedef {{name: string, provider: string, max_tokens: number, input_price?: number, output_price?: number, fallbacks: string[],
 *   reachable: boolean, reason?: string}} Model
 */

/** After so long without an event the server is asked whether the answer has ended in another way, in milliseconds. */
export const CHECK_MS = 15_000;

/** An answer that has no whole text: it failed (`reason` as the server says), or was cancelled (`cancelled`). */
export class AnswerError extends Error {
  /** @param {string} reason @param {string} detail @param {string} text */
  constructor(reason, detail, text) {
    super(detail || reason);
    this.name = 'AnswerError';
    this.reason = reason;
    /** What it has said until then. */
    this.text = text;
  }
}

/** An answer, which runs whether somebody reads it or not. `for await (const event of answer)` begins at its beginning, each time. */
export class Answer {
  #client;
  #signal;
  #checkMs;
  /** Before this attempt has ended the answer has not, whatever an earlier one says. */
  #least;

  /**
   * @internal
   * @param {Source} client @param {{id: string, channel: string}} accepted @param {{signal?: AbortSignal, checkMs?: number, least?: number}} [options]
   */
  constructor(client, { id, channel }, { signal, checkMs = CHECK_MS, least = 0 } = {}) {
    this.#client = client;
    this.#signal = signal;
    this.#checkMs = checkMs;
    this.#least = least;
    /** What `resumeAnswer` needs: keep it where a reload finds it. */
    this.id = id;
    /** Where its events are. */
    this.channel = channel;
  }

  /**
   * Cancels it. What was said until then stays.
   * @returns {Promise<string>} its state then: `cancelled`, how it has ended before that, or an earlier one if that is not decided yet
   */
  async cancel() {
    const access = this.#client.access();
    const url = `${access.url}/answers/${this.id}/cancel`;
    try {
      return (await retried(access, url, { method: 'POST' }, undefined, isAnswer)).state;
    } catch (fault) {
      if (!(fault instanceof access.Problem) || fault.status !== 409) throw fault;
      return (await this.view()).state;
    }
  }

  /** What the server says of it now, with the text that there is. @returns {Promise<AnswerView>} */
  async view() {
    return view(this.#client, this.id);
  }

  /**
   * The whole text, when it is there.
   * @returns {Promise<string>}
   * @throws {AnswerError} if it failed or was cancelled
   */
  async text() {
    let text = '';
    for await (const event of this) {
      if (event.type === 'answer_started') text = '';
      else if (event.type === 'answer_delta') text += event.text;
      else if (event.type === 'answer_failed') throw new AnswerError(event.reason, event.detail, text);
      else if (event.type === 'answer_cancelled') throw new AnswerError('cancelled', 'the answer was cancelled', text);
    }
    return text;
  }

  /**
   * Its events from the beginning to the end, whatever connections are lost. Leaving the loop does not end the answer.
   * @returns {AsyncGenerator<AnswerEvent, void, void>}
   * @throws {import('./http.js').Problem} if its channel may not be read
   */
  async* [Symbol.asyncIterator]() {
    const fold = new AnswerFold();
    const waiting = new Waiting(this.#client, this.channel, this.#signal);
    const isEnded = () => fold.isOver || (fold.end !== null && fold.attempt >= this.#least);
    try {
      for (let mustCheck = false; !isEnded();) {
        if (mustCheck) {
          yield* this.#check(fold);
          if (isEnded()) return;
        }
        const next = await waiting.next(this.#checkMs);
        const event = next?.kind === 'event' ? fold.take(next.type, next.data) : null;
        if (event) yield event;
        // Silence, a loss of the connection's or of the log's own.
        mustCheck = next?.kind !== 'event' || (fold.hasHole && !fold.isHoleTold);
      }
    } finally {
      waiting.end();
    }
  }

  /**
   * Reads what the log has of it, and how it has ended if it has.
   * @param {AnswerFold} fold
   * @returns {AsyncGenerator<AnswerEvent, void, void>}
   */
  async* #check(fold) {
    const { Problem } = this.#client.access();
    try {
      // Before the log: what has ended has all of its events there.
      const now = await this.view();
      for (let after = 'earliest', more = true; more;) {
        const { deliveries, next } = await history(this.#client, this.channel, { after, limit: MAX_PAGE });
        for (const each of deliveries) {
          const event = each.kind === 'event' ? fold.take(each.type, each.data) : null;
          if (event) yield event;
        }
        after = next ?? '';
        more = next !== null;
      }
      if (hasEnded(now) && (fold.end === null || fold.attempt < now.attempt)) yield* fold.close(now);
      else if (fold.hasHole && !fold.isHoleTold) yield fold.tellHole();
    } catch (fault) {
      // The server is away: the channel goes on when it is back, and the next silence asks again.
      if (!(fault instanceof Problem) || !fault.passes) throw fault;
    }
  }
}

/**
 * An answer that is asked for: a promise of it, a loop over its events, and its text, all at once.
 * @typedef {Promise<Answer> & AsyncIterable<AnswerEvent> & {text: () => Promise<string>}} Asked
 */

/** @param {Promise<Answer>} promise @returns {Asked} */
const asked = promise => Object.assign(promise, {
  async* [Symbol.asyncIterator]() { yield* await promise; },
  text: async () => (await promise).text(),
});

/**
 * Asks a model: `for await (const event of answer(client, {…}))`, `await answer(client, {…}).text()`, or `await answer(client, {…})` for an answer
 * with its `id`. The question is sent again with one idempotency key until there is an answer, so that a lost one is no second one. The promise is
 * rejected with a Problem if it is refused, or there is no word of the server when the time is over.
 * @param {Source} client a TailraceClient or a SharedClient
 * @param {Question} question
 * @returns {Asked}
 */
export function answer(client, question) {
  return asked(ask(client, question));
}

/**
 * An answer that was asked for before, by this page or by another one. Its events come from the beginning. The promise is rejected with a Problem, 404 if
 * there is no such answer of this person, or it is forgotten.
 * @param {Source} client @param {string} id @param {{signal?: AbortSignal}} [options]
 * @returns {Asked}
 */
export function resumeAnswer(client, id, options) {
  return asked(resume(client, id, options));
}

/** @param {Source} client @param {Question} question @returns {Promise<Answer>} */
async function ask(client, { maxTokens, idempotencyKey = newKey(), retryForMs, signal, ...body }) {
  const access = client.access();
  const request = {
    method: 'POST', headers: { 'Idempotency-Key': idempotencyKey }, body: { ...body, ...(maxTokens !== undefined && { max_tokens: maxTokens }) },
  };
  const accepted = await aborted(retried(access, `${access.url}/answers`, request, retryForMs, isAnswer), signal);
  return new Answer(client, accepted, { signal });
}

/** @param {Source} client @param {string} id @param {{signal?: AbortSignal}} [options] @returns {Promise<Answer>} */
async function resume(client, id, { signal } = {}) {
  const found = await aborted(view(client, id), signal);
  return new Answer(client, found, { signal, least: hasEnded(found) ? found.attempt : 0 });
}

/** The models that can be asked. @param {Source} client @returns {Promise<Model[]>} */
export async function models(client) {
  const access = client.access();
  return (await retried(access, `${access.url}/models`, { method: 'GET' }, undefined, answer => Array.isArray(answer?.models))).models;
}

/** @param {Source} client @param {string} id @returns {Promise<AnswerView>} */
function view(client, id) {
  const access = client.access();
  return retried(access, `${access.url}/answers/${encodeURIComponent(id)}`, { method: 'GET' }, undefined, isAnswer);
}

/** @param {any} answer */
const isAnswer = answer => typeof answer?.id === 'string' && typeof answer.channel === 'string';

/** @param {AnswerView} view */
const hasEnded = ({ state }) => ['completed', 'failed', 'cancelled'].includes(state);

/** What has come on the channel and waits for the loop: at most an answer, which is bounded. */
class Waiting {
  /** @type {import('./types.js').Delivery[]} */
  #all = [];
  /** @type {Error | null} */
  #fault = null;
  #wake = () => {};
  #clock;
  #signal;
  #subscription;

  /** @param {Source} client @param {string} channel @param {AbortSignal | undefined} signal */
  constructor(client, channel, signal) {
    const { clock, Problem } = client.access();
    this.#clock = clock;
    this.#signal = signal;
    signal?.throwIfAborted();
    this.#subscription = client.subscribe(channel, { start: 'earliest' }, each => {
      this.#all.push(each);
      this.#wake();
    });
    const fail = (/** @type {Error} */ fault) => {
      this.#fault = fault;
      this.#wake();
    };
    this.#subscription.on('refused', ({ reason }) => fail(new Problem(403, { type: reason, detail: `${channel}: ${reason}` })));
    this.#subscription.on('close', () => fail(new Problem(0, { detail: 'the client was closed' })));
  }

  /** @param {number} limitMs @returns {Promise<import('./types.js').Delivery | null>} null if nothing came in time */
  async next(limitMs) {
    let timer;
    let isOver = false;
    try {
      for (;;) {
        this.#signal?.throwIfAborted();
        const next = this.#all.shift();
        if (next) return next;
        if (this.#fault) throw this.#fault;
        if (isOver) return null;
        await new Promise(resolve => {
          this.#wake = () => resolve(undefined);
          this.#signal?.addEventListener('abort', this.#wake, { once: true });
          timer ??= this.#clock.setTimer(() => {
            isOver = true;
            this.#wake();
          }, limitMs);
        });
        this.#signal?.removeEventListener('abort', this.#wake);
      }
    } finally {
      this.#clock.clearTimer(timer);
    }
  }

  end() { this.#subscription.close(); }
}
