// Requests of the HTTP API, and how they fail. Cookies are left out: a tab is a person, and a browser has one cookie.

import { retryAfterMs } from './backoff.js';

const LIMIT_MS = 20_000;

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
  const all = body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' };
  let answer;
  let text;
  try {
    answer = await fetch(path, {
      method, headers: all, credentials: 'omit', signal: AbortSignal.timeout(LIMIT_MS),
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    text = await answer.text();
  } catch (fault) {
    throw new Away(fault);
  }
  const json = parsed(text);
  const askedMs = retryAfterMs(answer.headers.get('Retry-After'));
  // What is no JSON does not come from the server but from something before it.
  if (answer.ok && json === null) throw new Problem(502, {});
  if (!answer.ok) throw new Problem(answer.status, json ?? {}, askedMs);
  return json;
}

function parsed(text) {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
