/**
 * What is kept beyond the page: the position of a connection, and the last of what came on its channels.
 * @module @tailrace/client/persistence
 */

import { TOKEN_TIMEOUT_MS, TokenSource } from './token-source.js';
import { identityOf } from './identity.js';
import { absolute } from './shared/address.js';

/** @typedef {import('./types.js').Delivery} Delivery */
/** @typedef {import('./client.js').TailraceClient} TailraceClient */
/** @typedef {import('./subscription.js').Subscription} Subscription */
/** @typedef {{cursor: string, channels: string[]}} Position */
/**
 * @typedef {object} StoreOptions
 * @property {string} url as of the client
 * @property {string | import('./types.js').TokenCallback} [token] as of the client: its subject says whose it is
 * @property {string} [user] whose it is, where the token does not say it
 * @property {RequestCredentials} [credentials]
 * @property {Record<string, string>} [headers]
 * @property {string} [name] of what is kept, for pages that have different channels; what is kept under a name has one position
 * @property {number} [maxItems] of each channel, 200 by default
 * @property {number} [maxChars] of each channel as JSON, 1,000,000 by default
 * @property {number} [maxChannels] 100 by default; with more nothing is saved any more
 * @property {number} [saveMs] how long a change may wait to be saved together with others, 500 by default
 * @property {(error: unknown) => void} [onFault] told what storage does not take
 */

const DATABASE = 'tailrace';
const POSITIONS = 'positions';
const TAILS = 'tails';

/** Where storage is refused, what would be in it; for this page. @type {Map<string, {position: Position, tails: Map<string, Delivery[]>}>} */
const memory = new Map();
const MAX_IN_MEMORY = 20;

/**
 * Opens what is kept for a person at a server. It never fails: where nothing says who it is, or storage is refused, everything is kept
 * in memory, for this page.
 * @param {StoreOptions} options
 * @returns {Promise<Store>}
 */
export async function openStore(options) {
  const { token, user, credentials, headers } = options;
  const who = await new TokenSource(token, { timeoutMs: TOKEN_TIMEOUT_MS }).get()
    .then(value => identityOf({ token: value, user, credentials, headers }), () => null);
  const server = absolute(options.url);
  /** @type {IDBDatabase | null} */
  let db = null;
  try {
    if (who !== null) db = await database();
    const kept = db && who !== null ? await load(db, [server, who, options.name ?? '']) : null;
    return new Store(options, server, who, db, kept);
  } catch (fault) {
    db?.close();
    options.onFault?.(fault);
    return new Store(options, server, who, null, null);
  }
}

export class Store {
  /** @type {Map<string, Delivery[]>} */
  #tails;
  /** The channels of this page that are kept. @type {Set<string>} */
  #channels = new Set();
  /** Those of them on which the cursor has a position: what is asked for and not on the stream yet begins as it was asked for. @type {Set<string>} */
  #placed = new Set();
  /** @type {Set<Subscription>} */
  #subscriptions = new Set();
  /** @type {Position | undefined} */
  #position;
  /** @type {TailraceClient | null} */
  #client = null;
  /** @type {any} */
  #timer = null;
  #saving = Promise.resolve();
  #leave = new AbortController();
  #options;
  /** @type {string[] | null} */
  #key;
  #db;

