// The tabs of a browser and a server, in one thread: time, the order in which messages arrive, and what goes wrong come from a seed.
// The tabs are real SharedClients with the real carrier of the tab that leads, on a BroadcastChannel and Web Locks of a few lines.

import { AsyncLocalStorage } from 'node:async_hooks';
import { leaderCarrier } from '../packages/client/src/shared/carriers.js';
import { SharedClient } from '../packages/client/src/shared/index.js';

/** Everything that was waiting to be done in this turn is done. */
export const turn = () => new Promise(resolve => { setImmediate(resolve); });

/** A server that has channels of numbered events. A cursor is a position on each channel that it was made for. */
export class SimulatedServer {
  /** How many events a channel had, and the oldest that is still there. */
  counts = new Map();
  oldest = new Map();
  /** @type {Set<any>} */
  streams = new Set();
  #opened = 0;

  constructor(channels) {
    for (const name of channels) {
      this.counts.set(name, 0);
      this.oldest.set(name, 0);
    }
  }

  publish(channel) { this.counts.set(channel, this.counts.get(channel) + 1); }

  /** Only the newest events are kept. */
  trim(channel, keep) { this.oldest.set(channel, Math.max(this.oldest.get(channel), this.counts.get(channel) - keep)); }

  /** The transport of one tab; what comes to it goes through the tab. */
  transport(tab) {
    return {
      name: 'simulated',
      open: (request, sink) => {
        const stream = { tab, sink, request, at: new Map(), opened: false, caughtUp: true, changes: [], id: `conn-${++this.#opened}` };
        if (!tab.isDead) this.streams.add(stream);
        return {
          close: () => { this.streams.delete(stream); stream.isClosed = true; },
          change: change => { stream.changes.push(change); },
        };
      },
    };
  }

  /** The connection breaks; the tab hears of it when it hears anything. */
  cut(stream) {
    this.streams.delete(stream);
    this.#tell(stream, () => stream.sink.ended('network'));
  }

  /** One frame of a stream, if it has one to send. @returns {boolean} whether there was one */
  step(stream, random) {
    if (!stream.opened) {
      stream.opened = true;
      const { cursor, channels } = stream.request;
      const known = cursor === null ? new Map() : new Map(JSON.parse(cursor));
      const starts = channels.map(({ channel, start }) => this.#begin(stream, channel, start, known));
      this.#tell(stream, () => stream.sink.head());
      this.#frame(stream, 'stream.open', { connection_id: stream.id, resumed: cursor !== null, channels: starts });
      return true;
    }
    if (stream.changes.length > 0) {
      const { add, remove } = stream.changes.shift();
      const removed = remove.filter(channel => stream.at.delete(channel)).map(channel => ({ channel }));
      const added = add.filter(({ channel }) => !stream.at.has(channel)).map(({ channel, start }) => this.#begin(stream, channel, start, new Map()));
      this.#frame(stream, 'stream.channels', { added, removed });
      return true;
    }
    const lost = [...stream.at].filter(([channel, at]) => at < this.oldest.get(channel));
    for (const [channel, at] of lost) {
      stream.at.set(channel, this.oldest.get(channel));
      this.#frame(stream, 'stream.gap', { channels: [channel], lost: this.oldest.get(channel) - at });
    }
    const behind = [...stream.at].filter(([channel, at]) => at < this.counts.get(channel));
    if (behind.length > 0) {
      const [channel, n] = behind[Math.floor(random() * behind.length)];
      stream.at.set(channel, n + 1);
      this.#frame(stream, 'counted', { channel, id: `${channel} ${n}`, time: '2026-01-01T00:00:00Z', data: n });
      return true;
    }
    const isNews = !stream.caughtUp;
    stream.caughtUp = true;
    if (isNews) this.#frame(stream, 'stream.caught_up', {});
    return isNews || lost.length > 0;
  }

  heartbeat(stream) { if (stream.opened) this.#frame(stream, 'stream.heartbeat', {}); }

  #begin(stream, channel, start, known) {
    const last = Number(/^last:(\d+)$/.exec(start ?? '')?.[1] ?? 0);
    const from = known.get(channel) ?? Math.max(this.oldest.get(channel), this.counts.get(channel) - last);
    stream.at.set(channel, from);
    const isLive = !known.has(channel) && last === 0;
    if (!isLive) stream.caughtUp = false;
    return { channel, start: { at: isLive ? 'live' : 'offset' } };
  }

  #frame(stream, type, data) {
    const frame = { type, data: JSON.stringify(data), id: JSON.stringify([...stream.at]), retryMs: null };
    this.#tell(stream, () => {
      stream.sink.alive();
      stream.sink.frame(frame);
    });
  }

  #tell(stream, what) { stream.tab.inbox.net.push(() => { if (!stream.isClosed) what(); }); }
}

/** The browser: what its tabs have in common, and which of them runs when. */
export class SimulatedBrowser {
  now = 0;
  tabs = [];
  #timers = new Map();
  #timerIds = 0;
  #buses = new Set();
  /** @type {{name: string, tab: any, grant: () => void}[]} */
  #waiting = [];
  #held = new Map();
  /** Whose code runs: the globals of a page know their page. */
  #running = new AsyncLocalStorage();
  #before = {};

