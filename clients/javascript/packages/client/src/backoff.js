// How long to wait before something is tried again. Pure.

/** The bounds of the pauses, in milliseconds. */
export const PAUSES = { firstMs: 1000, maxMs: 15_000, maxAskedMs: 60_000 };

/**
 * The pause before the next attempt: twice as long each time up to a cap, jittered, so that clients of one server do not come
 * back together; and no shorter than the server asked for (up to a minute of that is honoured).
 * @param {number} failures attempts that failed one after the other, at least 1
 * @param {number} askedMs what the server asked for; 0 for nothing
 * @param {number} random from 0 to 1
 * @param {{firstMs: number, maxMs: number, maxAskedMs: number}} [pauses]
 */
export function pauseMs(failures, askedMs, random, { firstMs, maxMs, maxAskedMs } = PAUSES) {
  const own = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 10)) * (0.5 + random / 2);
  return Math.round(Math.max(own, Math.min(askedMs, maxAskedMs) * (1 + random / 4)));
}

/**
 * What a Retry-After field says (RFC 9110, section 10.2.3), in milliseconds; 0 for nothing.
 * @param {any} value a text, or null
 */
export const retryAfterMs = value => Math.max(0, value >= 0 ? value * 1000 : Date.parse(value) - Date.now()) || 0;

/** @type {import('./types.js').Clock} */
export const systemClock = {
  now: () => performance.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: timer => clearTimeout(timer),
  random: Math.random,
};
