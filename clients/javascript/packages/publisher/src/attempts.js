// Attempts at jobs: what their handlers see and throw, how it is told that they go on, and what their ends mean.

const MAX_RESULT_BYTES = 65_536;
const PROGRESS_MS = 500;

/** Thrown by a handler: no further attempt can succeed, and the job is dead. */
export class GiveUp extends Error {
  /** @param {string} message @param {{type?: string, cause?: unknown}} [options] `type` names the error for programs */
  constructor(message, { type = 'gave_up', cause } = {}) {
    super(message, { cause });
    this.name = 'GiveUp';
    this.type = type;
  }
}

/** Thrown by a handler: the job is to be tried again, not before a time. */
export class RetryLater extends Error {
  /** @param {string} message @param {{afterSeconds: number, type?: string, cause?: unknown}} options */
  constructor(message, { afterSeconds, type = 'retry_later', cause }) {
    super(message, { cause });
    this.name = 'RetryLater';
    this.type = type;
    this.afterSeconds = afterSeconds;
  }
}

/**
 * @typedef {object} Lease
 * @property {string} id
 * @property {number} token
 * @property {string} queue
 * @property {string} type
 * @property {number} attempt
 * @property {boolean} last_attempt
 * @property {number} timeout_seconds
 * @property {number} lease_seconds
 * @property {any} payload
 */

/** @typedef {'cancelled' | 'timed_out' | 'lease_lost' | 'worker_stops'} StopReason */

/**
 * @typedef {object} Job one attempt at a job, as its handler sees it
 * @property {string} id the job's; what a handler does elsewhere it does under it, because a job may run more than once
 * @property {string} queue
 * @property {string} type
 * @property {number} attempt which attempt it is, from 1
 * @property {boolean} isLastAttempt whether the job is dead if this attempt fails
 * @property {number} token grows with each release of the job
 * @property {() => number} secondsLeft how much of the time of the attempt is left
 * @property {AbortSignal} signal aborted when the handler has to stop; its `reason` is an Error with a StopReason as its message
 * @property {(fraction?: number, message?: string) => void} progress how far the work is, 0 to 1; of what is said within half a second the last counts
 * @property {(message: string, level?: 'info' | 'warn' | 'error') => void} log writes to stderr with the job's id in front, and has the server keep the line with the job, at most 500 of an attempt
 */

/** @typedef {(payload: any, job: Job) => any} Handler what it gives, or promises, is the job's result and is written as JSON */

/** @typedef {{lease: Lease, abort: AbortController, ended: Promise<unknown>, reason: StopReason | null, told: boolean, heart: Heart | null}} Running */

/** Tells that an attempt goes on, from beside its handler. */
export class Heart {
  #lease;
  #deadlineMs;
  #send;
  #stopHandler;
  /** @type {object | null} */
  #progress = null;
  #stopped = false;
  #wake = () => {};
  #toldAt = performance.now();
  #heardAt = performance.now();

  /**
   * @param {Lease} lease
   * @param {number} deadlineMs
   * @param {(body: object, timeoutMs: number) => Promise<any>} send
   * @param {(reason: StopReason) => void} stopHandler
   */
  constructor(lease, deadlineMs, send, stopHandler) {
    this.#lease = lease;
    this.#deadlineMs = deadlineMs;
    this.#send = send;
    this.#stopHandler = stopHandler;
  }

  /** @param {number} [fraction] @param {string} [message] */
  progress(fraction, message) {
    if (fraction !== undefined && !(fraction >= 0 && fraction <= 1)) throw new RangeError(`fraction: ${fraction}, expected 0 to 1`);
    if (fraction === undefined && !message) return;
    this.#progress = { ...(fraction !== undefined && { fraction }), ...(message && { message }) };
    this.#wake();
  }

  stop() {
    this.#stopped = true;
    this.#wake();
  }

  async beat() {
    const leaseMs = this.#lease.lease_seconds * 1000;
    let everyMs = leaseMs / 3;
    while (!this.#stopped) {
      const dueAt = this.#toldAt + (this.#progress ? Math.min(PROGRESS_MS, everyMs) : everyMs);
      const waitMs = Math.min(dueAt - performance.now(), this.#deadlineMs - performance.now());
      if (waitMs > 0) {
        await this.#sleep(waitMs);
        continue;
      }
      if (performance.now() >= this.#deadlineMs) return this.#stopHandler('timed_out');
      this.#toldAt = performance.now();
      const progress = this.#progress;
      this.#progress = null;
      try {
        const answer = await this.#send({ token: this.#lease.token, ...(progress && { progress }) }, Math.max(1000, Math.round(leaseMs / 3)));
        this.#heardAt = performance.now();
        everyMs = leaseMs / 3;
        if (answer?.state === 'cancelled') return this.#stopHandler('cancelled');
      } catch (fault) {
        const status = /** @type {any} */ (fault)?.status;
        if (status === 404 || status === 409 || performance.now() - this.#heardAt >= leaseMs) return this.#stopHandler('lease_lost');
        // Sooner than usual, because the lease runs.
        everyMs = Math.min(1000, leaseMs / 6);
      }
    }
  }

  /** @param {number} ms */
  #sleep(ms) {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => { clearTimeout(timer); resolve(undefined); };
    });
  }
}

/** Has a handler stop; nothing is above the loss of its lease. @param {Running} running @param {StopReason} reason */
export function stopped(running, reason) {
  if (running.reason === null || reason === 'lease_lost') running.reason = reason;
  running.abort.abort(new Error(running.reason));
}

/** The outcome of a handler that returned. @param {any} result */
export function succeeded(result) {
  let fault = '';
  let text;
  try {
    text = JSON.stringify(result);
    const size = Buffer.byteLength(text ?? '');
    if (size > MAX_RESULT_BYTES) fault = `${size} bytes of JSON, expected at most ${MAX_RESULT_BYTES}`;
  } catch (e) {
    fault = `${e instanceof Error ? e.message : e}`;
  }
  if (fault) return { outcome: 'failed', error: { type: 'invalid_result', message: fault }, give_up: true };
  return { outcome: 'succeeded', ...(text !== undefined && text !== 'null' && { result }) };
}

/** The outcome of a handler that threw. @param {Running} running @param {any} fault */
export function failed({ reason, lease, abort }, fault) {
  const isAbort = abort.signal.aborted && (fault === abort.signal.reason || fault?.name === 'AbortError');
  if (reason === 'worker_stops' || (reason === 'cancelled' && isAbort)) return { outcome: 'handed_back' };
  if (reason === 'timed_out') return { outcome: 'failed', error: { type: 'timeout', message: `the attempt took longer than ${lease.timeout_seconds} s` } };
  // By way of UTF-8, so that half a surrogate pair does not make the server refuse it.
  const message = Buffer.from(`${fault instanceof Error ? fault.message : fault}`.slice(0, 8000)).toString();
  const type = `${fault instanceof GiveUp || fault instanceof RetryLater ? fault.type : fault?.name || 'Error'}`.slice(0, 200);
  const error = { type, ...(message && { message }) };
  if (fault instanceof GiveUp) return { outcome: 'failed', error, give_up: true };
  if (fault instanceof RetryLater) return { outcome: 'failed', error, retry_after_seconds: Math.max(0, Math.round(fault.afterSeconds)) };
  return { outcome: 'failed', error };
}

