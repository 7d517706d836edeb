// Publishing: one request, retried with one idempotency key, so that a lost answer repeats nothing. The core loads this file when
// something is published; what it has itself, it passes in, so that no page loads anything twice.

import { eventsUrl, newKey, retried } from './requests.js';

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
 * @typedef {(channel: string, type: string | {type: string, data: any, id?: string}[], data?: any,
 *   options?: {idempotencyKey?: string, id?: string, retryForMs?: number}) => Promise<{events: {id: string, position: string}[]}>} Publish
 *   one event of a type, or several events. It throws a Problem if it is refused, or has no answer when the time is over
 */

/**
 * @param {Access} access
 * @param {Parameters<Publish>} request
 * @returns {Promise<any>}
 */
export async function publish(access, ...[channel, type, data, { idempotencyKey = newKey(), id, retryForMs } = {}]) {
  const body = typeof type === 'string' ? { type, data, ...(id ? { id } : {}) } : type;
  return retried(access, eventsUrl(access.url, channel), { method: 'POST', headers: { 'Idempotency-Key': idempotencyKey }, body }, retryForMs);
}
