// What one part of a program wants to hear: channels, and handlers for what comes on them.

import { matches } from './patterns.js';

/** @typedef {import('./types.js').Delivery} Delivery */
/** @typedef {import('./types.js').StreamEvent} StreamEvent */
/** @typedef {import('./types.js').Outcome} Outcome */
/** @typedef {import('./types.js').Refusal} Refusal */
/** @typedef {{channel?: string, type?: string}} Filter patterns: `*` is one part, `**` the rest */
/** @typedef {{kind: string, filter: Filter, handler: (delivery: any) => void}} Listener */

/** How many gaps and resets are kept until somebody listens. */
const MAX_UNHEARD = 100;

export class Subscription {
  #host;
  #handler;
  /** @type {Set<string>} */
  #channels = new Set();
  /** @type {Map<string, Refusal>} */
  #refused = new Map();
  /** @type {Listener[]} */
  #listeners = [];
  /** @type {Delivery[]} */
  #unheard = [];
  /** @type {{channels: string[], resolve: (outcome: Outcome) => void}[]} */
  #awaiting = [];
  #closed = false;

  /**
   * @param {import('./client.js').Host} host
   * @param {string | string[]} channels @param {{start?: string}} options
   * @param {((delivery: Delivery) => void) | undefined} handler gets everything: events, gaps and resets, in their order
   */
  constructor(host, channels, options, handler) {
    this.#host = host;
    this.#handler = handler;
    /**
     * Fulfilled when the server has said of each channel whether it is on the stream. It is never rejected: what is refused
     * stands in it, and while the server is away it waits.
     * @type {Promise<Outcome>}
     */
    this.ready = this.add(channels, options);
  }

  /** @returns {string[]} */
  get channels() { return [...this.#channels]; }

  get closed() { return this.#closed; }

  /**
   * Adds channels to the open stream; those that are there do not notice.
   * @param {string | string[]} channels
   * @param {{start?: string}} [options]
   * @returns {Promise<Outcome>} what the server has said of them
   */
  add(channels, { start } = {}) {
    if (this.#closed) throw new Error('closed');
    const names = [channels].flat();
    for (const name of names) {
      if (typeof name !== 'string' || !name) throw new TypeError(`not a channel: ${name}`);
    }
    const fresh = names.filter(name => !this.#channels.has(name) || this.#refused.has(name));
    for (const name of fresh) {
      this.#channels.add(name);
      this.#refused.delete(name);
    }
    this.#host.want(this, fresh, start);
    const outcome = new Promise(resolve => { this.#awaiting.push({ channels: names, resolve }); });
    queueMicrotask(() => this.check());
    return outcome;
  }

  /** @param {string | string[]} channels */
  remove(channels) {
    const gone = [channels].flat().filter(name => this.#channels.delete(name));
    this.#host.release(this, gone);
    this.check();
  }

  /** Ends it. The connection goes on while others have channels. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#host.release(this, this.channels);
    const refused = this.channels.map(channel => ({ channel, reason: 'closed' }));
    for (const { resolve } of this.#awaiting.splice(0)) resolve({ channels: [], refused });
    this.#emit('close', {});
    this.#listeners = [];
  }

  /**
   * Listens: to `event` (with a filter by channel and type), `gap`, `reset`, `refused`, `ready` or `close`. Gaps and resets that
   * came before anybody listened are told to the first who does.
   * @param {string | Filter} what a kind, or a filter of events
   * @param {(delivery: any) => void} handler
   * @returns {() => void} stops listening
   */
  on(what, handler) {
    const listener = { kind: typeof what === 'string' ? what : 'event', filter: /** @type {Filter} */ (what), handler };
    this.#listeners.push(listener);
    const mine = this.#unheard.filter(each => each.kind === listener.kind);
    this.#unheard = this.#unheard.filter(each => each.kind !== listener.kind);
    for (const each of mine) this.#call(handler, each);
    return () => { this.#listeners = this.#listeners.filter(each => each !== listener); };
  }

  /** @internal @param {string} channel */
  has(channel) {
    return this.channels.some(name => matches(name, channel));
  }

  /** @internal @param {Delivery} delivery */
  deliver(delivery) {
    if (this.#closed) return;
    if (this.#handler) this.#call(this.#handler, delivery);
    const isHeard = this.#emit(delivery.kind, delivery) || this.#handler;
    if (delivery.kind !== 'event' && !isHeard && this.#unheard.length < MAX_UNHEARD) this.#unheard.push(delivery);
  }

  /** @internal @param {Refusal} refusal */
  refuse(refusal) {
    this.#refused.set(refusal.channel, refusal);
    this.#emit('refused', refusal);
  }

  /** @internal Settles the outcomes that are known now. */
  check() {
    for (const waiting of [...this.#awaiting]) {
      const outcome = this.#known(waiting.channels);
      if (!outcome) continue;
      this.#awaiting = this.#awaiting.filter(each => each !== waiting);
      waiting.resolve(outcome);
      this.#emit('ready', outcome);
    }
  }

  /** @param {string[]} channels @returns {Outcome | null} */
  #known(channels) {
    const wanted = channels.filter(name => this.#channels.has(name));
    const on = wanted.filter(name => !this.#refused.has(name));
    if (!on.every(name => this.#host.isOn(name))) return null;
    return { channels: on, refused: wanted.flatMap(name => this.#refused.get(name) ?? []) };
  }

  /** @param {string} kind @param {any} detail */
  #emit(kind, detail) {
    let isHeard = false;
    for (const { kind: wanted, filter, handler } of this.#listeners) {
      if (wanted === kind && matches(filter.channel ?? '**', detail.channel) && matches(filter.type ?? '**', detail.type)) {
        isHeard = true;
        this.#call(handler, detail);
      }
    }
    return isHeard;
  }

  /** @param {(detail: any) => void} handler @param {any} detail */
  #call(handler, detail) {
    try {
      handler(detail);
    } catch (error) {
      this.#host.fault(error);
    }
  }
}
