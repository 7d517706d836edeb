// How long to wait before something is tried again. Pure but for the last function, which waits.

const FIRST_MS = 1000;
const MAX_MS = 15_000;
const MAX_ASKED_MS = 60_000;

/**
 * The pause before the next attempt: twice as long each time up to 15 s, jittered, so that clients of one server do not come
 * back together; and no shorter than the server asked for (up to a minute of that is honoured).
 * @param {number} failures attempts that failed one after the other, at least 1
 * @param {number} [askedMs] what the server asked for
 * @param {number} [random] from 0 to 1
 */
export function pauseMs(failures, askedMs = 0, random = Math.random()) {
  const own = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10)) * (0.5 + random / 2);
  return Math.max(own, Math.min(askedMs, MAX_ASKED_MS) * (1 + random / 4));
}

/** What a Retry-After field says (RFC 9110, section 10.2.3), in milliseconds; 0 for nothing. */
export function retryAfterMs(value, nowMs = Date.now()) {
  if (!value) return 0;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs);
}

/** Whether a request failed only because the server or the network is away for a while. */
export function isAway(fault) {
  return fault.status === undefined || fault.status >= 500 || fault.status === 429;
}

/**
 * Asks until there is an answer, also through an outage; what is refused for another reason is thrown.
 * @param {() => Promise<T>} ask
 * @param {(fault: Error) => boolean} goOn told of each failure; false gives up, and the failure is thrown
 * @returns {Promise<T>}
 * @template T
 */
export async function untilAnswered(ask, goOn = () => true) {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (fault) {
      if (!isAway(fault) || !goOn(fault)) throw fault;
      await new Promise(resolve => { setTimeout(resolve, pauseMs(failures, fault.retryAfterMs)); });
    }
  }
}
