// The owner's token, and when another one is needed. The callback may throw or never answer: it is bounded by a time.

import { systemClock } from './backoff.js';

/** How long the callback may take, in milliseconds. */
export const TOKEN_TIMEOUT_MS = 15_000;
const EARLY_MS = 60_000;

/** The callback threw or did not answer. */
export class TokenFault extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super(`the token callback failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.name = 'TokenFault';
  }
}

export class TokenSource {
  /** @type {string | null} */
  #value = null;
  /** @type {string | null} */
  #refused = null;
  /** @type {Promise<string | null> | null} */
  #asking = null;
  #dueAt = Infinity;
  #given;
  #clock;
  #timeoutMs;

  /**
   * @param {string | import('./types.js').TokenCallback | undefined} given
   * @param {{clock?: import('./types.js').Clock, timeoutMs?: number}} [options]
   */
  constructor(given, { clock = systemClock, timeoutMs = TOKEN_TIMEOUT_MS } = {}) {
    this.#given = given;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Whether another token can be had at all. */
  get renews() { return typeof this.#given === 'function'; }

  /** Milliseconds until the token should be renewed; Infinity if nothing says when. */
  get dueInMs() { return this.renews ? this.#dueAt - this.#clock.now() : Infinity; }

  /** The server did not take this token, or says that it is over. @param {string | null} token */
  refuse(token) {
    this.#refused = token;
    if (token === this.#value) this.#value = null;
  }

  /**
   * A token that is not due; one call of the callback for all who ask at once.
   * @returns {Promise<string | null>}
   * @throws {TokenFault}
   */
  async get() {
    if (!this.renews) return /** @type {string | undefined} */ (this.#given) ?? null;
    if (this.#value !== null && this.dueInMs > 0) return this.#value;
    this.#asking ??= this.#ask().finally(() => { this.#asking = null; });
    return this.#asking;
  }

  async #ask() {
    const callback = /** @type {import('./types.js').TokenCallback} */ (this.#given);
    let timer;
    try {
      const value = /** @type {string | null} */ (await new Promise((resolve, reject) => {
        timer = this.#clock.setTimer(() => reject(new Error(`no answer within ${this.#timeoutMs} ms`)), this.#timeoutMs);
        Promise.resolve(callback({ refused: this.#refused })).then(resolve, reject);
      }));
      if (value !== null && typeof value !== 'string') throw new TypeError('expected a string or null');
      this.#value = value;
      this.#dueAt = this.#clock.now() + lifetimeMs(value);
      return value;
    } catch (fault) {
      throw new TokenFault(fault);
    } finally {
      this.#clock.clearTimer(timer);
    }
  }
}

/**
 * How long from now a JWT should be used. Its own length counts where this machine's clock says something impossible.
 * @param {string | null} token
 */
function lifetimeMs(token) {
  try {
    const { iat, exp } = JSON.parse(atob(String(token).split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
    const leftMs = exp * 1000 - Date.now();
    const lengthMs = (exp - iat) * 1000 || leftMs;
    if (!(lengthMs > 0)) return Infinity;
    const usableMs = leftMs > 0 && leftMs < lengthMs ? leftMs : lengthMs;
    return usableMs - Math.min(EARLY_MS, lengthMs / 4, usableMs / 2);
  } catch {
    return Infinity; // Not a JWT: the server says when it is over.
  }
}
