// A SharedWorker: the one connection of all tabs that show one person. Its name says whose it is. Micro frontends that are
// built on their own have a worker each, because the addresses of their scripts differ: the one that has the lock has the connection.

import { hubOf, serveBus } from './carriers.js';

/** @typedef {import('./hub.js').Hub} Hub */
/** @typedef {{hub: Hub, lock: string | null}} Led `lock`: what this worker holds for as long as it leads, where there are locks */

const scope = /** @type {any} */ (globalThis);
const me = `worker ${Math.random()}`;
/** Null in it if another worker or a tab has the connection. @type {Promise<Led | null> | null} */
let led = null;

scope.onconnect = (/** @type {any} */ { ports: [messages] }) => {
  const port = { post: (/** @type {any} */ what) => messages.postMessage(what) };
  /** @type {Hub | null} */
  let hub = null;
  messages.onmessage = async (/** @type {any} */ { data }) => {
    if (data.op !== 'options') return hub?.receive(port, data);
    const mine = await (led ??= lead(JSON.parse(data.options)));
    hub = mine?.hub ?? null;
    port.post(mine ? { op: 'hello', lock: mine.lock } : { op: 'other' });
  };
};

/** @param {any} options @returns {Promise<Led | null>} */
function lead(options) {
  const { navigator: { locks }, BroadcastChannel } = scope;
  if (!locks || !BroadcastChannel) return Promise.resolve({ hub: hubOf(options), lock: null });
  const bus = new BroadcastChannel(scope.name);
  const waiting = new AbortController();
  return new Promise(resolve => {
    /** @type {import('./carriers.js').Served | null} */
    let served = null;
    let stop = () => {};
    bus.onmessage = (/** @type {any} */ { data: { to, from, what } }) => {
      if (what.op !== 'leader') served?.take(to, from, what);
      else if (to === me || to === 'all') {
        waiting.abort();
        stop();
        bus.close();
        resolve(null);
      }
    };
    const begin = () => {
      const hub = hubOf(options);
      served = serveBus(bus, hub, me);
      const held = new Promise(release => {
        stop = () => {
          led = Promise.resolve(null);
          served?.close();
          release(undefined);
        };
      });
      // For the tabs of this worker, which wait for it to be free: in the queue of the other lock they would wait for all before them.
      const lock = `${scope.name} worker`;
      locks.request(lock, () => {
        resolve({ hub, lock });
        return held;
      });
      return held;
    };
    // A tab to which this worker did not answer steals it.
    locks.request(`${scope.name} leader`, { signal: waiting.signal }, begin).catch(() => stop());
    bus.postMessage({ to: 'hub', from: me, what: { op: 'who' } });
  });
}
