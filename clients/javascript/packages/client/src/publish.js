// Publishing: one request, retried with one idempotency key, so that a lost answer repeats nothing.

import { pauseMs, PAUSES } from './backoff.js';
import { Problem, send } from './http.js';
import { TokenFault } from './token-source.js';

/** How long a publication without an outbox is retried, in milliseconds. */
export const RETRY_FOR_MS = 30_000;

/**
 * @param {{url: string, fetch: typeof globalThis.fetch, clock: import('./types.js').Clock, headers?: Record<string, string>,
 *   credentials?: RequestCredentials, pauses?: Partial<typeof PAUSES>, tokens: import('./token-source.js').TokenSource}} access
 * @param {string} channel
 * @param {unknown} events one, or an array of them
 * @param {{idempotencyKey?: string, retryForMs?: number}} [options]
 * @returns {Promise<any>}
 */
export async function publish(access, channel, events, { idempotencyKey = crypto.randomUUID(), retryForMs = RETRY_FOR_MS } = {}) {
  const { url, fetch, clock, headers = {}, credentials, tokens } = access;
  const startedAt = clock.now();
  for (let failures = 1; ; failures++) {
    let token = null;
    try {
      token = await tokens.get();
      return await send(fetch, `${url}/channels/${encodeURIComponent(channel).replace(/%3A/g, ':')}/events`, {
        method: 'POST', token, headers: { ...headers, 'Idempotency-Key': idempotencyKey }, credentials, body: events,
      });
    } catch (fault) {
      const problem = fault instanceof TokenFault ? new Problem(0, null, 0, fault) : fault;
      if (!(problem instanceof Problem)) throw problem;
      const isOld = problem.status === 401 && tokens.renews && failures === 1;
      if (isOld) tokens.refuse(token);
      else if (!problem.passes) throw problem;
      const waitMs = isOld ? 0 : pauseMs(failures, problem.retryAfterMs, clock.random(), { ...PAUSES, ...access.pauses });
      if (clock.now() + waitMs - startedAt > retryForMs) throw problem;
      await new Promise(resolve => { clock.setTimer(() => resolve(undefined), waitMs); });
    }
  }
}
