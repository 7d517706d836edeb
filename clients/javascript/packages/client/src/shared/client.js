// A client whose connection is shared by all tabs of this browser that show the same person.

import { systemClock } from '../backoff.js';
import { TailraceClient } from '../client.js';
import { matches } from '../patterns.js';
import { Subscription } from '../subscription.js';
import { TOKEN_TIMEOUT_MS, TokenSource } from '../token-source.js';
import { wakeSources } from '../wake.js';
import { carriersHere, localCarrier } from './carriers.js';
import { History } from './history.js';
import { identityOf } from '../identity.js';
import { absolute } from './address.js';
import { OwnerWatch } from './owner-watch.js';

/** @typedef {import('../types.js').Delivery} Delivery */
/** @typedef {import('../types.js').StateChange} StateChange */
/** @typedef {import('./carriers.js').Carrier} Carrier */
/** @typedef {{id: number, subscription: Subscription | null, starts: Map<string, string | undefined>, on: Map<string, number>}} Entry */
/**
 * @typedef {import('../client.js').Options & {user?: string, share?: ('worker' | 'leader')[], carriers?: Carrier[], behindChars?: number}} SharedOptions
 *   `user` says whose connection it is where the token does not; `share`: the ways that are tried, in their order; `behindChars`: how far
 *   behind with reading another tab may be before it is let go, until it has read that, where this tab has the connection
 */

export class SharedClient {
  /** @type {Map<number, Entry>} */
  #subs = new Map();
  #ids = 0;
  /** @type {Map<string, Set<(detail: any) => void>>} */
  #listeners = new Map();
  /** @type {import('./carriers.js').Link | null} */
  #link = null;
  #attached = false;
  /** @type {import('./hub.js').Position | null} */
  #position = null;
  #history = new History();
  #tab = `${Math.random()}`.slice(2);
  #carrier = 0;
  #generation = 0;
  #closed = false;
  #paused = false;
  #own;
  #owner;
  #tokens;
  #options;
  /** @type {Carrier[]} */
  #carriers;
  /** @type {string | null} */
  #identity = null;
  #stops;
  /** @type {StateChange} */
  detail = { state: 'idle', previous: 'idle', reason: 'created' };
  /** @type {string | null} */
  connectionId = null;

