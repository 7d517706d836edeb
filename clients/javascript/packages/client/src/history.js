/**
 * What retention has left of a channel, page by page, and the same with what comes next as one sequence. An entry of its own, so that a
 * page which only follows channels does not load it.
 * @module @tailrace/client/history
 */

import { MAX_WAITING } from './deliveries.js';
import { eventsUrl, retried } from './requests.js';

/** @typedef {import('./types.js').Delivery} Delivery */
/** @typedef {import('./types.js').Gap} Gap */
/**
 * A TailraceClient or a SharedClient.
 * @typedef {object} Source
 * @property {() => import('./publish.js').Access} access
 * @property {import('./client.js').TailraceClient['subscribe']} subscribe
 * @property {string | null} cursor
 */

/** The most events on one page of the server. */
export const MAX_PAGE = 1_000;

/** How many pages are asked for until the answer has enough events: those of a quiet channel among busy ones can be empty. */
export const MAX_PAGES = 100;

/** How often, and with which pauses, a stream is asked for a cursor that has a channel which has just been added. */
const CURSOR_ATTEMPTS = 40;
const CURSOR_PAUSE_MS = 500;

/**
 * What a channel had. Without `after` the newest events, the newest first.
 * @param {Source} client
 * @param {string} channel no pattern
 * @param {object} [options]
 * @param {number} [options.limit] 100 by default; there are fewer if `next` is null, or if they are very far apart
 * @param {string} [options.before] a cursor: what came before it, the newest first
 * @param {string} [options.after] a cursor, or `earliest`: what came after it, the oldest first
 * @param {number} [options.retryForMs] how long each request is tried again, 30 s by default
 * @returns {Promise<{deliveries: Delivery[], next: string | null, position: string}>} events, and gaps and resets at their place;
 *   `next` goes on in the same direction; a stream that is resumed at `position` has what came after the newest of them
 * @throws {import('./http.js').Problem} if it is refused, or has no answer when the time is over
 */
export async function history(client, channel, { limit = 100, before, after, retryForMs } = {}) {
  if (!(limit >= 1)) throw new RangeError('limit: 1 or more');
  if (before !== undefined && after !== undefined) throw new TypeError('before and after: one of them');
  const access = client.access();
  const forwards = after !== undefined;
  /** @type {Delivery[]} */
  const deliveries = [];
  let missing = limit;
  let from = after ?? before;
  let position = null;
  for (let pages = 1; ; pages++) {
    const query = new URLSearchParams({ limit: String(Math.min(missing, MAX_PAGE)) });
    if (from !== undefined) query.set(forwards ? 'after' : 'before', from);
    const page = await retried(access, `${eventsUrl(access.url, channel)}?${query}`, { method: 'GET' }, retryForMs);
    deliveries.push(...losses(page, channel), ...page.events.map((/** @type {any} */ each) => delivery(each, channel)));
    missing -= page.events.length;
    position = forwards ? page.position : position ?? page.position;
    if (page.next === null || missing <= 0 || pages === MAX_PAGES) return { deliveries, next: page.next, position };
    from = page.next;
  }
}

/**
 * The last events of a channel, the oldest first, then each new one, as one sequence without hole or repeat, for as long as the loop
 * goes on: `for await (const delivery of follow(client, 'logs:ws1:wf1', { last: 500 }))`. The stream is opened first, then the past
 * is read up to where that has begun. While it is read, new events wait; more than `maxWaiting` is a gap.
 * @param {Source} client
 * @param {string} channel
 * @param {{last?: number, maxWaiting?: number, retryForMs?: number}} [options]
 * @returns {AsyncGenerator<Delivery, void, void>}
 * @throws {import('./http.js').Problem} if the channel is refused
 */
export async function* follow(client, channel, { last = 100, maxWaiting = MAX_WAITING, retryForMs } = {}) {
  const live = new Waiting(channel, maxWaiting);
  try {
    await live.begin(client);
    if (last > 0) {
      yield* (await fromNow(client, live, before => history(client, channel, { before, limit: last, retryForMs }))).deliveries.reverse();
    }
    yield* live.all();
  } finally {
    live.end();
  }
}

/**
 * A snapshot that you load, then what came after it, then each new event, as one sequence without hole or repeat:
 * `for await (const each of followSnapshot(client, 'show:7', () => getJson('/shows/7/seats')))`. What `load` gives has a `position`: a cursor
 * with everything before it in the snapshot. If it has none, it is loaded again when the stream is open, and what comes meanwhile comes
 * after it, although it can be in it already.
 * @template {{position?: string | null}} T
 * @param {Source} client
 * @param {string} channel
 * @param {() => T | Promise<T>} load called once, or twice without a position
 * @param {{maxWaiting?: number, retryForMs?: number}} [options] as of `follow`
 * @returns {AsyncGenerator<{kind: 'snapshot', value: T} | Delivery, void, void>}
 * @throws {import('./http.js').Problem} if the channel or the position is refused; what `load` throws
 */
