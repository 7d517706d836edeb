/**
 * Enqueueing jobs. An entry of its own, so that a page which only follows channels does not load it.
 * @module @tailrace/client/jobs
 */

import { newKey, retried } from './requests.js';

/**
 * @typedef {object} EnqueueOptions
 * @property {string} [queue] that of the type if it is missing
 * @property {Date | string} [runAt] when it may run
 * @property {number} [delaySeconds] or how long it waits
 * @property {number} [priority] 0 to 9; 9 goes first
 * @property {string} [uniqueKey] at most one job of the queue has it
 * @property {number} [uniqueSeconds] for so long after it was enqueued, and not until it is finished
 * @property {number} [maxAttempts] 1 to 100
 * @property {number} [timeoutSeconds] of one attempt
 * @property {string} [key] whose work it is, for the limits of each key
 * @property {string} [idempotencyKey] the same key is the same job; by default a new one for each call
 * @property {number} [retryForMs] how long the request is tried again, 30 s by default
 */

/**
 * @typedef {object} EnqueuedJob
 * @property {string} id
 * @property {string} state `pending` if the dispatcher has not decided in time; the job will be there under its id
 * @property {string} queue
 * @property {string} [type]
 * @property {string} [run_at] RFC 3339
 */

/** How options are called in a request. */
const FIELDS = /** @type {const} */ ({
  queue: 'queue', delaySeconds: 'delay_seconds', priority: 'priority', uniqueKey: 'unique_key', uniqueSeconds: 'unique_seconds',
  maxAttempts: 'max_attempts', timeoutSeconds: 'timeout_seconds', key: 'key',
});

/**
 * Enqueues a job, and retries with one idempotency key until there is an answer, so that a lost answer is no second job.
 * @param {{access: () => import('./publish.js').Access}} client a TailraceClient or a SharedClient
 * @param {string} type
 * @param {any} payload JSON that fits the type
 * @param {EnqueueOptions} [options]
 * @returns {Promise<EnqueuedJob>} the job, or the one that has its unique key
 * @throws {import('./http.js').Problem} if it is refused, or has no answer when the time is over: then it may be enqueued or not
 */
export async function enqueue(client, type, payload, options = {}) {
  const { runAt, idempotencyKey = newKey(), retryForMs } = options;
  /** @type {Record<string, unknown>} */
  const body = { type, payload };
  if (runAt !== undefined) body.run_at = runAt instanceof Date ? runAt.toISOString() : runAt;
  for (const [option, field] of Object.entries(FIELDS)) {
    const value = options[/** @type {keyof typeof FIELDS} */ (option)];
    if (value !== undefined) body[field] = value;
  }
  const access = client.access();
  return retried(access, `${access.url}/jobs`, { method: 'POST', headers: { 'Idempotency-Key': idempotencyKey }, body }, retryForMs,
    answer => typeof answer?.id === 'string' && typeof answer.state === 'string');
}
