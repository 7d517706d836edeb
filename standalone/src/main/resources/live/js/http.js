// Requests of the HTTP API, and how they fail. Cookies are left out: a tab is a person, and a browser has one cookie.

import { Problem as Refusal, send as request } from '../client/http.js';

/** Accepted, and no content: these answers need no body. */
const EMPTY = [202, 204];

/** An answer that is not 2xx: a problem+json document (RFC 9457), or what a proxy says in its place. */
export class Problem extends Error {
  constructor(status, body, askedMs = 0) {
    const fields = (body.errors ?? []).map(e => `${e.field}: ${e.message}`).join('; ');
    const isAway = status >= 500 || status === 429;
    super(fields || body.detail || body.title || (isAway ? `The server is not available (${status}). Try again.` : `HTTP ${status}`));
    this.status = status;
    this.slug = body.type?.split('/').at(-1);
    this.seats = body.seats ?? [];
    this.retryAfterMs = askedMs;
  }
}

/** No answer: the network or the server is away, or this browser has no connection to spare. */
export class Away extends Error {
  constructor(cause) {
    super(cause.name === 'TimeoutError'
      ? 'The server did not answer. If many tabs of this page are open, close some: a browser has six connections to a server.'
      : 'The server cannot be reached. Try again.', { cause });
  }
}

/**
 * @returns {Promise<object>} the body of a 2xx
 * @throws {Problem | Away}
 */
export async function send(method, path, body, headers = {}) {
  let status = 0;
  const noted = async (...what) => {
    const answer = await fetch(...what);
    ({ status } = answer);
    return answer;
  };
  let json;
  try {
    json = await request(noted, path, { method, token: null, headers, body, credentials: 'omit' });
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    throw fault.status === 0 ? new Away(fault.cause) : new Problem(fault.status, fault.body ?? {}, fault.retryAfterMs);
  }
  // What is no JSON does not come from the server but from something before it.
  if (json === null && !EMPTY.includes(status)) throw new Problem(502, {});
  return json ?? {};
}
