// A subscription as an async iterator.

/** @typedef {import('./types.js').Delivery} Delivery */

/** How many deliveries wait for the loop; more is a gap that it is told of. */
export const MAX_WAITING = 10_000;

/**
 * Everything that comes on a subscription, in its order: `for await (const delivery of deliveries(subscription))`. Leaving the loop
 * closes the subscription. A loop that is too slow loses what is more than MAX_WAITING, and is told how much that was.
 * @param {import('./subscription.js').Subscription} subscription
 * @param {{maxWaiting?: number}} [options]
 * @returns {AsyncGenerator<Delivery, void, void>}
 */
export async function* deliveries(subscription, { maxWaiting = MAX_WAITING } = {}) {
  /** @type {Delivery[]} */
  const waiting = [];
  /** @type {Set<string>} */
  const channels = new Set();
  let lost = 0;
  let wake = () => {};
  const take = (/** @type {Delivery} */ delivery) => {
    if (waiting.length < maxWaiting && lost === 0) waiting.push(delivery);
    else {
      lost++;
      for (const name of delivery.kind === 'event' ? [delivery.channel] : delivery.channels) channels.add(name);
    }
    wake();
  };
  for (const kind of ['event', 'gap', 'reset']) subscription.on(kind, take);
  subscription.on('close', () => wake());
  try {
    for (;;) {
      const next = waiting.shift();
      if (next) yield next;
      else if (lost > 0) {
        /** @type {Delivery} */
        const gap = { kind: 'gap', reason: 'slow-reader', channels: [...channels], lost };
        lost = 0;
        channels.clear();
        yield gap;
      } else if (subscription.closed) return;
      else await new Promise(resolve => { wake = () => resolve(undefined); });
    }
  } finally {
    subscription.close();
  }
}
