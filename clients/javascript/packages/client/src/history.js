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
  const subscription = client.subscribe(channel, { start: 'live' }, each => live.take(each));
  subscription.on('close', () => live.close());
  try {
    const { refused } = await subscription.ready;
    if (refused.length > 0) {
      const { Problem } = client.access();
      throw new Problem(403, { type: refused[0].reason, detail: `${channel}: ${refused[0].reason}` });
    }
    if (last > 0) yield* (await upToNow(client, channel, live, last, retryForMs)).reverse();
    for (let next = await live.next(); next !== null; next = await live.next()) yield next;
  } finally {
    subscription.close();
  }
}

/**
 * @param {Source} client @param {string} channel @param {Waiting} live @param {number} limit @param {number | undefined} retryForMs
 * @returns {Promise<Delivery[]>}
 */
async function upToNow(client, channel, live, limit, retryForMs) {
  const { clock, Problem } = client.access();
  for (let attempt = 1; ; attempt++) {
    // What the stream has brought up to its cursor comes before it, and with the page.
    const before = client.cursor;
    live.dropEvents();
    try {
      if (before !== null) return (await history(client, channel, { before, limit, retryForMs })).deliveries;
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
  #lost = 0;
  #closed = false;
  #wake = () => {};
  #channel;
  #most;

  /** @param {string} channel @param {number} most */
  constructor(channel, most) {
    this.#channel = channel;
    this.#most = most;
  }

  /** @param {Delivery} each */
  take(each) {
    if (this.#lost === 0 && this.#all.length < this.#most) this.#all.push(each);
    else this.#lost++;
    this.#wake();
  }

  dropEvents() {
    this.#all = this.#all.filter(each => each.kind !== 'event');
    this.#lost = 0;
  }

  close() {
    this.#closed = true;
    this.#wake();
  }

  /** @returns {Promise<Delivery | null>} null if nothing more comes */
  async next() {
    for (;;) {
      const next = this.#all.shift();
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
