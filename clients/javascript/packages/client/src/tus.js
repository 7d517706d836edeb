// Resumable uploads by tus 1.0.0: what the server has acknowledged is on its disk, and an upload that was cut goes on there.

import { pause } from './abort.js';
import { retryAfterMs } from './backoff.js';

/** @typedef {import('./publish.js').Access} Access */
/** @typedef {import('./upload-source.js').Source} Source */

const PATH = '/uploads/resumable';
/** The first part of a file, in bytes; the next ones are as long as the line is fast. */
const FIRST_PART = 256 * 1024;
const LARGEST_PART = 8 * 1024 * 1024;
const FAST_MS = 1_000;
const SLOW_MS = 8_000;
/** How long a part may take; what came of it is kept by the server. */
const PART_MS = 120_000;
const ASK_MS = 30_000;
/** Another offset than the server's; a request that was cut, and of which the server does not know it yet; damaged on its way. */
const PASSING = [409, 423, 460];
/** The upload is no more. */
const REFUSED = [400, 413, 415];
/** How often an upload is begun that the server has forgotten. */
const MAX_BEGUN = 3;

/**
 * Sends a request whose answer is more than its body.
 * @param {Access} access @param {string} method @param {string} path
 * @param {{headers?: Record<string, string>, body?: BodyInit, signal?: AbortSignal, timeoutMs?: number}} [request]
 * @returns {Promise<{headers: Headers, json: any}>} of a 2xx
 * @throws {import('./http.js').Problem}
 */
