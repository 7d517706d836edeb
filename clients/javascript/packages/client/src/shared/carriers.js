// The ways to one connection for all tabs: a SharedWorker, else the tab that has the lock, else each tab alone. A worker has the
// lock, too, and is reached as such a tab is by those whose script has another address, and with it another worker.

import { TailraceClient } from '../client.js';
import { Hub } from './hub.js';

/** @typedef {{name: string, post: (message: any) => void, close: () => void, dead: () => void}} Link `dead`: the owner does not answer */
/**
 * @typedef {{key: string, tab: string, options: any, message: (message: any) => void, ready: () => void, lost: (isUsable: boolean) => void}} Ends
 *   `ready`: there is an owner, which wants an `attach`; `lost`: it is gone; `isUsable` is whether the same way may be tried again
 */
/** @typedef {{open: (ends: Ends) => Link}} Carrier */

const HELLO_MS = 10_000;
/** What a worker can be told; functions it cannot. */
const PLAIN = ['url', 'headers', 'credentials', 'heartbeatSeconds', 'keepEvents', 'openMs', 'changeMs', 'tokenTimeoutMs', 'types', 'pauses'];
const FUNCTIONS = ['fetch', 'transports', 'clock'];

/** @param {any} options @returns {Carrier[]} */
export function carriersHere(options) {
  const { SharedWorker, BroadcastChannel, navigator } = globalThis;
  const isPlain = FUNCTIONS.every(name => options[name] === undefined);
  const ways = {
    worker: SharedWorker && isPlain ? workerCarrier : null,
    leader: BroadcastChannel && navigator?.locks ? leaderCarrier : null,
  };
  return (options.share ?? ['worker', 'leader']).flatMap((/** @type {'worker' | 'leader'} */ way) => ways[way] ?? []);
}

/** @param {any} options */
export function hubOf(options) {
  return new Hub(more => new TailraceClient({ ...options, ...more }), { clock: options.clock, behindChars: options.behindChars });
}

/** @typedef {{take: (to: string, from: string, what: any) => void, close: () => void}} Served */

/**
 * What is said to one tab, on a bus of its own: on that of all it would wait in each tab that is frozen.
 * @param {string} name of the bus of all @param {string} tab
 */
const inboxOf = (name, tab) => new BroadcastChannel(`${name} ${tab}`);

/**
 * Makes a hub the one that others reach by the bus. A message is for one of them, and from one: what was on its way to a leader that is gone
 * is not for the next one, and one that was frozen, and does not know yet that it leads no longer, brings nobody anything.
 * @param {BroadcastChannel} bus @param {Hub} hub @param {string} leader its name
 * @returns {Served} `take`: takes what is said on the bus
 */
export function serveBus(bus, hub, leader) {
  /** @type {Map<string, {post: (what: any) => void, release: () => void}>} */
  const ports = new Map();
  const portOf = (/** @type {string} */ tab) => {
    /** @type {BroadcastChannel | null} */
    let inbox = null;
    const port = {
      post: (/** @type {any} */ what) => (inbox ??= inboxOf(bus.name, tab)).postMessage({ from: leader, what }),
      release: () => {
        inbox?.close();
        inbox = null;
      },
    };
    ports.set(tab, port);
    return port;
  };
  bus.postMessage({ to: 'all', what: { op: 'leader', leader } });
  return {
    take: (to, from, what) => {
      if (what.op === 'who') bus.postMessage({ to: from, what: { op: 'leader', leader } });
      else if (to === leader) {
        hub.receive(ports.get(from) ?? portOf(from), what);
        if (what.op === 'bye') ports.delete(from);
      }
    },
    close: () => {
      hub.close();
      for (const { release } of ports.values()) release();
    },
  };
}

/** @type {Carrier} */
export const localCarrier = {
  open({ options, message, ready }) {
    const hub = hubOf(options);
    const port = { post: (/** @type {any} */ what) => queueMicrotask(() => message(what)) };
    queueMicrotask(ready);
    return { name: 'tab', post: what => hub.receive(port, what), close: () => hub.close(), dead: () => {} };
  },
};

/** @type {Carrier} */
export const workerCarrier = {
  open({ key, options, message, ready, lost }) {
    const told = JSON.stringify(Object.fromEntries(PLAIN.flatMap(name => (options[name] === undefined ? [] : [[name, options[name]]]))));
    const worker = new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: key });
    const { port } = worker;
    const stop = new AbortController();
    const timer = setTimeout(() => lost(false), HELLO_MS);
    worker.onerror = () => lost(false);
    port.onmessage = ({ data }) => {
      // Another worker or a tab has the connection.
      if (data.op === 'other') return lost(false);
      if (data.op !== 'hello') return message(data);
      clearTimeout(timer);
      ready();
      // The worker has it as long as it lives. A page can be without locks where its worker has them.
      if (data.lock && navigator.locks) navigator.locks.request(data.lock, { mode: 'shared', signal: stop.signal }, () => lost(true)).catch(() => {});
    };
    port.postMessage({ op: 'options', options: told });
    return {
      name: 'worker',
      post: what => port.postMessage(what),
      close: () => { clearTimeout(timer); stop.abort(); port.close(); },
      dead: () => lost(false),
    };
  },
};

/** @type {Carrier} */
export const leaderCarrier = {
  open({ key, tab, options, message, ready, lost }) {
    const bus = new BroadcastChannel(key);
    const inbox = inboxOf(key, tab);
    const lock = `${key} leader`;
    const stop = new AbortController();
    /** @type {string | null} */
    let leader = null;
    /** @type {Hub | null} */
    let hub = null;
    /** @type {Served | null} */
    let served = null;
    let resign = () => {};
    const follow = (/** @type {string} */ name) => {
      if (leader === name) return;
      if (leader !== null) return lost(true);
      leader = name;
      ready();
    };
    bus.onmessage = ({ data: { to, from, what } }) => {
      if (served) served.take(to, from, what);
      else if (what.op === 'leader' && (to === tab || to === 'all')) follow(what.leader);
    };
    inbox.onmessage = ({ data: { from, what } }) => { if (!hub && from === leader) message(what); };
    const own = { post: (/** @type {any} */ what) => queueMicrotask(() => message(what)) };
    const lead = () => {
      if (stop.signal.aborted) return undefined;
      // What was another's until now is gone: this tab goes on, too, at its own position.
      const held = new Promise(resolve => { resign = () => resolve(undefined); });
      hub = hubOf(options);
      served = serveBus(bus, hub, tab);
      leader = tab;
      ready();
      return held;
    };
    const ask = (/** @type {LockOptions} */ how) => navigator.locks.request(lock, how, lead).catch(() => {
      // Aborted by close, or stolen because this tab did not answer.
      if (!stop.signal.aborted) lost(true);
    });
    void ask({ signal: stop.signal });
    bus.postMessage({ to: 'hub', from: tab, what: { op: 'who' } });
    return {
      name: 'leader',
      post: what => (hub ? hub.receive(own, what) : bus.postMessage({ to: leader, from: tab, what })),
      close: () => { stop.abort(); served?.close(); resign(); inbox.close(); bus.close(); },
      dead: () => void ask({ steal: true }),
    };
  },
};
