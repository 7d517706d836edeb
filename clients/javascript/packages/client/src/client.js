// A client of Tailrace: one connection, many subscriptions, and publishing.

import { pauseMs, PAUSES, systemClock } from './backoff.js';
import { ChannelSet } from './channel-set.js';
import { Connection, OPEN_MS } from './connection.js';
import { Problem, send } from './http.js';
import { Router } from './router.js';
import { Subscription } from './subscription.js';
import { TOKEN_TIMEOUT_MS, TokenSource } from './token-source.js';
import { transportsHere } from './transports.js';
import { wakeSources } from './wake.js';

/** @typedef {import('./types.js').Delivery} Delivery */
/** @typedef {import('./types.js').StateChange} StateChange */

/** Seconds between heartbeats that are asked for; twice as long without a byte, and 5 s more, and a connection counts as dead. */
export const HEARTBEAT_S = 15;

/**
 * @typedef {object} Options
 * @property {string} url where Tailrace is: an origin, or a path such as `/api` on the page's own
 * @property {string | import('./types.js').TokenCallback} [token]
 * @property {number} [heartbeatSeconds] 1 to 300
 * @property {import('./types.js').Transport[]} [transports] in the order in which they are tried; by default what the runtime has
 * @property {string[]} [types] the event types that are heard where EventSource is the only transport
 * @property {Record<string, string>} [headers] of each request of the fetch transport and of publishing
 * @property {RequestCredentials} [credentials] `same-origin` by default
 * @property {typeof globalThis.fetch} [fetch]
 * @property {number} [keepEvents] past events of each channel that are kept for late subscribers, 100 by default
 * @property {number} [tokenTimeoutMs] how long the token callback may take
 * @property {{cursor: string, channels: string[]}} [resume] a position from before, and the channels that it is of
 * @property {number} [openMs] how long a request may take until its head, and from there to the first frame
 * @property {number} [changeMs] how long the outcome of a change of channels may take
 * @property {Partial<typeof PAUSES>} [pauses]
 * @property {import('./types.js').Clock} [clock]
 */

/** @typedef {{want: Function, release: Function, isOn: (name: string) => boolean, fault: (error: unknown) => void}} Host */

export class TailraceClient {
  #channels;
  /** @type {Map<string, Set<(detail: any) => void>>} */
  #listeners = new Map();
  /** @type {Connection} */
  #connection;
  /** @type {Router} */
  #router;
  #tokens;
  #options;
  #stopWaking;
  #starting = false;

