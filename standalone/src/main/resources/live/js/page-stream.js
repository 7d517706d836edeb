// The stream as a page sees it: one for everything the page shows, and by the client one for all pages of the same person in
// this browser. A browser has six connections to a server over HTTP/1.1 for all of its tabs together.

import { history } from '../client/history.js';
import { SharedClient } from '../client/shared/index.js';

/** How long a connection may be silent, in milliseconds, until it counts as dead. */
export const WATCHDOG_MS = 45_000;
const HEAD_MS = 8_000;

// What the client gives to a tab that comes later; no channel is wanted with more of its past.
const KEPT_EVENTS = 500;

/**
 * States: connecting, catching-up, live, waiting (for the next attempt), cut (by the user), closed.
 * Emits 'state', 'cursor', 'channels', 'event' (detail: {type, envelope}), 'control' (detail: {type, data}).
 */
export class PageStream extends EventTarget {
  #client = null;
  #scope = null;
  #subscriptions = new Map();
  /** What came on a channel while its past is read. */
  #held = new Map();
  #state = 'closed';
  #detail = {};
  #settling = 0;
  #slow = null;
  #openedAt = 0;
  #sinceOpen = 0;
  #resumed = false;

  /**
   * @param {() => {scope: string, channels: Record<string, number>}} subscription
   *     asked at each connect and update: whose stream it is, and how many earlier events of each channel are wanted
   * @param {{watchdogMs: number, shared: boolean, token: (scope: string) => undefined | ((why: {refused: ?string}) => Promise<?string>)}}
   *     settings `token` gives the client's token callback; a scope of nobody has none
   */
  constructor(subscription, { watchdogMs, shared, token }) {
    super();
    this.subscription = subscription;
    this.watchdogMs = watchdogMs;
    this.shared = shared;
    this.token = token;
    this.received = 0;
    this.channels = [];
  }

