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
 * @param {string | null} value
 * @param {number} [nowMs]
 */
export function retryAfterMs(value, nowMs = Date.now()) {
  const seconds = Number(value ?? 0);
  return Math.max(0, seconds >= 0 ? seconds * 1000 : Date.parse(value ?? '') - nowMs) || 0;
}

/** @type {import('./types.js').Clock} */
export const systemClock = {
  now: () => performance.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: timer => clearTimeout(timer),
  random: Math.random,
};
