// Publishing from a service: nothing of the service waits for it, what is published goes out in order and once, and what waits
// is bounded.

import { Outbox, TailraceClient } from '@tailrace/client';
import { enqueue } from '@tailrace/client/jobs';

const PART = /^[A-Za-z0-9._~-]{1,64}$/;

// A server that is away does not keep a process from ending.
const CLOCK = {
  now: () => performance.now(),
  setTimer: (/** @type {() => void} */ callback, /** @type {number} */ ms) => setTimeout(callback, ms).unref(),
  clearTimer: (/** @type {any} */ timer) => clearTimeout(timer),
  random: Math.random,
};

/** How long closing waits for what is left, in milliseconds. */
export const CLOSE_MS = 5000;

/** @typedef {import('@tailrace/client').Options} ClientOptions */

/**
 * @typedef {object} PublisherOptions
 * @property {string} [gatewayUrl] by default TAILRACE_URL
 * @property {ClientOptions['token']} [serviceToken] by default TAILRACE_SERVICE_TOKEN
 * @property {string} serviceName stands in each event as `service`
 * @property {number} [maxWaiting] how many events wait at most, 1,000 by default; one more is refused with OutboxFull
 * @property {number} [maxBatch] how many go into one request at most, 100 by default
 * @property {boolean} [flushAtExit] whether what waits is sent when the process has nothing else to do; true by default
 * @property {(error: unknown, event: {channel: string, type: string, data: any}) => void} [onError] what was refused, and what found the
 *   outbox full. By default it is written to stderr
 * @property {typeof globalThis.fetch} [fetch]
 * @property {ClientOptions['pauses']} [pauses]
 */

/** @typedef {import('@tailrace/client/jobs').EnqueueOptions} EnqueueOptions */
/** @typedef {import('@tailrace/client/jobs').EnqueuedJob} EnqueuedJob */

/** @typedef {Promise<{id: string, position: string}>} Receipt fulfilled when the log has the event; nobody has to wait for it */

export class SSEPublisher {
  #client;
  #outbox;
  #onError;
  #closed = false;
  /** @type {(() => void) | null} */
  #atExit = null;

  /** @param {PublisherOptions} options */
  constructor({ gatewayUrl = process.env.TAILRACE_URL, serviceToken = process.env.TAILRACE_SERVICE_TOKEN, serviceName, flushAtExit = true, onError, ...options }) {
    if (!gatewayUrl) throw new TypeError('expected the option gatewayUrl, or TAILRACE_URL: where Tailrace is');
    if (!serviceName) throw new TypeError('expected the option serviceName: who publishes');
    this.serviceName = serviceName;
    this.#onError = onError ?? ((error, { channel, type }) => console.error(`tailrace: ${type} on ${channel} was not published:`, error));
    this.#client = new TailraceClient({ url: gatewayUrl, token: serviceToken, fetch: options.fetch, pauses: options.pauses });
    this.#outbox = new Outbox(this.#client, {
      maxWaiting: options.maxWaiting, maxBatch: options.maxBatch, pauses: options.pauses, clock: CLOCK,
      onRefused: (event, problem) => this.#onError(problem, event),
    });
    if (flushAtExit) {
      // It comes when nothing else is to be done, and may start something. After process.exit() nothing can be sent any more.
      this.#atExit = () => { if (this.waiting > 0) void this.close(); };
      process.once('beforeExit', this.#atExit);
    }
  }

  /** How many events wait. */
  get waiting() { return this.#outbox.size; }

  /**
   * Publishes an event. It does not throw, and does not have to be waited for: what is refused is told to onError.
   * @param {string} channel @param {string} type @param {any} data
   * @returns {Receipt}
   */
  publish(channel, type, data) {
    const receipt = this.#outbox.add(channel, type, data);
    receipt.catch(error => { if (error?.name === 'OutboxFull' || error instanceof TypeError) this.#onError(error, { channel, type, data }); });
    return receipt;
  }

  /** On `logs:{workspaceId}:{workflowId}`. @param {string} workspaceId @param {string} workflowId @param {object} log @returns {Receipt} */
  publishLog(workspaceId, workflowId, log) {
    return this.publish(channelOf('logs', workspaceId, workflowId), 'log', this.#signed(log));
  }

  /** On `metrics:{workspaceId}`. @param {string} workspaceId @param {object} metric @returns {Receipt} */
  publishMetric(workspaceId, metric) {
    return this.publish(channelOf('metrics', workspaceId), 'metric', this.#signed(metric));
  }

  /** On `workflows:{workspaceId}:{workflowId}`. @param {string} workspaceId @param {string} workflowId @param {object} state @returns {Receipt} */
  publishWorkflow(workspaceId, workflowId, state) {
    return this.publish(channelOf('workflows', workspaceId, workflowId), 'workflow', this.#signed(state));
  }

  /** On `alerts:{workspaceId}`. @param {string} workspaceId @param {object} alert @returns {Receipt} */
  publishAlert(workspaceId, alert) {
    return this.publish(channelOf('alerts', workspaceId), 'alert', this.#signed(alert));
  }

  /**
   * Enqueues a job, and retries with one idempotency key until there is an answer, so that a lost answer is no second job. Unlike what is
   * published it is not kept in the background: who calls it has to wait, because a job that was not enqueued is not done.
   * @param {string} type @param {any} payload JSON that fits the type @param {EnqueueOptions} [options]
   * @returns {Promise<EnqueuedJob>} the job, or the one that has its unique key
   * @throws {import('@tailrace/client').Problem} if it is refused, or has no answer when the time is over: then it may be enqueued or not
   */
  enqueue(type, payload, options) {
    return enqueue(this.#client, type, payload, options);
  }

  /** Waits until nothing waits. @param {number} [timeoutMs] @returns {Promise<boolean>} false if that takes longer */
  async flush(timeoutMs = CLOSE_MS) {
    const alive = setTimeout(() => {}, timeoutMs + 100);
    try {
      return await this.#outbox.flush(timeoutMs);
    } finally {
      clearTimeout(alive);
    }
  }

  /** Sends what is left for at most so long, and ends. @param {number} [timeoutMs] @returns {Promise<boolean>} whether all was sent */
  async close(timeoutMs = CLOSE_MS) {
    if (this.#closed) return true;
    this.#closed = true;
    if (this.#atExit) process.off('beforeExit', this.#atExit);
    const isAll = await this.flush(timeoutMs);
    if (!isAll) console.error(`tailrace: ${this.waiting} events were not published before the publisher was closed`);
    this.#outbox.close();
    this.#client.close();
    return isAll;
  }

  /** @param {object} data */
  #signed(data) {
    // The time is that of the call, because an event may wait for long until the server is there.
    return { service: this.serviceName, timestamp: new Date().toISOString(), ...data };
  }
}

/** @param {string} namespace @param {string[]} parts */
function channelOf(namespace, ...parts) {
  for (const part of parts) {
    // A colon in a part would name a channel of another workspace.
    if (typeof part !== 'string' || !PART.test(part)) throw new TypeError(`"${part}" cannot be a part of a channel, expected 1 to 64 of A-Z a-z 0-9 . _ ~ -`);
  }
  return [namespace, ...parts].join(':');
}
