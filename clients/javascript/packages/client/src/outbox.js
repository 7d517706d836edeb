// Publishing that survives an outage: what is given is sent in its order, for ever, and at most so much of it waits.

import { PAUSES, pauseMs, systemClock } from './backoff.js';
import { Problem } from './http.js';
import { newKey } from './requests.js';

/** How many events wait at most. */
export const MAX_WAITING = 1000;
/** How many characters of JSON they have together at most. */
export const MAX_CHARS = 16_000_000;
/** How many events of one channel go into one request. */
export const MAX_BATCH = 100;

/** More events wait than the outbox takes. */
export class OutboxFull extends Error {
  /** @param {number} events @param {number} chars */
  constructor(events, chars) {
    super(`the outbox is full: ${events} events of ${chars} characters wait`);
    this.name = 'OutboxFull';
  }
}

/** @typedef {{key: string, channel: string, type: string, data: any, chars: number}} Item */
/** @typedef {{load: () => Promise<Item[]>, save: (items: Item[]) => Promise<void> | void}} OutboxStore */

export class Outbox {
  /** @type {Item[]} */
  #items = [];
  /** @type {Map<string, {resolve: (value: any) => void, reject: (fault: unknown) => void}>} */
  #promises = new Map();
  #chars = 0;
  #running = false;
  #closed = false;
  /** How many items at the head are in the request that is being tried: it stays as it is, because its key stands for it. */
  #batch = 0;
  /** @type {(() => void) | null} */
  #wake = null;
  #loaded;

  /**
   * @param {{publish: (channel: string, events: any, data: any, options: any) => Promise<any>}} client
   * @param {{maxWaiting?: number, maxChars?: number, maxBatch?: number, store?: OutboxStore, clock?: import('./types.js').Clock,
   *   pauses?: Partial<typeof PAUSES>, onRefused?: (item: Item, problem: unknown) => void}} [options] `store` keeps what waits beyond
   *   the page; what it held is sent first
   */
  constructor(client, { maxWaiting = MAX_WAITING, maxChars = MAX_CHARS, maxBatch = MAX_BATCH, store, clock = systemClock, pauses, onRefused } = {}) {
    this.client = client;
    this.maxWaiting = maxWaiting;
    this.maxChars = maxChars;
    this.maxBatch = maxBatch;
    this.store = store;
    this.clock = clock;
    this.pauses = pauses;
    this.onRefused = onRefused;
    this.#loaded = this.#load();
    // What publishes is loaded when it is needed: here before the network goes.
    import('./publish.js').catch(() => {});
  }