export async function* followSnapshot(client, channel, load, { maxWaiting = MAX_WAITING, retryForMs } = {}) {
  const value = await load();
  const { position } = value;
  const live = new Waiting(channel, maxWaiting);
  try {
    if (position) yield { kind: 'snapshot', value };
    await live.begin(client);
    if (position) {
      // What is on its way on a stream that was open before can be in the snapshot: this tells it from what is new.
      await fromNow(client, live, async after => {
        for await (const page of pages(client, channel, after, retryForMs)) live.leaveOut(page);
      });
      for await (const page of pages(client, channel, position, retryForMs)) {
        live.leaveOut(page);
        yield* page;
      }
    } else yield { kind: 'snapshot', value: await load() };
    yield* live.all();
  } finally {
    live.end();
  }
}

/**
 * @param {Source} client @param {string} channel @param {string} after @param {number | undefined} retryForMs
 * @returns {AsyncGenerator<Delivery[], void, void>} all that came after it, in pages
 */
async function* pages(client, channel, after, retryForMs) {
  for (let from = after; ;) {
    const { deliveries, next } = await history(client, channel, { after: from, limit: MAX_PAGE, retryForMs });
    yield deliveries;
    if (next === null) return;
    from = next;
  }
}

/**
 * Reads around the cursor of the stream: what the stream has brought up to there is with that, and what waits is after it.
 * @template T
 * @param {Source} client @param {Waiting} live @param {(cursor: string) => Promise<T>} read
 * @returns {Promise<T>}
 */
async function fromNow(client, live, read) {
  const { clock, Problem } = client.access();
  for (let attempt = 1; ; attempt++) {
    const { cursor } = client;
    live.dropEvents();
    try {
      if (cursor !== null) return await read(cursor);
    } catch (fault) {
      const isEarly = fault instanceof Problem && fault.slug === 'invalid-cursor';
      if (!isEarly || attempt === CURSOR_ATTEMPTS) throw fault;
    }
    if (attempt === CURSOR_ATTEMPTS) throw new Problem(0, { detail: 'the stream has no cursor' });
    // The partition cannot be read yet, or no frame has come since the channel was added.
    await new Promise(resolve => { clock.setTimer(() => resolve(undefined), CURSOR_PAUSE_MS); });
  }
}

/** What has come on the stream and waits for the loop. */
class Waiting {
  /** @type {Delivery[]} */
  #all = [];
  /** @type {Set<string>} */
  #had = new Set();
  #lost = 0;
  #closed = false;
  #wake = () => {};
  #channel;
  #most;
  /** @type {import('./subscription.js').Subscription | null} */
  #subscription = null;

  /** @param {string} channel @param {number} most */
  constructor(channel, most) {
    this.#channel = channel;
    this.#most = most;
  }

  /** Returns when the stream has the channel. @param {Source} client */
  async begin(client) {
    this.#subscription = client.subscribe(this.#channel, { start: 'live' }, each => this.#take(each));
    this.#subscription.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
    const { refused } = await this.#subscription.ready;
    if (refused.length === 0) return;
    const { Problem } = client.access();
    throw new Problem(403, { type: refused[0].reason, detail: `${this.#channel}: ${refused[0].reason}` });
  }

  end() { this.#subscription?.close(); }

  /** @param {Delivery} each */
  #take(each) {
    if (this.#lost === 0 && this.#all.length < this.#most) this.#all.push(each);
    else this.#lost++;
    this.#wake();
  }

  dropEvents() {
    this.#all = this.#all.filter(each => each.kind !== 'event');
    this.#lost = 0;
  }

  /** Leaves out events that have come by another way, also those that are still on their way here. @param {Delivery[]} had */
  leaveOut(had) {
    for (const each of had) if (each.kind === 'event') this.#had.add(each.id);
    this.#all = this.#all.filter(each => each.kind !== 'event' || !this.#had.delete(each.id));
    // The oldest are on their way no more.
    for (const id of this.#had) {
      if (this.#had.size <= 2 * this.#most) break;
      this.#had.delete(id);
    }
  }

  /** @returns {AsyncGenerator<Delivery, void, void>} what waits and what comes, until the subscription ends */
  async* all() {
    for (let next = await this.#next(); next !== null; next = await this.#next()) yield next;
  }

  /** @returns {Promise<Delivery | null>} null if nothing more comes */
  async #next() {
    for (;;) {
      const next = this.#all.shift();
      if (next?.kind === 'event' && this.#had.delete(next.id)) continue;
      if (next) return next;
      if (this.#lost > 0) {
        const lost = this.#lost;
        this.#lost = 0;
        return { kind: 'gap', reason: 'slow-reader', channels: [this.#channel], lost };
      }
      if (this.#closed) return null;
      await new Promise(resolve => { this.#wake = () => resolve(undefined); });
    }
  }
}

/** @param {any} page @param {string} channel @returns {Delivery[]} */
function losses({ gap, reset }, channel) {
  /** @type {Delivery[]} */
  const told = [];
  if (gap) told.push({ kind: 'gap', reason: 'retention', channels: [channel], lost: gap.lost ?? null });
  if (reset) told.push({ kind: 'reset', reason: String(reset.reason), channels: [channel] });
  return told;
}

/** @param {any} each @param {string} channel @returns {Delivery} */
function delivery({ id: cursor, event, data }, channel) {
  // Where the log has no JSON, the page has its text.
  if (typeof data !== 'object' || data === null) return { kind: 'gap', reason: 'unreadable', channels: [channel], lost: 1, raw: String(data) };
  return { kind: 'event', channel, type: event, id: data.id, time: data.time, data: data.data, cursor };
}
