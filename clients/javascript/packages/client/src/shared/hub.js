// One connection for many tabs. It runs in a SharedWorker, in the tab that leads, or in a tab alone. When it dies, the next one
// begins at the position of the tab that is the furthest behind; the others know which events they have had already.

import { systemClock } from '../backoff.js';
import { Ring } from './ring.js';

/** @typedef {import('../types.js').Delivery} Delivery */
/** @typedef {import('../subscription.js').Subscription} Subscription */
/** @typedef {{post: (message: any) => void, release?: () => void}} Port `release`: nothing more is said to it, unless it says something */
/** @typedef {{hub: string, epoch: number, seq: number, cursor: string | null}} Position */
/**
 * @typedef {{id: number, channels: {channel: string, start?: string, since: number | null}[]}} WantedSub `since`: on the stream since
 *   that number; null if that is not known yet
 */
/** @typedef {{tab: string, token: string | null, hasToken: boolean, position: Position | null, subs: WantedSub[]}} Attach */
/**
 * @typedef {{port: Port, tab: string, subs: Map<number, Subscription>, items: any[], heardAt: number, timer: any, sent: number, asked: number, read: number}} Tab
 *   `sent`: how much it was sent so far, in characters; `asked`, `read`: up to where it was asked, and has said, that it has read that
 */

/** How long the first one waits for others before there is a connection, and for all of those that had one before. */
const FIRST_MS = 30;
const GATHER_MS = 250;
/** How long a tab may take to give a token before the next one is asked. */
const TOKEN_MS = 4_000;
/** A tab that says nothing for so long is gone; a hidden one is heard once a minute. */
const GONE_MS = 300_000;
/** How long the channels of a tab that has paused stay on the stream, so that it can go on where it was. */
const AWAY_MS = 60_000;
/**
 * How far behind with reading a tab may be, in characters. Beyond it nothing more is sent, for it would wait in the memory of the browser:
 * the tab goes on at its position when it has read what it was sent.
 */
const BEHIND_CHARS = 32_000_000;
/** About how many characters a message has beside its data. */
const FRAME_CHARS = 100;

export class Hub {
  /** @type {Map<Port, Tab>} */
  #tabs = new Map();
  /** Those that have paused, by what they are called. @type {Map<string, Tab>} */
  #away = new Map();
  /** @type {{port: Port, attach: Attach, later: any[]}[]} `later`: what the tab has said since */
  #gathering = [];
  /** @type {any} */
  #timer = null;
  /** @type {import('../client.js').TailraceClient | null} */
  #client = null;
  #id = '';
  #epoch = 0;
  #seq = 0;
  /** @type {Position | null} */
  #base = null;
  #ring = new Ring();
  /** Since which number a channel has been on the stream without a break. @type {Map<string, number>} */
  #since = new Map();
  /** What is in the ring, or was, and its size. @type {WeakMap<object, number>} */
  #seen = new WeakMap();
  #flushing = false;
  /** @type {string | null} */
  #token = null;
  #asks = 0;
  /** @type {Map<number, (token: string | null) => void>} */
  #answers = new Map();
  #make;
  #clock;
  #gatherMs;
  #ringBounds;
  #behindChars;

  /**
   * @param {(more: Partial<import('../client.js').Options>) => import('../client.js').TailraceClient} make
   * @param {{clock?: import('../types.js').Clock, gatherMs?: number, ring?: {maxItems?: number, maxChars?: number}, behindChars?: number}} [options]
   */
  constructor(make, { clock = systemClock, gatherMs = GATHER_MS, ring, behindChars = BEHIND_CHARS } = {}) {
    this.#make = make;
    this.#clock = clock;
    this.#gatherMs = gatherMs;
    this.#ringBounds = ring;
    this.#behindChars = behindChars;
  }

