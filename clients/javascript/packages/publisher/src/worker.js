// Running jobs in a service: leases them over HTTP, tells that they go on from beside their handlers, and how they ended.

import { hostname } from 'node:os';
import { TailraceClient } from '@tailrace/client';
import { failed, Heart, stopped, succeeded } from './attempts.js';
import { LogLines } from './log-lines.js';

/** @typedef {import('@tailrace/client').Options} ClientOptions */

const POLL_SECONDS = 15;
const MAX_LEASES = 20;
const REPORT_FOR_MS = 300_000;
const LAST_WORDS_MS = 2_000;
const LAST_LINES_MS = 1_000;
const ANSWER_MS = 30_000;

/**
 * @typedef {object} JobWorkerOptions
 * @property {string} [url] where Tailrace is; by default TAILRACE_URL
 * @property {ClientOptions['token']} [token] by default TAILRACE_SERVICE_TOKEN. It needs the role `worker` and a claim `jobs`
 * @property {number} [concurrency] how many jobs run at a time, 4 by default
 * @property {string} [name] of this process; made of the host's name by default
 * @property {number} [graceMs] how long jobs may go on when the worker stops, 10,000 by default
 * @property {boolean} [stopOnSignals] whether SIGTERM and SIGINT stop it; true by default
 * @property {(message: string, error?: unknown) => void} [onWarning] by default it is written to stderr
 * @property {typeof globalThis.fetch} [fetch]
 * @property {ClientOptions['pauses']} [pauses]
 */

/** @typedef {import('./attempts.js').Lease} Lease */
/** @typedef {import('./attempts.js').Job} Job */
/** @typedef {import('./attempts.js').Handler} Handler */
/** @typedef {import('./attempts.js').Running} Running */

/**
 * Runs jobs, a bounded number at a time. What a handler throws says what follows: a GiveUp ends the job, a RetryLater says when to try again,
 * anything else is tried again as the type of the job says. While the server is away the worker asks again and again.
 */
export class JobWorker {
  #access;
  #client;
  #concurrency;
  #graceMs;
  #name;
  #stopOnSignals;
  #onWarning;
  /** @type {Map<string, Handler>} */
  #handlers = new Map();
  /** @type {Set<Running>} */
  #running = new Set();
  #stop = new AbortController();
  #wake = () => {};

  /** @param {JobWorkerOptions} [options] */
  constructor({ url = process.env.TAILRACE_URL, token = process.env.TAILRACE_SERVICE_TOKEN, concurrency = 4, name, graceMs = 10_000, stopOnSignals = true, onWarning, fetch, pauses } = {}) {
    if (!url) throw new TypeError('expected the option url, or TAILRACE_URL: where Tailrace is');
    if (!(concurrency >= 1)) throw new RangeError(`concurrency: ${concurrency}, expected at least 1`);
    this.#client = new TailraceClient({ url, token, fetch, pauses });
    this.#access = this.#client.access();
    this.#concurrency = concurrency;
    this.#graceMs = graceMs;
    this.#name = (name ?? `${hostname()}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`).slice(0, 100);
    this.#stopOnSignals = stopOnSignals;
    this.#onWarning = onWarning ?? ((message, error) => console.error(`tailrace: ${message}`, ...(error === undefined ? [] : [error])));
  }