  get state() { return this.#state; }

  /** Why it is in this state: {reason?, status?, retryMs?}. */
  get detail() { return this.#detail; }

  get cursor() { return this.#client?.cursor ?? null; }

  get connectionId() { return this.#client?.connectionId ?? null; }

  /** The client of whoever this stream is for, for what a stream does not do; null before the first `connect`. */
  get client() { return this.#client; }

  /** Whether other pages have the same connection. */
  get isShared() { return ['worker', 'leader'].includes(this.#client?.sharing); }

  /** Follows at the cursor, or from the beginning of what is wanted if there is none. */
  connect() {
    const { scope } = this.subscription();
    if (this.#scope !== scope) this.forget();
    this.#scope = scope;
    this.#client ??= this.#open(scope);
    this.#connecting();
    this.#client.resume();
    this.#follow();
  }

  /** Ends it on purpose. The cursor stays. */
  cut() {
    // First, so that the client's own state is no news.
    this.#enter('cut');
    this.#client?.pause();
  }

  /** Forgets the cursor, for another person. */
  forget() {
    const client = this.#client;
    this.#client = null;
    this.#scope = null;
    this.#subscriptions.clear();
    this.#held.clear();
    client?.close();
  }

  /** The subscription has other channels. */
  update() {
    if (this.#state !== 'cut' && this.#client) this.#follow();
  }

  /**
   * Waits until the stream has some channels; for ever while it cannot be reached.
   * @returns {Promise<string>} a cursor: every event of them after it comes, or has come since
   */
  async joined(channels) {
    const client = this.#client;
    await Promise.all(channels.map(channel => this.#subscriptions.get(channel)?.ready));
    // There is none for a moment when the server has refused the one before.
    while (client === this.#client && client.cursor === null) {
      await new Promise(resolve => { this.addEventListener('cursor', resolve, { once: true }); });
    }
    return client.cursor;
  }

  #open(scope) {
    const client = new SharedClient({
      url: '/', user: scope, token: this.token(scope), credentials: 'omit', keepEvents: KEPT_EVENTS,
      // The client takes twice the heartbeat and 5 s more for dead; below 7 s it cannot go.
      heartbeatSeconds: Math.min(300, Math.max(1, Math.floor((this.watchdogMs - 5000) / 2000))),
      share: this.shared ? undefined : [],
    });
    const ifCurrent = act => what => { if (client === this.#client && this.#state !== 'cut') act(what); };
    client.on('state', ifCurrent(change => this.#onState(change)));
    client.on('cursor', ifCurrent(() => this.dispatchEvent(new Event('cursor'))));
    client.on('refused', ifCurrent(refusal => this.#refused(refusal)));
    for (const kind of ['gap', 'reset']) {
      client.on(kind, ifCurrent(({ reason, channels, lost }) => {
        // The page reads the past that the other tabs' connection has not kept: see #fill.
        if (reason !== 'joined-late') this.#control(`stream.${kind}`, { reason, channels, lost });
      }));
    }
    return client;
  }

  /** Brings the client's channels to what is wanted. */
  #follow() {
    const { channels } = this.subscription();
    for (const [channel, subscription] of this.#subscriptions) {
      if (channel in channels) continue;
      this.#subscriptions.delete(channel);
      this.#held.delete(channel);
      subscription.close();
    }
    for (const [channel, count] of Object.entries(channels)) {
      if (this.#subscriptions.has(channel)) continue;
      const start = count === 0 ? 'live' : `last:${count}`;
      const subscription = this.#client.subscribe(channel, { start }, each => this.#take(subscription, channel, count, each));
      this.#subscriptions.set(channel, subscription);
    }
    void this.#settle();
  }

  #onState({ state, previous, reason, status, retryMs }) {
    switch (state) {
      case 'connecting':
        if (this.#state !== 'connecting') this.#connecting();
        break;
      case 'waiting': this.#enter('waiting', { reason, status, retryMs }); break;
      case 'catching-up':
      case 'live': {
        const isNew = !['catching-up', 'live'].includes(previous);
        this.#enter(state);
        if (isNew) {
          const channels = [...this.#subscriptions.keys()].map(channel => ({ channel }));
          this.#control('stream.open', { connection_id: this.connectionId, channels });
        }
        if (state === 'live') void this.#settle(true);
        break;
      }
      default: // Of its making and its end.
    }
  }

  #connecting() {
    this.#resumed = this.cursor !== null;
    this.#openedAt = performance.now();
    this.#sinceOpen = 0;
    this.#enter('connecting');
    // A browser that has no connection to spare says nothing: the person is told before the client gives up.
    this.#slow = setTimeout(() => this.#enter('connecting', { reason: 'no-answer' }), Math.min(HEAD_MS, this.watchdogMs / 2));
  }

  #enter(state, detail = {}) {
    clearTimeout(this.#slow);
    this.#state = state;
    this.#detail = detail;
    this.dispatchEvent(new Event('state'));
  }

  /** Tells when the server has said of all channels whether they are here; and, after a start, when all that was missed is. */
  async #settle(isStart = false) {
    const settling = isStart ? ++this.#settling : this.#settling;
    const client = this.#client;
    const outcomes = await Promise.all([...this.#subscriptions.values()].map(subscription => subscription.ready));
    if (client !== this.#client || settling !== this.#settling || this.#state !== 'live') return;
    const here = outcomes.flatMap(({ channels }) => channels);
    this.channels = [...this.#subscriptions.keys()].filter(channel => here.includes(channel));
    this.dispatchEvent(new Event('channels'));
    if (!isStart) return;
    const ms = Math.round(performance.now() - this.#openedAt);
    this.#control('stream.caught_up', { events: this.#sinceOpen, ms, resumed: this.#resumed });
  }

  /** Also one that was on the stream, and whose grant is gone. */
  #refused({ channel, reason }) {
    this.channels = this.channels.filter(name => name !== channel);
    this.dispatchEvent(new Event('channels'));
    this.#control('stream.channels', { refused: [{ channel, reason }] });
  }

  #take(subscription, channel, count, delivery) {
    if (this.#subscriptions.get(channel) !== subscription) return;
    if (delivery.kind === 'gap' && delivery.reason === 'joined-late') {
      if (!this.#held.has(channel)) void this.#fill(subscription, channel, count);
    } else if (delivery.kind === 'event') {
      const held = this.#held.get(channel);
      if (held) held.push(delivery);
      else this.#event(delivery);
    }
  }

  #event({ channel, type, id, time, data }) {
    this.received++;
    this.#sinceOpen++;
    this.dispatchEvent(new CustomEvent('event', { detail: { type, envelope: { channel, id, time, data } } }));
  }

  /** The channel was on the connection already, and less of its past was kept there than this page wants: the server has it. */
  async #fill(subscription, channel, count) {
    const client = this.#client;
    const held = [];
    this.#held.set(channel, held);
    // Only when all of a message was given out, the cursor is behind it.
    await null;
    const kept = held.length;
    let past = null;
    try {
      past = (await history(client, channel, { limit: count, before: client.cursor })).deliveries.reverse();
    } catch { /* It is told below. */ }
    if (this.#subscriptions.get(channel) !== subscription || this.#held.get(channel) !== held) return;
    this.#held.delete(channel);
    if (past) held.splice(0, kept, ...past.filter(({ kind }) => kind === 'event'));
    else this.#control('stream.gap', { reason: 'joined-late', channels: [channel], lost: null });
    for (const event of held) this.#event(event);
  }

  #control(type, data) {
    this.dispatchEvent(new CustomEvent('control', { detail: { type, data } }));
  }
}