  /** @param {Options} options */
  constructor(options) {
    const { url, token, clock = systemClock, heartbeatSeconds = HEARTBEAT_S, openMs = OPEN_MS, resume } = options;
    if (!(heartbeatSeconds >= 1 && heartbeatSeconds <= 300)) throw new RangeError('heartbeatSeconds: 1 to 300');
    const fetch = options.fetch ?? ((/** @type {any} */ ...request) => globalThis.fetch(.../** @type {[any]} */ (request)));
    const transports = options.transports ?? transportsHere(fetch, options.types);
    this.url = url.replace(/\/+$/, '');
    const pauses = { ...PAUSES, ...options.pauses };
    this.#options = { headers: {}, credentials: /** @type {RequestCredentials} */ ('same-origin'), ...options, fetch, clock, pauses };
    this.#channels = new ChannelSet(resume?.channels ?? []);
    this.#tokens = new TokenSource(token, { clock, timeoutMs: options.tokenTimeoutMs ?? TOKEN_TIMEOUT_MS });
    this.#connection = new Connection({
      plan: () => this.#plan(heartbeatSeconds),
      frame: (frame, control) => this.#router.frame(frame, control),
      state: change => {
        this.#router.stateChanged(change);
        this.#emit('state', change);
      },
      refused: (status, problem) => this.#router.refusedOpening(status, problem),
      renew: () => this.#router.renew(),
    }, { transports, tokens: this.#tokens, clock, watchdogMs: heartbeatSeconds * 2000 + 5000, openMs, pauses });
    this.#connection.cursor = resume?.cursor ?? null;
    this.#router = new Router({
      client: this, channels: this.#channels, connection: this.#connection, tokens: this.#tokens, options: this.#options,
      emit: (name, detail) => this.#emit(name, detail),
    });
    this.#stopWaking = wakeSources(() => this.#connection.wake());
  }

  /** @returns {import('./types.js').State} */
  get state() { return this.#connection.state; }

  /** The last change of the state: why it is as it is. @returns {StateChange} */
  get detail() { return this.#connection.detail; }

  /** The position of the connection, on all of its channels. */
  get cursor() { return this.#connection.cursor; }

  get connectionId() { return this.#connection.connectionId; }

  /**
   * Subscribes to channels. They share one connection with all other subscriptions of this client.
   * @param {string | string[]} channels
   * @param {{start?: string} | ((delivery: Delivery) => void)} [options] where channels begin that have no position yet
   * @param {(delivery: Delivery) => void} [handler] gets events, gaps and resets, in their order
   * @returns {Subscription}
   */
  subscribe(channels, options = {}, handler = undefined) {
    if (this.state === 'closed') throw new Error('closed');
    if (typeof options === 'function') [options, handler] = [{}, options];
    return new Subscription(this.#router, channels, options, handler);
  }

  /** @internal The set of channels has changed. */
  changed() {
    if (this.#starting) return;
    this.#starting = true;
    // What is subscribed to in one turn is asked for at once.
    queueMicrotask(() => {
      this.#starting = false;
      if (this.#channels.isEmpty) this.#connection.rest('no-channels');
      else if (this.state === 'idle') this.#connection.open('subscribed');
      else this.#router.sync();
    });
  }

  /**
   * Listens: `state` (a StateChange), `gap`, `reset`, `refused`, or `error` (what a handler of yours threw; without a listener it
   * is written to the console).
   * @param {string} name
   * @param {(detail: any) => void} handler
   * @returns {() => void} stops listening
   */
  on(name, handler) {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all.add(handler));
    return () => { all.delete(handler); };
  }

  /** Tries now if it waits for its next attempt. */
  wake() { this.#connection.wake(); }

  /** Renews the token of the open stream in place, as when somebody was granted more. */
  renewToken() {
    return this.#router.renew(true);
  }

  /** @internal What requests of other entries need. @returns {import('./publish.js').Access} */
  access() { return { ...this.#options, url: this.url, tokens: this.#tokens, send, Problem, pauseMs }; }

  /**
   * Publishes one event, or several in one request, and retries with one idempotency key until there is an answer.
   * @type {import('./publish.js').Publish}
   */
  async publish(...request) {
    return (await import('./publish.js')).publish(this.access(), ...request);
  }

  /** Ends everything. */
  close() {
    this.#stopWaking();
    // First, so that nobody who is told that a subscription is closed makes another one.
    this.#connection.close();
    this.#router.close();
  }

  /** @param {number} heartbeat */
  #plan(heartbeat) {
    const { headers, credentials } = this.#options;
    const opening = this.#channels.opening(this.cursor !== null);
    if (opening === null) return null;
    if (!opening.resumes) this.#connection.cursor = null;
    const { channels, start } = opening;
    const query = new URLSearchParams({ channels: channels.join(), heartbeat: `${heartbeat}`, ...(start && { start }) });
    return { url: `${this.url}/events?${query}`, headers, credentials, channels: channels.map(channel => ({ channel, start })) };
  }

  /** @param {string} name @param {any} detail */
  #emit(name, detail) {
    const listeners = [...this.#listeners.get(name) ?? []];
    if (name === 'error' && listeners.length === 0) console.error('tailrace:', detail);
    for (const listener of listeners) {
      try {
        listener(detail);
      } catch (error) {
        console.error('tailrace:', error);
      }
    }
  }
}
