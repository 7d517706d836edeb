// How long to wait before a request is sent again: the pauses are the client's.

import { pauseMs } from '../client/backoff.js';

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
      await new Promise(resolve => { setTimeout(resolve, pauseMs(failures, fault.retryAfterMs ?? 0, Math.random())); });
    }
  }
}
