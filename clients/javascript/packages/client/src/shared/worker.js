// A SharedWorker: the one connection of all tabs that show one person. Its name says whose it is.

import { hubOf } from './carriers.js';

const scope = /** @type {any} */ (globalThis);
/** @type {import('./hub.js').Hub | null} */
let hub = null;
const lock = `${scope.name} worker`;
/** @type {Promise<string | null>} */
const locked = new Promise(resolve => {
  if (!navigator.locks) return resolve(null);
  navigator.locks.request(lock, () => {
    resolve(lock);
    return new Promise(() => {});
  });
});

scope.onconnect = (/** @type {any} */ { ports: [messages] }) => {
  const port = { post: (/** @type {any} */ what) => messages.postMessage(what) };
  messages.onmessage = (/** @type {any} */ { data }) => {
    if (data.op !== 'options') return hub?.receive(port, data);
    hub ??= hubOf(JSON.parse(data.options));
    void locked.then(name => port.post({ op: 'hello', lock: name }));
  };
};
