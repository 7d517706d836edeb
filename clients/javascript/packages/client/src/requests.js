// Requests that are no streams, tried again until there is an answer. What the core has itself is passed in, so that no page
// loads anything twice.

/** How long a request is tried again, in milliseconds. */
export const RETRY_FOR_MS = 30_000;

/** Not crypto.randomUUID: that is missing where a page does not come from localhost or over HTTPS. @returns {string} */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

/** @param {string} url @param {string} channel */
export const eventsUrl = (url, channel) => `${url}/channels/${encodeURIComponent(channel).replace(/%3A/g, ':')}/events`;

/**
 * @param {import('./publish.js').Access} access
 * @param {string} url
 * @param {{method: string, headers?: Record<string, string>, body?: unknown}} request
 * @param {number} [retryForMs]
 * @param {(answer: any) => boolean} [isAnswer] whether a body is one that the server gives; by default one with events
 * @returns {Promise<any>} the body of the answer
 * @throws {import('./http.js').Problem} if it is refused, or has no answer when the time is over
 */
export async function retried(access, url, request, retryForMs = RETRY_FOR_MS, isAnswer = answer => Array.isArray(answer?.events)) {
  const { fetch, clock, headers = {}, credentials, tokens, pauses, send, Problem, pauseMs } = access;
  const startedAt = clock.now();
  for (let failures = 1; ; failures++) {
    let token = null;
    try {
      token = await tokens.get();
      const answer = await send(fetch, url, { body: undefined, ...request, token, headers: { ...headers, ...request.headers }, credentials });
      if (isAnswer(answer)) return answer;
      // A network's sign-in, or a proxy: a page of its own is no word of the server that it has what was sent.
      throw new Problem(0, { detail: 'the answer is not one of Tailrace' });
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