  /** How many events wait. */
  get size() { return this.#items.length; }

  /**
   * Puts an event into the outbox.
   * @param {string} channel @param {string} type @param {any} data
   * @returns {Promise<{id: string, position: string}>} when the server has it
   * @throws {OutboxFull | TypeError} rejected at once, and nothing is kept; TypeError if the data is no JSON
   */
  add(channel, type, data) {
    if (this.#closed) return Promise.reject(new Error('the outbox is closed'));
    let text;
    try {
      // As it is now: the caller may change it while it waits. What is no JSON would never be sent.
      text = JSON.stringify(data ?? null);
      if (text === undefined) throw new TypeError('the data cannot be written as JSON');
    } catch (fault) {
      return Promise.reject(fault);
    }
    const { length } = this.#items;
    if (length >= this.maxWaiting || (length > 0 && this.#chars + text.length > this.maxChars)) return Promise.reject(new OutboxFull(length, this.#chars));
    const item = { key: newKey(), channel, type, data: JSON.parse(text), chars: text.length };
    this.#items.push(item);
    this.#chars += item.chars;
    const sent = new Promise((resolve, reject) => { this.#promises.set(item.key, { resolve, reject }); });
    // Whoever does not wait for it is not told by an unhandled rejection, but by onRefused.
    sent.catch(() => {});
    this.#save();
    void this.#run();
    return sent;
  }

  /** The network is back: what waits is tried now. */
  wake() { this.#wake?.(); }

  /** Waits until nothing waits, at most so long. @param {number} timeoutMs @returns {Promise<boolean>} whether all is sent */
  async flush(timeoutMs) {
    await this.#loaded;
    const untilMs = this.clock.now() + timeoutMs;
    while (this.#items.length > 0 && !this.#closed && this.clock.now() < untilMs) {
      await new Promise(resolve => { this.clock.setTimer(() => resolve(undefined), Math.min(20, timeoutMs)); });
    }
    return this.#items.length === 0;
  }

  /** Stops. What waits stays in the store, if there is one. */
  close() {
    this.#closed = true;
    this.#wake?.();
    for (const { reject } of this.#promises.values()) reject(new Error('the outbox is closed'));
    this.#promises.clear();
  }

  async #load() {
    let before = /** @type {Item[]} */ ([]);
    try {
      before = await this.store?.load() ?? [];
    } catch { /* A store that cannot be read holds nothing. */ }
    this.#items.unshift(...before);
    for (const { chars } of before) this.#chars += chars;
    if (this.#items.length > 0) void this.#run();
  }

  #save() {
    // A store that is full or refused: what waits is in memory alone.
    void Promise.resolve().then(() => this.store?.save([...this.#items])).catch(() => {});
  }

  async #run() {
    await this.#loaded;
    if (this.#running) return;
    this.#running = true;
    for (let failures = 0; this.#items.length > 0 && !this.#closed;) {
      const batch = this.#head();
      try {
        const answer = await this.#send(batch);
        this.#done(batch, answer?.events ?? []);
        failures = 0;
      } catch (fault) {
        const problem = fault instanceof Problem ? fault : new Problem(0, null, 0, fault);
        if (this.#closed) break;
        if (problem.passes || problem.status === 401) await this.#pause(++failures, problem.retryAfterMs);
        // One bad event does not take the others of its request with it.
        else if (batch.length > 1) this.#batch = 1;
        else this.#refused(batch[0], problem);
      }
    }
    this.#running = false;
  }

  /** @param {Item[]} batch */
  #send(batch) {
    const [{ key, channel, type, data }] = batch;
    const options = { idempotencyKey: batch.length === 1 ? key : `${key}.${batch.length}`, retryForMs: 0 };
    return batch.length === 1
      ? this.client.publish(channel, type, data, options)
      : this.client.publish(channel, batch.map(item => ({ type: item.type, data: item.data })), undefined, options);
  }

  #head() {
    if (this.#batch === 0) {
      const { channel } = this.#items[0];
      const end = this.#items.findIndex(item => item.channel !== channel);
      this.#batch = Math.min(this.maxBatch, end < 0 ? this.#items.length : end);
    }
    return this.#items.slice(0, this.#batch);
  }

  /** @param {Item[]} batch @param {any[]} events */
  #done(batch, events) {
    this.#forget(batch.length);
    this.#batch = 0;
    this.#save();
    batch.forEach(({ key }, i) => {
      this.#promises.get(key)?.resolve(events[i]);
      this.#promises.delete(key);
    });
  }

  /** @param {number} count */
  #forget(count) {
    for (const { chars } of this.#items.splice(0, count)) this.#chars -= chars;
  }

  /** @param {Item} item @param {unknown} problem */
  #refused(item, problem) {
    this.#forget(1);
    this.#batch = 0;
    this.#save();
    this.#promises.get(item.key)?.reject(problem);
    this.#promises.delete(item.key);
    this.onRefused?.(item, problem);
  }

  /** @param {number} failures @param {number} askedMs */
  #pause(failures, askedMs) {
    const ms = pauseMs(failures, askedMs, this.clock.random(), { ...PAUSES, ...this.pauses });
    return new Promise(resolve => {
      const timer = this.clock.setTimer(() => resolve(undefined), ms);
      this.#wake = () => { this.clock.clearTimer(timer); resolve(undefined); };
    });
  }
}
