// Publishing: one request, retried with one idempotency key, so that a lost answer repeats nothing. The core loads this file when
// something is published; what it has itself, it passes in, so that no page loads anything twice.

/** How long a publication without an outbox is retried, in milliseconds. */
export const RETRY_FOR_MS = 30_000;

/**
 * @typedef {object} Access
 * @property {string} url
 * @property {typeof globalThis.fetch} fetch
 * @property {import('./types.js').Clock} clock
 * @property {Record<string, string>} [headers]
 * @property {RequestCredentials} [credentials]
 * @property {import('./types.js').Pauses} pauses
 * @property {import('./token-source.js').TokenSource} tokens
 * @property {typeof import('./http.js').send} send
 * @property {typeof import('./http.js').Problem} Problem
 * @property {typeof import('./backoff.js').pauseMs} pauseMs
 */

/**
 * @param {Access} access
 * @param {string} channel
 * @param {string | unknown[]} type of one event, or several events
 * @param {unknown} data
 * @param {{idempotencyKey?: string, id?: string, retryForMs?: number}} [options]
 * @returns {Promise<any>}
 */
export async function publish(access, channel, type, data, { idempotencyKey = crypto.randomUUID(), id, retryForMs = RETRY_FOR_MS } = {}) {
  const { url, fetch, clock, headers = {}, credentials, tokens, pauses, send, Problem, pauseMs } = access;
  const body = typeof type === 'string' ? { type, data, ...(id ? { id } : {}) } : type;
  const startedAt = clock.now();
  for (let failures = 1; ; failures++) {
    let token = null;
    try {
      token = await tokens.get();
      return await send(fetch, `${url}/channels/${encodeURIComponent(channel).replace(/%3A/g, ':')}/events`, {
        method: 'POST', token, headers: { ...headers, 'Idempotency-Key': idempotencyKey }, credentials, body,
      });
    } catch (fault) {
      const problem = fault instanceof Error && fault.name === 'TokenFault' ? new Problem(0, null, 0, fault) : fault;
      if (!(problem instanceof Problem)) throw problem;
      const isOld = problem.status === 401 && tokens.renews && failures === 1;
      if (isOld) tokens.refuse(token);
      else if (!problem.passes) throw problem;
      const waitMs = isOld ? 0 : pauseMs(failures, problem.retryAfterMs, clock.random(), pauses);
      if (clock.now() + waitMs - startedAt > retryForMs) throw problem;
      await new Promise(resolve => { clock.setTimer(() => resolve(undefined), waitMs); });
    }
  }
}
