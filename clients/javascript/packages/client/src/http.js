// Requests of the HTTP API, and how they fail.

import { retryAfterMs } from './backoff.js';

/** How long a request that is no stream may take, in milliseconds. */
const ANSWER_MS = 20_000;

/** An answer that is not 2xx: a problem+json document (RFC 9457), or what a proxy says in its place. Status 0: no answer. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {any} body
   * @param {number} [askedMs]
   * @param {unknown} [cause]
   */
  constructor(status, body, askedMs = 0, cause = undefined) {
    const fields = errorsOf(body).map(e => `${e.field}: ${e.message}`).join('; ');
    super(fields || body?.detail || body?.title || (status ? `HTTP ${status}` : 'no answer'), { cause });
    this.name = 'Problem';
    this.status = status;
    /** The last part of the problem's type, such as `rate-limited`. */
    this.slug = `${body?.type ?? ''}`.replace(/.*\//, '');
    this.body = body;
    this.retryAfterMs = askedMs;
  }

  /** Whether the same request may succeed later. */
  get passes() {
    return this.status >= 500 || [0, 408, 429].includes(this.status) || (this.status === 409 && this.retryAfterMs > 0);
  }
}

/** @param {any} problem @returns {any[]} */
export const errorsOf = problem => [].concat(problem?.errors ?? []);

/** @param {string} text @returns {any} null if it is no JSON */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {typeof fetch} fetch
 * @param {string} url
 * @param {{method: string, token: string | null, headers?: Record<string, string>, body: unknown, credentials?: RequestCredentials}} request
 * @returns {Promise<any>} the body of a 2xx; null if it is empty
 * @throws {Problem}
 */
export async function send(fetch, url, { method, token, headers, body, credentials }) {
  /** @type {Record<string, string>} */
  const all = { ...headers };
  if (body !== undefined) all['Content-Type'] = 'application/json';
  if (token) all.Authorization = `Bearer ${token}`;
  // What cannot be written as JSON is the caller's fault, and no failure of the network that passes.
  const text = JSON.stringify(body);
  let answer;
  let json;
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    answer = await fetch(url, { method, headers: all, credentials, signal, body: text });
    json = parsed(await answer.text());
  } catch (fault) {
    throw new Problem(0, null, 0, fault);
  }
  if (!answer.ok) throw new Problem(answer.status, json, retryAfterMs(answer.headers.get('Retry-After')));
  return json;
}