export async function exchange(access, method, path, { headers = {}, body, signal, timeoutMs = ASK_MS } = {}) {
  const { fetch, url, tokens, clock, credentials, Problem } = access;
  for (let isFirst = true; ; isFirst = false) {
    let token = null;
    let answer;
    let json;
    const abort = new AbortController();
    const stop = () => abort.abort(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', stop);
    const timer = clock.setTimer(() => abort.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      token = await tokens.get();
      /** @type {Record<string, string>} */
      const all = { ...access.headers, ...headers, ...(token && { Authorization: `Bearer ${token}` }) };
      answer = await fetch(`${url}${path}`, { method, headers: all, body, credentials, signal: abort.signal });
      json = await answer.json().catch(() => null);
    } catch (fault) {
      signal?.throwIfAborted();
      throw new Problem(0, null, 0, fault);
    } finally {
      clock.clearTimer(timer);
      signal?.removeEventListener('abort', stop);
    }
    if (answer.ok) return { headers: answer.headers, json };
    if (answer.status !== 401 || !tokens.renews || !isFirst) {
      throw new Problem(answer.status, json, retryAfterMs(answer.headers.get('Retry-After')));
    }
    tokens.refuse(token);
  }
}

/**
 * Sends a file until the server has all of it.
 * @param {Access} access @param {Source} source
 * @param {{id: string | null, keep: (id: string | null) => Promise<void>, onSent: (bytes: number) => void, signal?: AbortSignal, retryForMs: number,
 *   partBytes?: number}} options `id` of an upload that was begun before; `keep` is told the id to go on with, null when there is none any more;
 *   `retryForMs`: how long it goes on without getting any further
 * @returns {Promise<string>} the upload's id
 */
export async function sendResumably(access, source, { id, keep, onSent, signal, retryForMs, partBytes }) {
  const { clock } = access;
  let part = partBytes ?? FIRST_PART;
  let failures = 0;
  let furthest = -1;
  let furtherAt = clock.now();
  /** Null if only the server knows it. @type {number | null} */
  let offset = null;
  const isAt = (/** @type {number} */ bytes) => {
    if (bytes > furthest) {
      furthest = bytes;
      furtherAt = clock.now();
      failures = 0;
    }
    offset = bytes;
    onSent(bytes);
    return bytes;
  };
  for (let begun = 0; ;) {
    try {
      if (id === null) {
        begun++;
        id = await create(access, source, signal);
        await keep(id);
        offset = 0;
      }
      const from = isAt(offset ?? await offsetOf(access, id, source, signal));
      if (from === source.size) return id;
      const startedAt = clock.now();
      isAt(await append(access, id, source, from, Math.min(from + part, source.size), signal));
      if (partBytes === undefined) part = nextPart(part, clock.now() - startedAt);
    } catch (fault) {
      const problem = /** @type {import('./http.js').Problem} */ (fault);
      const isGone = [404, 410].includes(problem.status);
      if (isGone || REFUSED.includes(problem.status)) await keep(null);
      if (!(fault instanceof access.Problem) || !(isGone || problem.passes || PASSING.includes(problem.status))) throw fault;
      if (isGone) {
        // A stream cannot begin anew.
        if (begun === MAX_BEGUN || !await source.part(0, 0).then(() => true, () => false)) throw fault;
        id = null;
        furthest = -1;
      }
      const waitMs = access.pauseMs(++failures, problem.retryAfterMs, clock.random(), access.pauses);
      if (clock.now() + waitMs - furtherAt > retryForMs) throw fault;
      await pause(clock, waitMs, signal);
      offset = null;
    }
  }
}

/** @param {number} bytes @param {number} ms @returns {number} */
function nextPart(bytes, ms) {
  if (ms < FAST_MS) return Math.min(2 * bytes, LARGEST_PART);
  return ms > SLOW_MS ? Math.max(bytes / 2, FIRST_PART) : bytes;
}

/** @param {Access} access @param {Source} source @param {AbortSignal | undefined} signal */
async function create(access, { name, type, size }, signal) {
  const metadata = [`filename ${base64(name)}`, ...(type ? [`filetype ${base64(type)}`] : [])].join();
  const headers = tus({ 'Upload-Length': `${size}`, 'Upload-Metadata': metadata });
  const answer = await exchange(access, 'POST', PATH, { headers, signal });
  const id = answer.headers.get('Location')?.split('/').at(-1);
  if (!id) throw new access.Problem(0, { detail: 'the answer is not one of Tailrace' });
  return id;
}

/** @param {Access} access @param {string} id @param {Source} source @param {AbortSignal | undefined} signal */
async function offsetOf(access, id, { size }, signal) {
  const { headers } = await exchange(access, 'HEAD', `${PATH}/${id}`, { headers: tus({}), signal });
  // Another file, whose key is the same.
  if (Number(headers.get('Upload-Length')) !== size) throw new access.Problem(404, { detail: 'the upload is of another length' });
  return offsetIn(access, headers);
}

/** @param {Access} access @param {string} id @param {Source} source @param {number} from @param {number} to @param {AbortSignal | undefined} signal */
async function append(access, id, source, from, to, signal) {
  const headers = tus({ 'Upload-Offset': `${from}`, 'Content-Type': 'application/offset+octet-stream' });
  // With the type that tus wants: that of a part of a file is the file's.
  const body = new Blob([await source.part(from, to)], { type: 'application/offset+octet-stream' });
  const answer = await exchange(access, 'PATCH', `${PATH}/${id}`, { headers, body, signal, timeoutMs: PART_MS });
  return offsetIn(access, answer.headers);
}

/** @param {Access} access @param {Headers} headers */
function offsetIn({ Problem }, headers) {
  const text = headers.get('Upload-Offset');
  // The page of a proxy, for instance.
  if (!text || !/^\d+$/.test(text)) throw new Problem(0, { detail: 'the answer is not one of Tailrace' });
  return Number(text);
}

/** @param {Access} access @param {string} id @param {AbortSignal} [signal] */
export async function giveUp(access, id, signal) {
  try {
    await exchange(access, 'DELETE', `${PATH}/${id}`, { headers: tus({}), signal });
  } catch (fault) {
    if (!(fault instanceof access.Problem) || fault.status !== 404) throw fault;
  }
}

/** @param {Record<string, string>} headers @returns {Record<string, string>} */
const tus = headers => ({ 'Tus-Resumable': '1.0.0', ...headers });

/** Of the UTF-8 of a text. @param {string} text */
const base64 = text => btoa(Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join(''));
