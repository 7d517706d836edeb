// Requests of the HTTP API, and how they fail.

import { retryAfterMs } from './backoff.js';

/** An answer that is not 2xx: a problem+json document (RFC 9457), or what a proxy says in its place. Status 0: no answer. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {any} body
   * @param {number} [askedMs]
   * @param {unknown} [cause]
   */
  constructor(status, body, askedMs = 0, cause = undefined) {
    const fields = (Array.isArray(body?.errors) ? body.errors : []).map((/** @type {any} */ e) => `${e.field}: ${e.message}`).join('; ');
    super(fields || body?.detail || body?.title || (status ? `HTTP ${status}` : 'the server cannot be reached'), { cause });
    this.name = 'Problem';
    this.status = status;
    /** The last part of the problem's type, such as `rate-limited`. */
    this.slug = String(body?.type ?? '').replace(/.*\//, '');
    this.body = body;
    this.retryAfterMs = askedMs;
  }

  /** Whether the same request may succeed later. */
  get passes() {
    return this.status === 0 || this.status >= 500 || this.status === 429 || this.status === 408
      || (this.status === 409 && this.retryAfterMs > 0);
  }
}

/** @param {Response} answer @returns {Promise<any>} the JSON of the body; null if it is none */
export async function jsonOf(answer) {
  try {
    return JSON.parse(await answer.text());
  } catch {
    return null;
  }
}

/**
 * @param {typeof fetch} fetch
 * @param {string} url
 * @param {{method: string, token: string | null, headers?: Record<string, string>, body?: unknown, credentials?: RequestCredentials, timeoutMs?: number}} request
 * @returns {Promise<any>} the body of a 2xx; null if it is empty
 * @throws {Problem}
 */
export async function send(fetch, url, { method, token, headers = {}, body, credentials = 'same-origin', timeoutMs = 20_000 }) {
  /** @type {Record<string, string>} */
  const all = { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
  if (token) all.Authorization = `Bearer ${token}`;
  // What cannot be written as JSON is the caller's fault, and no failure of the network that passes.
  const text = body === undefined ? undefined : JSON.stringify(body);
  let answer;
  let json;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    answer = await fetch(url, { method, headers: all, credentials, signal, body: text });
    json = await jsonOf(answer);
  } catch (fault) {
    throw new Problem(0, null, 0, fault);
  }
  if (!answer.ok) throw new Problem(answer.status, json, retryAfterMs(answer.headers.get('Retry-After')));
  return json;
}