  /** How many jobs run. */
  get running() { return this.#running.size; }

  /** Makes a function the handler of a type. @param {string} type @param {Handler} handler @returns {this} */
  job(type, handler) {
    if (typeof handler !== 'function') throw new TypeError(`the handler of ${type}: expected a function`);
    if (this.#handlers.has(type)) throw new TypeError(`two handlers for jobs of the type ${type}`);
    this.#handlers.set(type, handler);
    return this;
  }

  /** Has `run` end: no more jobs are taken, those that run have the grace to end, and the others are handed back. */
  stop() {
    this.#stop.abort(new Error('worker_stops'));
    this.#wake();
  }

  /**
   * Runs jobs until it is stopped.
   * @returns {Promise<void>}
   * @throws {import('@tailrace/client').Problem} if the server refuses the worker
   */
  async run() {
    if (this.#handlers.size === 0) throw new TypeError('the worker has no handlers');
    const stop = () => this.stop();
    if (this.#stopOnSignals) for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
    try {
      await this.#poll();
    } finally {
      await this.#end();
      if (this.#stopOnSignals) for (const signal of ['SIGTERM', 'SIGINT']) process.off(signal, stop);
      this.#client.close();
    }
  }

  async #poll() {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (this.#running.size >= this.#concurrency) {
        await new Promise(resolve => { this.#wake = () => resolve(undefined); });
        continue;
      }
      const body = { types: [...this.#handlers.keys()], worker: this.#name, limit: Math.min(this.#concurrency - this.#running.size, MAX_LEASES), wait_seconds: POLL_SECONDS };
      let answer;
      try {
        // What the server gives while this is aborted it takes back, because the connection is closed.
        answer = await this.#ask('/jobs/leases', body, { key: crypto.randomUUID(), signal, retryForMs: Infinity });
      } catch (fault) {
        if (signal.aborted) return;
        throw fault;
      }
      if (!Array.isArray(answer?.leases)) throw new Error('the answer has no leases; is the URL that of Tailrace?');
      for (const lease of answer.leases) this.#begin(lease);
    }
  }

  /** @param {Lease} lease */
  #begin(lease) {
    // An answer that was lost and given again.
    if ([...this.#running].some(({ lease: { id, token } }) => id === lease.id && token === lease.token)) return;
    /** @type {Running} */
    const running = { lease, abort: new AbortController(), ended: Promise.resolve(), reason: null, told: false, heart: null };
    this.#running.add(running);
    running.ended = this.#attempt(running).finally(() => {
      this.#running.delete(running);
      this.#wake();
    });
  }

  /** @param {Running} running */
  async #attempt(running) {
    const { lease, abort } = running;
    const deadlineMs = performance.now() + lease.timeout_seconds * 1000;
    const heart = new Heart(lease, deadlineMs, (body, timeoutMs) => this.#ask(`/jobs/leases/${lease.id}/heartbeat`, body, { retryForMs: 0, timeoutMs }), reason => {
      this.#onWarning(`job ${lease.id} stops: ${reason}`);
      stopped(running, reason);
    });
    const lines = new LogLines(lease.attempt, (body, isLast) => this.#tellLines(lease, body, isLast));
    /** @type {Job} */
    const job = {
      id: lease.id, queue: lease.queue, type: lease.type, attempt: lease.attempt, isLastAttempt: lease.last_attempt, token: lease.token,
      signal: abort.signal,
      secondsLeft: () => (deadlineMs - performance.now()) / 1000,
      progress: (fraction, message) => heart.progress(fraction, message),
      log: (message, level = 'info') => {
        console.error(`job ${lease.id}: ${message}`);
        lines.add(message, level);
      },
    };
    running.heart = heart;
    const beating = heart.beat();
    let outcome;
    try {
      const handler = /** @type {Handler} */ (this.#handlers.get(lease.type));
      outcome = succeeded(await handler(lease.payload, job));
    } catch (fault) {
      outcome = failed(running, fault);
    }
    heart.stop();
    await beating;
    await lines.end();
    if (running.reason !== 'lease_lost') await this.#report(running, outcome, REPORT_FOR_MS);
  }

  /** @param {Lease} lease @param {object} body @param {boolean} isLast */
  async #tellLines({ id, token }, body, isLast) {
    try {
      await this.#ask(`/jobs/leases/${id}/log`, { token, ...body }, { retryForMs: isLast ? LAST_LINES_MS : 0, timeoutMs: 5_000 });
    } catch (fault) {
      if (!(/** @type {any} */ (fault)?.passes === false)) throw fault;
      this.#onWarning(`log lines of job ${id} were refused:`, fault);
    }
  }

  /** @param {Running} running @param {object} outcome @param {number} retryForMs */
  async #report(running, outcome, retryForMs) {
    // The first one who says it does.
    if (running.told) return;
    running.told = true;
    const { id, token } = running.lease;
    try {
      await this.#ask(`/jobs/leases/${id}/outcome`, { token, ...outcome }, { retryForMs });
    } catch (fault) {
      const { status, message } = /** @type {any} */ (fault) ?? {};
      this.#onWarning(`the outcome of job ${id} was not taken:`, fault);
      if ('result' in outcome && (status === 400 || status === 413)) {
        running.told = false;
        await this.#report(running, { outcome: 'failed', error: { type: 'invalid_result', message }, give_up: true }, retryForMs);
      }
    }
  }

  async #end() {
    if (await this.#none(this.#graceMs)) return;
    for (const running of this.#running) stopped(running, 'worker_stops');
    if (await this.#none(LAST_WORDS_MS)) return;
    // Their handlers go on, and nobody waits for them.
    await Promise.all([...this.#running].map(running => {
      running.heart?.stop();
      return this.#report(running, { outcome: 'handed_back' }, 5_000);
    }));
  }

  /** Waits until none runs. @param {number} ms @returns {Promise<boolean>} false if that takes longer */
  async #none(ms) {
    const all = Promise.all([...this.#running].map(each => each.ended)).then(() => true);
    let timer;
    const late = new Promise(resolve => { timer = setTimeout(() => resolve(false), ms); });
    try {
      return this.#running.size === 0 || await Promise.race([all, late]) === true;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {{key?: string, signal?: AbortSignal, retryForMs: number, timeoutMs?: number}} options
   * @returns {Promise<any>} the body of a 2xx
   * @throws {import('@tailrace/client').Problem}
   */
  async #ask(path, body, { key, signal, retryForMs, timeoutMs = ANSWER_MS }) {
    const { fetch, tokens, Problem, pauseMs, pauses, url } = this.#access;
    const startedAt = performance.now();
    for (let failures = 1; ; failures++) {
      let token = null;
      try {
        token = await tokens.get();
        const headers = { 'Content-Type': 'application/json', ...(key && { 'Idempotency-Key': key }), ...(token && { Authorization: `Bearer ${token}` }) };
        return await answered(Problem, () => fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body), signal: any(signal, timeoutMs) }));
      } catch (fault) {
        if (signal?.aborted) throw fault;
        const problem = fault instanceof Error && fault.name === 'TokenFault' ? new Problem(0, null, 0, fault) : fault;
        if (!(problem instanceof Problem)) throw problem;
        const isOld = problem.status === 401 && tokens.renews && failures === 1;
        if (isOld) tokens.refuse(token);
        else if (!problem.passes) throw problem;
        const waitMs = isOld ? 0 : pauseMs(failures, problem.retryAfterMs, Math.random(), pauses);
        if (performance.now() + waitMs - startedAt > retryForMs) throw problem;
        if (failures === 4) this.#onWarning('the server does not help, and is asked again and again:', problem);
        await paused(waitMs, signal);
      }
    }
  }
}

/**
 * @param {typeof import('@tailrace/client').Problem} Problem
 * @param {() => Promise<Response>} request
 */
async function answered(Problem, request) {
  let answer;
  let json = null;
  try {
    answer = await request();
    const text = await answer.text();
    try {
      json = JSON.parse(text);
    } catch {
      // A page of a proxy's own.
    }
  } catch (fault) {
    throw new Problem(0, null, 0, fault);
  }
  const asked = Number(answer.headers.get('Retry-After')) * 1000;
  if (!answer.ok) throw new Problem(answer.status, json, asked > 0 ? asked : 0);
  return json;
}

/** @param {AbortSignal | undefined} signal @param {number} ms */
const any = (signal, ms) => (signal ? AbortSignal.any([signal, AbortSignal.timeout(ms)]) : AbortSignal.timeout(ms));

/** @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>} */
function paused(ms, signal) {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
