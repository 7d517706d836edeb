// What came on a set of channels, for as many components as want it: one subscription for all that ask for the same. A
// subscription stays for a moment when its last component goes, because another one often comes at once (StrictMode, a route, a
// key that has changed).

/** @typedef {import('@tailrace/client').TailraceClient | import('@tailrace/client/shared').SharedClient} Client */
/** @typedef {import('@tailrace/client').StreamEvent} StreamEvent */
/** @typedef {'idle' | 'connecting' | 'catching-up' | 'live' | 'waiting' | 'closed'} Status */

/**
 * @typedef {object} Snapshot
 * @property {any} data all that is kept with `accumulate`, else the last one; transformed
 * @property {StreamEvent | null} lastMessage
 * @property {boolean} isConnected
 * @property {Status} connectionStatus
 * @property {Error | null} error
 */

/**
 * @typedef {object} FeedOptions
 * @property {string[]} channels
 * @property {string} [start]
 * @property {boolean} accumulate
 * @property {number} maxItems
 * @property {(event: StreamEvent) => any} [transform] `undefined` leaves the event out
 * @property {{load: () => Promise<any[]>, save: (items: any[]) => void} | null} storage
 */

/** A gap or a reset, as an error of the hook: what is shown is not whole. */
export class Interrupted extends Error {
  /** @param {any} delivery */
  constructor(delivery) {
    super(delivery.kind === 'gap' ? `events are missing (${delivery.reason})` : `the stream began anew (${delivery.reason})`);
    this.name = 'Interrupted';
    this.delivery = delivery;
  }
}

/** A channel is not delivered. */
export class Refused extends Error {
  /** @param {{channel: string, reason: string}} refusal */
  constructor(refusal) {
    super(`${refusal.channel}: ${refusal.reason}`);
    this.name = 'Refused';
    /** @type {{channel: string, reason: string}} */
    this.refusal = refusal;
  }
}

/** There is no connection now; it comes back by itself. */
export class Disconnected extends Error {
  /** @param {string} reason @param {unknown} cause */
  constructor(reason, cause) {
    super(`not connected (${reason})`, { cause });
    this.name = 'Disconnected';
    this.reason = reason;
  }
}

/** @type {Snapshot} */
export const NOTHING = Object.freeze({ data: undefined, lastMessage: null, isConnected: false, connectionStatus: 'idle', error: null });
/** @type {Snapshot} */
export const NOTHING_YET = Object.freeze({ ...NOTHING, data: Object.freeze([]) });

export class Feed {
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {{id: string, item: any}[]} */
  #entries = [];
  /** What was kept from before: the server may bring it again. @type {Set<string>} */
  #restored = new Set();
  /** @type {StreamEvent | null} */
  #last = null;
  /** @type {any} */
  #timer = null;
  #scheduled = false;
  #stops;
  /** @type {Snapshot} */
  snapshot;

  /** @param {Client} client @param {FeedOptions} options @param {number} removeAfterMs @param {() => void} removed */
  constructor(client, options, removeAfterMs, removed) {
    this.options = options;
    this.removeAfterMs = removeAfterMs;
    this.removed = removed;
    this.snapshot = { ...(options.accumulate ? NOTHING_YET : NOTHING), ...status(client.state) };
    const subscription = client.subscribe(options.channels, { start: options.start }, delivery => this.#take(delivery));
    this.#stops = [
      client.on('state', change => this.#onState(change)),
      subscription.on('refused', refusal => this.#set({ error: new Refused(refusal) })),
      () => subscription.close(),
    ];
    void options.storage?.load().then(before => this.#restore(before), () => {});
  }

  /** @param {() => void} listener @returns {() => void} */
  listen(listener) {
    clearTimeout(this.#timer);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.close(), this.removeAfterMs);
    };
  }

  clear() {
    this.#entries = [];
    this.#last = null;
    this.#set({ data: this.options.accumulate ? [] : undefined, lastMessage: null, error: null });
    this.options.storage?.save([]);
  }

  close() {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    this.removed();
  }

  /** What was kept comes before what has come since. @param {any[]} before */
  #restore(before) {
    if (before.length === 0) return;
    this.#restored = new Set(before.map(entry => entry.id));
    this.#entries = [...before, ...this.#entries.filter(entry => !this.#restored.has(entry.id))];
    this.#publish();
  }

  /** @param {import('@tailrace/client').StateChange} change */
  #onState({ state, reason, error }) {
    // What is missing stays told until clear(): that the connection goes and comes says nothing about it.
    const isOurs = this.snapshot.error === null || this.snapshot.error instanceof Disconnected;
    const now = state === 'waiting' ? new Disconnected(reason, error) : state === 'live' ? null : this.snapshot.error;
    this.#set({ ...status(state), ...(isOurs ? { error: now } : {}) });
  }

  /** @param {import('@tailrace/client').Delivery} delivery */
  #take(delivery) {
    if (delivery.kind !== 'event') {
      this.#set({ error: new Interrupted(delivery) });
      return;
    }
    if (this.#restored.has(delivery.id)) return;
    let item;
    try {
      item = this.options.transform ? this.options.transform(delivery) : delivery;
    } catch (fault) {
      this.#set({ error: fault instanceof Error ? fault : new Error(String(fault)) });
      return;
    }
    if (item === undefined) return;
    this.#entries.push({ id: delivery.id, item });
    this.#last = delivery;
    // Cut now and then, not for each event: fifty thousand events a second pass here.
    if (this.#entries.length > 2 * this.options.maxItems) this.#entries = this.#entries.slice(-this.options.maxItems);
    this.#publish();
  }

  // One rendering for all that came in a frame, not one for each event.
  #publish() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    later(() => {
      this.#scheduled = false;
      const { accumulate, maxItems, storage } = this.options;
      this.#entries = this.#entries.slice(-maxItems);
      const items = this.#entries.map(entry => entry.item);
      this.#set({ data: accumulate ? items : items.at(-1), lastMessage: this.#last });
      storage?.save(this.#entries);
    });
  }

  /** @param {Partial<Snapshot>} change */
  #set(change) {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The feeds of one client. */
export class Feeds {
  /** @type {Map<string, Feed[]>} */
  #feeds = new Map();

  /** @param {Client} client @param {number} removeAfterMs */
  constructor(client, removeAfterMs) {
    this.client = client;
    this.removeAfterMs = removeAfterMs;
  }

  /** @param {string} key @param {() => FeedOptions} options @returns {Feed} */
  get(key, options) {
    const wanted = options();
    const alike = this.#feeds.get(key) ?? [];
    const there = alike.find(feed => feed.options.transform === wanted.transform);
    if (there) return there;
    const feed = new Feed(this.client, wanted, this.removeAfterMs, () => {
      const rest = (this.#feeds.get(key) ?? []).filter(each => each !== feed);
      if (rest.length > 0) this.#feeds.set(key, rest);
      else this.#feeds.delete(key);
    });
    this.#feeds.set(key, [...alike, feed]);
    return feed;
  }

  close() {
    for (const feeds of [...this.#feeds.values()]) for (const feed of [...feeds]) feed.close();
  }
}

/** @param {Status} state */
function status(state) {
  return { isConnected: state === 'live' || state === 'catching-up', connectionStatus: state };
}

/** @param {() => void} action */
function later(action) {
  // A hidden page has no frames, and its timers are slow, but both come.
  if (typeof requestAnimationFrame === 'function' && !globalThis.document?.hidden) requestAnimationFrame(action);
  else setTimeout(action, 16);
}