  /**
   * @internal @param {StoreOptions} options @param {string} server @param {string | null} who @param {IDBDatabase | null} db
   * @param {{position: Position | undefined, tails: Map<string, Delivery[]>} | null} kept
   */
  constructor(options, server, who, db, kept) {
    this.#options = { maxItems: 200, maxChars: 1_000_000, maxChannels: 100, saveMs: 500, ...options };
    this.#key = who === null ? null : [server, who, options.name ?? ''];
    this.#db = db;
    const before = kept ?? memory.get(JSON.stringify(this.#key));
    this.#position = before?.position;
    this.#tails = new Map(before?.tails);
    // Another tab may have a newer version of this file, which waits for this one.
    if (db) db.onversionchange = () => { db.close(); this.#db = null; };
    globalThis.addEventListener?.('pagehide', () => { void this.flush(); }, { signal: this.#leave.signal });
  }

  /** For the option `resume` of a TailraceClient, which then goes on where the last page has ended. @returns {Position | undefined} */
  get resume() { return this.#position; }

  /** Where it is kept. @returns {'indexeddb' | 'memory'} */
  get place() { return this.#db ? 'indexeddb' : 'memory'; }

  /** What is kept of a channel, the oldest first. @param {string} channel @returns {Delivery[]} */
  tail(channel) { return [...this.#tails.get(channel) ?? []]; }

  /**
   * Subscribes as `client.subscribe` does. The handler is given what was kept of the channels first, then what comes, which is kept. What is
   * resumed is the position of the connection, so all channels of a client that has one should be kept.
   * @param {TailraceClient} client
   * @param {string | string[]} channels no patterns
   * @param {{start?: string}} options where channels begin of which nothing is kept
   * @param {(delivery: Delivery) => void} handler
   * @returns {Subscription}
   */
  subscribe(client, channels, options, handler) {
    this.#client = client;
    const isResumed = client.state === 'idle' && client.cursor !== null && client.cursor === this.#position?.cursor;
    /** @type {Set<string>} */
    const had = new Set();
    for (const channel of [channels].flat()) {
      const tail = this.tail(channel);
      // Without its position the channel begins elsewhere, and what came in between is not known.
      const isPlaced = isResumed && this.#position?.channels.includes(channel);
      const isWhole = this.#channels.has(channel) || isPlaced;
      if (isPlaced) this.#placed.add(channel);
      if (tail.length > 0 && !isWhole) tail.push({ kind: 'gap', reason: 'position-lost', channels: [channel], lost: null });
      this.#tails.set(channel, [...tail]);
      this.#channels.add(channel);
      for (const delivery of tail) {
        if (delivery.kind === 'event') had.add(delivery.id);
        handler(delivery);
      }
    }
    const subscription = client.subscribe(channels, options, delivery => {
      // Where the position cannot be used any more, the channel can begin with events that are kept.
      if (delivery.kind === 'event' && had.delete(delivery.id)) return;
      const concerned = delivery.kind === 'event' ? [delivery.channel] : delivery.channels;
      for (const channel of concerned.length > 0 ? concerned : this.#channels) this.#add(channel, delivery);
      this.#timer ??= setTimeout(() => { void this.flush(); }, this.#options.saveMs);
      handler(delivery);
    });
    this.#subscriptions.add(subscription);
    void subscription.ready.then(outcome => {
      for (const channel of outcome.channels) if (this.#channels.has(channel)) this.#placed.add(channel);
    });
    subscription.on('refused', ({ channel }) => this.#drop(channel));
    subscription.on('close', () => {
      this.#subscriptions.delete(subscription);
      this.#channels.forEach(channel => this.#dropUnused(channel));
    });
    // It says nothing of what is removed, and what is added again later may begin behind a gap.
    const remove = subscription.remove.bind(subscription);
    subscription.remove = names => {
      remove(names);
      [names].flat().forEach(channel => this.#dropUnused(channel));
    };
    return subscription;
  }

  /** Saves what has changed, the position with it. Never fails: what storage does not take is told to `onFault`, and is tried again. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const cursor = this.#client?.cursor;
    if (!cursor || this.#channels.size > this.#options.maxChannels) return this.#saving;
    // Taken between two frames: everything before the cursor is in the tails, and nothing else.
    const position = { cursor, channels: [...this.#channels].filter(channel => this.#placed.has(channel)) };
    const tails = new Map([...this.#channels].map(channel => [channel, this.#trimmed(channel)]));
    this.#saving = this.#saving.then(() => this.#save(position, tails));
    return this.#saving;
  }

  /** Forgets everything of this person at this server, as when they sign out. */
  async clear() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#tails.clear();
    this.#channels.clear();
    this.#placed.clear();
    this.#position = undefined;
    this.#client = null;
    memory.delete(JSON.stringify(this.#key));
    await this.#saving;
    if (this.#db && this.#key) await write(this.#db, this.#key, null, new Map()).catch(fault => this.#options.onFault?.(fault));
  }

  /** Saves, and ends. */
  async close() {
    await this.flush();
    this.#leave.abort();
    this.#client = null;
    this.#db?.close();
    this.#db = null;
  }

  /** The cursor is without this channel from now on. @param {string} channel */
  #drop(channel) {
    this.#channels.delete(channel);
    this.#placed.delete(channel);
    this.#tails.delete(channel);
  }

  /** @param {string} channel */
  #dropUnused(channel) {
    if (![...this.#subscriptions].some(each => each.channels.includes(channel))) this.#drop(channel);
  }

  /** @param {string} channel @param {Delivery} delivery */
  #add(channel, delivery) {
    // One that was added to a subscription begins with what comes.
    const tail = this.#channels.has(channel) ? this.#tails.get(channel) ?? [] : [];
    this.#channels.add(channel);
    if (delivery.kind === 'event') this.#placed.add(channel);
    // Of two subscriptions of a channel each is given it.
    if (tail.includes(delivery, -8)) return;
    tail.push(delivery);
    // Cut now and then, not for each event.
    if (tail.length > 2 * this.#options.maxItems) tail.splice(0, tail.length - this.#options.maxItems);
    this.#tails.set(channel, tail);
  }

  /** @param {string} channel @returns {Delivery[]} */
  #trimmed(channel) {
    const tail = this.tail(channel);
    const least = Math.max(0, tail.length - this.#options.maxItems);
    let first = tail.length;
    let left = this.#options.maxChars;
    while (first > least && (left -= JSON.stringify(tail[first - 1]).length) >= 0) first--;
    return tail.slice(first);
  }

  /** @param {Position} position @param {Map<string, Delivery[]>} tails */
  async #save(position, tails) {
    if (this.#key === null) return;
    if (this.#db) {
      // Full: what was saved before is a position with its tails still, only an older one.
      await write(this.#db, this.#key, position, tails).catch(fault => this.#options.onFault?.(fault));
      return;
    }
    const key = JSON.stringify(this.#key);
    memory.delete(key);
    memory.set(key, { position, tails });
    if (memory.size > MAX_IN_MEMORY) memory.delete(memory.keys().next().value ?? '');
  }
}

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open(DATABASE, 1);
    open.onupgradeneeded = () => {
      open.result.createObjectStore(POSITIONS);
      open.result.createObjectStore(TAILS);
    };
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error);
    open.onblocked = () => reject(new Error('another tab holds an older version'));
  });
}

/** All keys that begin with this one. @param {string[]} key */
const below = key => IDBKeyRange.bound(key, [...key, []]);

/**
 * @param {IDBDatabase} db @param {string[]} key
 * @returns {Promise<{position: Position | undefined, tails: Map<string, Delivery[]>}>}
 */
function load(db, key) {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction([POSITIONS, TAILS], 'readonly');
    const position = transaction.objectStore(POSITIONS).get(key);
    const names = transaction.objectStore(TAILS).getAllKeys(below(key));
    const tails = transaction.objectStore(TAILS).getAll(below(key));
    transaction.oncomplete = () => resolve({
      position: position.result,
      tails: new Map(names.result.map((name, i) => [/** @type {string[]} */ (name)[3], tails.result[i]])),
    });
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/**
 * In one transaction: a position is never there without what came before it, nor the other way round.
 * @param {IDBDatabase} db @param {string[]} key @param {Position | null} position null forgets all
 * @param {Map<string, Delivery[]>} tails
 * @returns {Promise<void>}
 */
function write(db, key, position, tails) {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction([POSITIONS, TAILS], 'readwrite');
    // Of channels that are followed no more nothing stays.
    transaction.objectStore(TAILS).delete(below(key));
    if (position) transaction.objectStore(POSITIONS).put(position, key);
    else transaction.objectStore(POSITIONS).delete(key);
    for (const [channel, tail] of tails) transaction.objectStore(TAILS).put(tail, [...key, channel]);
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('the transaction was aborted'));
  });
}