  /** @param {SharedOptions} options */
  constructor(options) {
    const { token, clock = systemClock, tokenTimeoutMs = TOKEN_TIMEOUT_MS } = options;
    this.url = absolute(options.url);
    this.#owner = new OwnerWatch(clock);
    this.#options = { ...options, url: this.url };
    this.#tokens = new TokenSource(token, { clock, timeoutMs: tokenTimeoutMs });
    this.#own = new TailraceClient({ ...this.#options, token: token === undefined ? undefined : ({ refused }) => this.#freshToken(refused) });
    this.#carriers = options.carriers ?? carriersHere(this.#options);
    const stopWaking = wakeSources(() => this.wake());
    const leave = new AbortController();
    // A page that the browser keeps for its back button holds nothing up; it comes back at its position.
    globalThis.addEventListener?.('pagehide', ({ persisted }) => this.#leave(persisted), leave);
    globalThis.addEventListener?.('pageshow', () => { if (this.#isLeft) void this.#connect('woken'); }, leave);
    this.#stops = [stopWaking, () => leave.abort()];
  }

  get state() { return this.detail.state; }

  /** Whether there are subscriptions, and nothing that brings them events. */
  get #isLeft() { return !this.#link && !this.#paused && !this.#closed && this.#subs.size > 0; }

  get cursor() { return this.#position?.cursor ?? null; }

  /** How the connection is shared: by a `worker`, by the tab that is the `leader`, or not (`tab`). Null if there is none. */
  get sharing() { return this.#link?.name ?? null; }

  /**
   * As of TailraceClient.
   * @param {string | string[]} channels
   * @param {{start?: string} | ((delivery: Delivery) => void)} [options]
   * @param {(delivery: Delivery) => void} [handler]
   * @returns {Subscription}
   */
  subscribe(channels, options = {}, handler = undefined) {
    if (this.#closed) throw new Error('closed');
    if (typeof options === 'function') [options, handler] = [{}, options];
    /** @type {Entry} */
    const entry = { id: ++this.#ids, subscription: null, starts: new Map(), on: new Map() };
    this.#subs.set(entry.id, entry);
    entry.subscription = new Subscription(/** @type {any} */ ({
      want: (/** @type {any} */ _, /** @type {string[]} */ names, /** @type {string | undefined} */ start) => this.#want(entry, names, start),
      release: (/** @type {Subscription} */ sub, /** @type {string[]} */ names) => this.#release(entry, sub, names),
      isOn: (/** @type {string} */ name) => entry.on.has(name),
      fault: (/** @type {unknown} */ error) => this.#emit('error', error),
    }), channels, options, handler);
    return entry.subscription;
  }

  /** As of TailraceClient, and `cursor` when the position has moved. @param {string} name @param {(detail: any) => void} handler */
  on(name, handler) {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all.add(handler));
    return () => { all.delete(handler); };
  }

  wake() { this.#link?.post({ op: 'wake' }); }

  /** Leaves the connection to the other tabs, or ends it if there are none. Subscriptions and the position stay. */
  pause() {
    if (this.#paused || this.#closed) return;
    this.#paused = true;
    this.#leave(true);
    this.#enter({ state: 'idle', reason: 'paused' });
  }

  /** Goes on at the position at which `pause` was called: what came meanwhile comes first. */
  resume() {
    this.#paused = false;
    if (this.#isLeft) void this.#connect('resumed');
  }

  /** As of TailraceClient: for all tabs. */
  async renewToken() {
    const token = await this.#freshToken(await this.#tokens.get());
    this.#link?.post({ op: 'renew', token });
  }

  /** @type {TailraceClient['publish']} */
  publish(...request) { return this.#own.publish(...request); }

  /** @internal @returns {import('../publish.js').Access} */
  access() { return this.#own.access(); }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    for (const stop of this.#stops) stop();
    for (const { subscription } of [...this.#subs.values()]) subscription?.close();
    this.#leave();
    this.#own.close();
    this.#enter({ state: 'closed', reason: 'closed-by-owner' });
  }

  /** @param {string | null} refused @returns {Promise<string | null>} */
  #freshToken(refused) {
    if (refused !== null) this.#tokens.refuse(refused);
    return this.#tokens.get();
  }

  /** @param {Entry} entry @param {string[]} names @param {string | undefined} start */
  #want(entry, names, start) {
    for (const name of names) {
      entry.starts.set(name, start);
      entry.on.delete(name);
    }
    this.#history.forget(channel => names.some(name => matches(name, channel)));
    if (this.#attached) this.#link?.post({ op: 'want', sub: entry.id, channels: names, start });
    else if (!this.#link) queueMicrotask(() => { if (this.#isLeft) void this.#connect('subscribed'); });
  }

  /** @param {Entry} entry @param {Subscription} sub @param {string[]} names */
  #release(entry, sub, names) {
    for (const name of names) {
      entry.starts.delete(name);
      entry.on.delete(name);
    }
    if (sub.closed) this.#subs.delete(entry.id);
    if (this.#attached) this.#link?.post(sub.closed ? { op: 'close', sub: entry.id } : { op: 'release', sub: entry.id, channels: names });
    if (this.#subs.size === 0 && !this.#closed) {
      this.#leave();
      // Nobody wants anything: the next one begins anew.
      this.#position = null;
      this.#history = new History();
      this.#enter({ state: 'idle', reason: 'no-channels' });
    }
  }

  /** @param {import('../types.js').Reason} reason */
  async #connect(reason) {
    this.#leave();
    const generation = this.#generation;
    this.#enter({ state: 'connecting', reason });
    let token = null;
    try {
      token = await this.#tokens.get();
    } catch { /* The connection asks again, and tells it. */ }
    if (generation !== this.#generation || this.#closed || this.#subs.size === 0) return;
    this.#identity = identityOf({ token, user: this.#options.user, credentials: this.#options.credentials, headers: this.#options.headers });
    const carrier = this.#identity === null ? localCarrier : this.#carriers[this.#carrier] ?? localCarrier;
    // A worker of an older page lives on with its tabs: one that speaks otherwise has another number.
    const key = `tailrace 3 ${this.url} ${this.#identity}`;
    let isOver = false;
    const link = carrier.open({
      key, tab: `${this.#tab} ${generation}`, options: this.#options,
      message: (/** @type {any} */ message) => { if (!isOver && generation === this.#generation) this.#onMessage(message); },
      ready: () => { if (generation === this.#generation) this.#attach(token); },
      lost: (/** @type {boolean} */ isUsable) => {
        if (isOver || generation !== this.#generation) return;
        isOver = true;
        if (!isUsable) this.#carrier++;
        void this.#connect('taken-over');
      },
    });
    this.#link = link;
    this.#owner.start(link);
  }

  /** @param {string | null} token */
  #attach(token) {
    this.#attached = true;
    if (this.cursor === null) {
      // A position that is none, as after a cursor that was refused: what is subscribed to begins as it says.
      this.#position = null;
      for (const { on } of this.#subs.values()) on.clear();
    }
    const subs = [...this.#subs.values()].map(({ id, starts, on }) => ({
      id, channels: [...starts].map(([channel, start]) => ({ channel, start, since: on.get(channel) ?? null })),
    }));
    this.#link?.post({ op: 'attach', tab: this.#tab, token, hasToken: this.#options.token !== undefined, position: this.#position, subs });
  }

  #leave(comesBack = false) {
    this.#generation++;
    this.#owner.stop();
    this.#attached = false;
    this.connectionId = null;
    const link = this.#link;
    this.#link = null;
    link?.post({ op: 'bye', comesBack });
    link?.close();
  }

  /** @param {any} message */
  #onMessage(message) {
    this.#owner.heard();
    switch (message.op) {
      // What brings it up to its position is with it.
      case 'welcome': if (this.#welcome(message)) this.#takeAll(message); break;
      case 'batch': this.#takeAll(message); break;
      case 'pong': this.#moveTo(message); break;
      case 'state':
        this.connectionId = message.connectionId;
        if (message.detail.state === 'live') this.#history.isLive();
        if (message.detail.state !== 'idle' && message.detail.state !== 'closed') this.#enter(message.detail);
        break;
      case 'token': void this.#giveToken(message); break;
      case 'apart':
        this.#carrier = Infinity;
        void this.#connect('taken-over');
        break;
      case 'unknown': void this.#connect('woken'); break;
      default: // Of a newer version.
    }
  }

  /** @param {{seq: number, cursor: string | null, items: {subs: number[], what: any}[], read?: number}} message */
  #takeAll(message) {
    const link = this.#link;
    for (const { subs, what } of message.items) this.#take(subs, what, message.seq);
    this.#moveTo(message);
    // Whose handlers take long is sent no more than it reads.
    if (message.read && link === this.#link) link?.post({ op: 'read', chars: message.read });
  }

  /** @param {{seq: number, cursor: string | null}} message */
  #moveTo({ seq, cursor }) {
    if (!this.#position) return;
    const isElsewhere = cursor !== this.#position.cursor;
    this.#position = { ...this.#position, seq, cursor };
    if (isElsewhere) this.#emit('cursor', cursor);
  }

  /** @param {{hub: string, epoch: number, seq: number, cursor: string | null, base: number}} message */
  #welcome({ hub, epoch, seq, cursor, base }) {
    if (this.#position) {
      const isAnother = this.#position.hub !== hub;
      if (isAnother && !this.#history.covers(base)) {
        this.#onMessage({ op: 'apart' });
        return false;
      }
      this.#history.skipHad();
    }
    this.#position = { hub, epoch, seq, cursor };
    for (const { on } of this.#subs.values()) for (const name of on.keys()) on.set(name, 0);
    return true;
  }

  /** @param {number[]} subs @param {any} what @param {number} seq */
  #take(subs, what, seq) {
    const entries = subs.flatMap(id => this.#subs.get(id) ?? []);
    switch (what.kind) {
      case 'outcome':
        for (const { subscription, on, starts } of entries) {
          for (const name of what.channels) if (starts.has(name)) on.set(name, seq);
          subscription?.check();
        }
        break;
      case 'refused':
        for (const { subscription, starts } of entries) {
          starts.delete(what.channel);
          subscription?.refuse({ channel: what.channel, reason: what.reason });
          subscription?.check();
        }
        this.#emit('refused', { channel: what.channel, reason: what.reason });
        break;
      case 'event':
        if (this.#history.wasHad(what.id)) return;
        this.#history.add(seq, what);
        for (const { subscription, on, starts } of entries) {
          // Also where the outcome is still to come, as while the connection is away: what is after it is what is missing.
          for (const name of starts.keys()) if (!on.has(name) && matches(name, what.channel)) on.set(name, seq);
          subscription?.deliver(what);
        }
        break;
      default:
        if (what.kind === 'reset') this.#history.forget(channel => what.channels.length === 0 || what.channels.includes(channel));
        for (const { subscription } of entries) subscription?.deliver(what);
        this.#emit(what.kind, what);
    }
  }

  /** @param {{ask: number, refused: string | null}} message */
  async #giveToken({ ask, refused }) {
    const link = this.#link;
    const generation = this.#generation;
    let token = null;
    try {
      token = await this.#freshToken(refused);
    } catch { /* The next tab is asked. */ }
    if (generation !== this.#generation) return;
    const { user, credentials, headers } = this.#options;
    const isOther = token !== null && identityOf({ token, user, credentials, headers }) !== this.#identity;
    link?.post({ op: 'token', ask, token: isOther ? null : token });
    // Somebody else has signed in here: never on the connection of the one before.
    if (isOther) void this.#connect('subscribed');
  }

  /** @param {Omit<StateChange, 'previous'>} change */
  #enter(change) {
    const previous = this.detail.state;
    if (previous === 'closed' || (previous === change.state && this.detail.reason === change.reason)) return;
    this.detail = { ...change, previous };
    this.#emit('state', this.detail);
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