  /** @param {Port} port @param {any} message what a tab says */
  receive(port, message) {
    const tab = this.#tabs.get(port);
    if (tab) tab.heardAt = this.#clock.now();
    switch (message.op) {
      case 'attach': this.#attach(port, message); break;
      case 'bye': this.detach(port, message.comesBack); break;
      case 'ping':
        this.#flush();
        if (this.#tabs.has(port)) port.post({ op: 'pong', seq: this.#seq, cursor: this.#client?.cursor ?? null });
        else this.#comeBack(port);
        this.#sweep();
        break;
      case 'read':
        if (tab) tab.read = message.chars;
        else this.#comeBack(port);
        break;
      case 'token': this.#answers.get(message.ask)?.(message.token); break;
      case 'wake': this.#client?.wake(); break;
      case 'renew':
        this.#token = message.token;
        void this.#client?.renewToken();
        break;
      default:
        if (tab) this.#change(tab, message);
        else this.#gathering.find(each => each.port === port)?.later.push(message);
    }
  }

  /** One that was taken for gone, or let go, comes back where it was. @param {Port} port */
  #comeBack(port) {
    if (!this.#gathering.some(each => each.port === port)) port.post({ op: 'unknown' });
  }

  /** @param {Port} port @param {boolean} [comesBack] */
  detach(port, comesBack = false) {
    this.#gathering = this.#gathering.filter(each => each.port !== port);
    const tab = this.#tabs.get(port);
    this.#tabs.delete(port);
    port.release?.();
    if (tab && comesBack) {
      this.#away.set(tab.tab, tab);
      tab.timer = this.#clock.setTimer(() => this.#forget(tab), AWAY_MS);
    } else if (tab) this.#forget(tab);
    if (this.#tabs.size > 0 || this.#gathering.length > 0 || !this.#client) return;
    for (const each of [...this.#away.values()]) this.#forget(each);
    this.#client.close();
    this.#client = null;
  }

  /** @param {Tab} tab */
  #forget(tab) {
    this.#clock.clearTimer(tab.timer);
    if (this.#away.get(tab.tab) === tab) this.#away.delete(tab.tab);
    for (const sub of tab.subs.values()) {
      this.#release(sub, sub.channels);
      sub.close();
    }
  }

  close() {
    this.#clock.clearTimer(this.#timer);
    this.#gathering = [];
    for (const port of [...this.#tabs.keys()]) this.detach(port);
  }

  /** @param {Port} port @param {Attach} attach */
  #attach(port, attach) {
    if (this.#tabs.has(port)) this.detach(port);
    if (this.#client) {
      const before = this.#away.get(attach.tab);
      this.#join(port, attach, false);
      this.#wantAnew(port, attach);
      if (before) this.#forget(before);
      return;
    }
    this.#gathering = [...this.#gathering.filter(each => each.port !== port), { port, attach, later: [] }];
    // Whoever had a connection before has a position: the others have one, too, and must all be heard.
    const waits = this.#gathering.some(each => each.attach.position) ? this.#gatherMs : Math.min(FIRST_MS, this.#gatherMs);
    if (this.#gathering.length === 1 || attach.position) {
      this.#clock.clearTimer(this.#timer);
      this.#timer = this.#clock.setTimer(() => this.#begin(), waits);
    }
  }

  #begin() {
    const all = this.#gathering.splice(0);
    if (all.length === 0) return;
    const positions = all.flatMap(({ attach }) => attach.position ?? []);
    const before = Math.max(0, ...positions.map(position => position.epoch));
    const alike = positions.filter(position => position.epoch === before && position.hub === positions.find(each => each.epoch === before)?.hub);
    this.#base = alike.sort((a, b) => a.seq - b.seq)[0] ?? null;
    this.#id = `${Math.trunc(this.#clock.random() * 1e9)}${Math.trunc(this.#clock.random() * 1e9)}`;
    this.#epoch = before + 1;
    this.#seq = 0;
    this.#ring = new Ring(this.#ringBounds);
    const { hub = '', seq = 0, cursor = null } = this.#base ?? {};
    // What the cursor is for. Of a tab that has something else, and goes on at its own position, nothing: nobody here goes on with it.
    const goesOn = cursor === null ? [] : all.filter(({ attach }) => attach.position?.hub === hub)
      .map(({ attach }) => attach.subs.flatMap(sub => sub.channels).filter(({ since }) => since !== null))
      .filter(channels => channels.every(({ since }) => Number(since) <= seq)).flat();
    this.#since = new Map(goesOn.map(({ channel }) => [channel, 0]));
    const { attach: newest } = all[all.length - 1];
    this.#token = newest.token;
    const client = this.#make({
      token: newest.hasToken ? why => this.#ask(why.refused) : undefined,
      resume: cursor === null ? undefined : { cursor, channels: [...this.#since.keys()] },
    });
    this.#client = client;
    client.on('state', detail => {
      if (client !== this.#client) return;
      this.#flush();
      for (const { port } of this.#tabs.values()) port.post(this.#state(detail));
    });
    for (const { port, attach } of all) this.#join(port, attach, true);
    // After all that goes on: who begins on a channel with which another tab goes on is late, and told so.
    for (const { port, attach, later } of all) {
      this.#wantAnew(port, attach);
      for (const message of later) this.receive(port, message);
    }
  }

  /** @param {import('../types.js').StateChange} [detail] */
  #state(detail = this.#client?.detail) {
    const { error, ...rest } = detail ?? /** @type {any} */ ({});
    return { op: 'state', detail: error ? { ...rest, error: String(/** @type {any} */ (error)?.message ?? error) } : rest, connectionId: this.#client?.connectionId ?? null };
  }

  /** @param {Port} port @param {Attach} attach @param {boolean} isFirst */
  #join(port, attach, isFirst) {
    const from = this.#from(attach, isFirst);
    if (from === null) {
      port.post({ op: 'apart' });
      return;
    }
    this.#flush();
    /** @type {Tab} */
    const tab = { port, tab: attach.tab, subs: new Map(), items: [], heardAt: this.#clock.now(), timer: null, sent: 0, asked: 0, read: 0 };
    if (attach.token) this.#token ??= attach.token;
    this.#tabs.set(port, tab);
    for (const { id, channels } of attach.subs) this.#resume(tab, id, channels, from);
    // With what brings it up to the position, so that it never has one without the other.
    port.post({
      op: 'welcome', hub: this.#id, epoch: this.#epoch, seq: this.#seq, cursor: this.#client?.cursor ?? null,
      base: isFirst ? this.#base?.seq ?? 0 : 0, items: tab.items.splice(0),
    });
    port.post(this.#state());
  }

  /**
   * From where the tab has to be brought what it has not had.
   * @param {Attach} attach @param {boolean} isFirst
   * @returns {number | null} null if that is not here any more, or not for all of its channels
   */
  #from({ position, subs }, isFirst) {
    if (!position) return Infinity;
    const base = this.#base;
    const isAfterBase = base !== null && position.hub === base.hub && position.seq >= base.seq;
    const seq = position.hub === this.#id ? position.seq : isAfterBase ? 0 : null;
    if (seq === null || seq < this.#ring.completeSince) return null;
    // What it has subscribed to since the base must not be brought from there on: that is before it began.
    const latest = position.hub === this.#id ? Infinity : base?.seq ?? 0;
    const isHere = (/** @type {WantedSub['channels'][0]} */ { channel, since }) => since === null || (since <= latest && (this.#since.get(channel) ?? Infinity) <= seq);
    if (!subs.every(sub => sub.channels.every(isHere))) return null;
    return isFirst ? Infinity : seq;
  }

  /** @param {Tab} tab @param {number} id @param {WantedSub['channels']} channels @param {number} from */
  #resume(tab, id, channels, from) {
    const goesOn = channels.filter(({ since }) => since !== null).map(each => each.channel);
    this.#add(tab, id, this.#subscription(tab, id), goesOn, undefined);
    if (from !== Infinity) for (const delivery of this.#ring.after(from, goesOn)) this.#put(tab, id, delivery);
  }

  /** What a tab has subscribed to and has no position on begins as it says. @param {Port} port @param {Attach} attach */
  #wantAnew(port, { subs }) {
    const tab = this.#tabs.get(port);
    if (!tab) return;
    for (const { id, channels } of subs) {
      const anew = channels.filter(({ since }) => since === null);
      for (const start of new Set(anew.map(each => each.start))) {
        this.#change(tab, { op: 'want', sub: id, channels: anew.filter(each => each.start === start).map(each => each.channel), start });
      }
    }
  }

  /** @param {Tab} tab @param {number} id */
  #subscription(tab, id) {
    const client = /** @type {import('../client.js').TailraceClient} */ (this.#client);
    const sub = client.subscribe([], {}, delivery => this.#take(tab, id, delivery));
    sub.on('refused', refusal => {
      this.#since.delete(refusal.channel);
      this.#put(tab, id, { kind: 'refused', ...refusal });
    });
    tab.subs.set(id, sub);
    return sub;
  }

  /** @param {Tab} tab @param {number} id @param {Subscription} sub @param {string[]} channels @param {string | undefined} start */
  #add(tab, id, sub, channels, start) {
    if (channels.length === 0) return;
    void sub.add(channels, { start }).then(outcome => {
      if (sub.closed) return;
      // It counts: the cursor of a position before it is none of these channels.
      this.#seq++;
      for (const name of outcome.channels) if (!this.#since.has(name)) this.#since.set(name, this.#seq);
      this.#put(tab, id, { kind: 'outcome', ...outcome });
    });
  }

  /** @param {Subscription} sub @param {string[]} channels */
  #release(sub, channels) {
    sub.remove(channels);
    const followed = new Set([...this.#tabs.values(), ...this.#away.values()].flatMap(tab => [...tab.subs.values()].flatMap(each => each.channels)));
    for (const name of channels) if (!followed.has(name)) this.#since.delete(name);
  }

  /** @param {Tab} tab @param {any} message */
  #change(tab, { op, sub: id, channels, start }) {
    const sub = tab.subs.get(id) ?? this.#subscription(tab, id);
    if (op === 'want') this.#add(tab, id, sub, channels, start);
    else if (op === 'release') this.#release(sub, channels);
    else if (op === 'close') {
      tab.subs.delete(id);
      this.#release(sub, sub.channels);
      sub.close();
    }
  }

  /** @param {Tab} tab @param {number} id @param {Delivery} delivery */
  #take(tab, id, delivery) {
    // What a subscription gets of the past is no news to the others.
    if (!this.#seen.has(delivery) && !(delivery.kind === 'gap' && delivery.reason === 'joined-late')) {
      this.#seen.set(delivery, this.#ring.keep(++this.#seq, delivery));
    }
    this.#put(tab, id, delivery);
  }

  /** @param {Tab} tab @param {number} id @param {any} what */
  #put(tab, id, what) {
    if (!this.#tabs.has(tab.port)) return;
    const last = tab.items[tab.items.length - 1];
    if (last?.what === what) last.subs.push(id);
    else {
      tab.items.push({ subs: [id], what });
      tab.sent += FRAME_CHARS + (this.#seen.get(what) ?? 0);
    }
    if (this.#flushing) return;
    // What one piece of the stream has brought is one message, with the position after it.
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush() {
    this.#flushing = false;
    const cursor = this.#client?.cursor ?? null;
    for (const tab of [...this.#tabs.values()]) {
      if (tab.sent - tab.read > this.#behindChars) {
        this.detach(tab.port, true);
        continue;
      }
      const isAsked = tab.sent - tab.asked > this.#behindChars / 16;
      if (isAsked) tab.asked = tab.sent;
      tab.port.post({ op: 'batch', seq: this.#seq, cursor, items: tab.items.splice(0), ...(isAsked && { read: tab.sent }) });
    }
  }

  /** @param {string | null} refused @returns {Promise<string | null>} */
  async #ask(refused) {
    const given = this.#token;
    this.#token = null;
    if (given !== null && given !== refused) return given;
    for (const tab of [...this.#tabs.values()].reverse()) {
      const ask = ++this.#asks;
      const token = await new Promise(resolve => {
        this.#answers.set(ask, resolve);
        this.#clock.setTimer(() => resolve(null), TOKEN_MS);
        tab.port.post({ op: 'token', ask, refused });
      });
      this.#answers.delete(ask);
      if (token !== null) return token;
    }
    throw new Error('no tab has a token');
  }

  #sweep() {
    const now = this.#clock.now();
    for (const [port, { heardAt }] of this.#tabs) if (now - heardAt > GONE_MS) this.detach(port);
  }
}