  constructor(random, server) {
    this.random = random;
    this.server = server;
    const browser = this;
    const globals = {
      BroadcastChannel: class {
        constructor(name) {
          Object.assign(this, { name, tab: browser.#running.getStore() });
          if (!this.tab.isDead) browser.#buses.add(this);
        }

        postMessage(data) {
          if (this.tab.isDead) return;
          for (const bus of browser.#buses) {
            if (bus === this || bus.name !== this.name) continue;
            const copy = structuredClone(data);
            (bus.tab.inbox[this.name] ??= []).push(() => { if (browser.#buses.has(bus)) bus.onmessage({ data: copy }); });
          }
        }

        close() { browser.#buses.delete(this); }
      },
      navigator: { locks: { request: (name, how, callback) => browser.#request(name, how, callback) } },
    };
    for (const [name, value] of Object.entries(globals)) {
      this.#before[name] = Object.getOwnPropertyDescriptor(globalThis, name);
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  }

  /** Opens a tab. */
  open(options) {
    const tab = { isFrozen: false, isDead: false, inbox: { net: [], lock: [] } };
    const within = what => (...args) => this.#running.run(tab, what, ...args);
    const carrier = {
      open: within(ends => {
        const link = leaderCarrier.open(ends);
        return { ...link, dead: within(link.dead) };
      }),
    };
    tab.client = new SharedClient({
      url: 'http://simulated', user: 'dora', clock: this.#clockOf(tab), transports: [this.server.transport(tab)], carriers: [carrier], ...options,
    });
    this.tabs.push(tab);
    return tab;
  }

  /** A tab crashes: nothing more is heard of it, also of what it was about to do, and what it held is free. */
  kill(tab) {
    tab.isDead = true;
    this.tabs = this.tabs.filter(each => each !== tab);
    for (const bus of [...this.#buses]) if (bus.tab === tab) this.#buses.delete(bus);
    for (const stream of [...this.server.streams]) if (stream.tab === tab) this.server.streams.delete(stream);
    for (const [id, timer] of this.#timers) if (timer.tab === tab) this.#timers.delete(id);
    this.#waiting = this.#waiting.filter(each => each.tab !== tab);
    for (const [name, holder] of [...this.#held]) if (holder.tab === tab) this.#release(name, holder);
  }

  /** Whether a tab has the connection. */
  leads(tab) { return [...this.#held.values()].some(holder => holder.tab === tab); }

  /** One thing happens in one of the tabs. @returns {boolean} whether there was one to happen */
  deliver() {
    const ready = this.tabs.filter(tab => !tab.isFrozen)
      .flatMap(tab => Object.values(tab.inbox).filter(queue => queue.length > 0).map(queue => ({ tab, queue })));
    if (ready.length === 0) return false;
    const { tab, queue } = ready[Math.floor(this.random() * ready.length)];
    this.#running.run(tab, queue.shift());
    return true;
  }

  /** Time goes on; what is due in a tab that is frozen waits until it is not. */
  async pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at, tab }]) => at <= end && !tab.isFrozen).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [id, { at, callback, tab }] = due;
      this.#timers.delete(id);
      this.now = Math.max(this.now, at);
      this.#running.run(tab, callback);
      await turn();
    }
    this.now = end;
  }

  stop() {
    for (const tab of [...this.tabs]) tab.client.close();
    for (const [name, descriptor] of Object.entries(this.#before)) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else delete globalThis[name];
    }
  }

  #clockOf(tab) {
    return {
      now: () => this.now,
      random: this.random,
      setTimer: (callback, ms) => {
        if (!tab.isDead) this.#timers.set(++this.#timerIds, { at: this.now + ms, callback, tab });
        return this.#timerIds;
      },
      clearTimer: id => { this.#timers.delete(id); },
    };
  }

  #request(name, { signal, steal = false }, callback) {
    const tab = this.#running.getStore();
    if (tab.isDead) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      const request = { name, tab, reject, grant: () => { void Promise.resolve(callback()).then(value => { this.#release(name, request); resolve(value); }); } };
      const abort = () => {
        if (!this.#waiting.includes(request)) return;
        this.#waiting = this.#waiting.filter(each => each !== request);
        reject(new Error('aborted'));
      };
      if (signal?.aborted) return reject(new Error('aborted'));
      signal?.addEventListener('abort', abort);
      if (steal) {
        const holder = this.#held.get(name);
        this.#held.delete(name);
        if (holder) holder.tab.inbox.lock.push(() => holder.reject(new Error('stolen')));
        this.#waiting.unshift(request);
      } else this.#waiting.push(request);
      this.#grant(name);
    });
  }

  #release(name, holder) {
    if (this.#held.get(name) !== holder) return;
    this.#held.delete(name);
    this.#grant(name);
  }

  #grant(name) {
    if (this.#held.has(name)) return;
    const next = this.#waiting.find(each => each.name === name);
    if (!next) return;
    this.#waiting = this.#waiting.filter(each => each !== next);
    this.#held.set(name, next);
    next.tab.inbox.lock.push(next.grant);
  }
}
