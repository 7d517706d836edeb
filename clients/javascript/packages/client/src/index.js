/**
 * One connection for everything that a page or a program follows, and publishing.
 * @module @tailrace/client
 */

export { TailraceClient } from './client.js';
export { deliveries } from './deliveries.js';
export { Problem } from './http.js';
export { matches } from './patterns.js';
export { Subscription } from './subscription.js';
export { Outbox, OutboxFull } from './outbox.js';
export { PAUSES } from './backoff.js';
export { fetchTransport } from './transports.js';

/** @typedef {import('./client.js').Options} Options */
/** @typedef {import('./outbox.js').OutboxStore} OutboxStore */
/** @typedef {import('./publish.js').Publish} Publish */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').Reason} Reason */
/** @typedef {import('./types.js').StateChange} StateChange */
/** @typedef {import('./types.js').StreamEvent} StreamEvent */
/** @typedef {import('./types.js').Gap} Gap */
/** @typedef {import('./types.js').Reset} Reset */
/** @typedef {import('./types.js').Delivery} Delivery */
/** @typedef {import('./types.js').Refusal} Refusal */
/** @typedef {import('./types.js').Outcome} Outcome */
/** @typedef {import('./types.js').TokenCallback} TokenCallback */
/** @typedef {import('./types.js').Transport} Transport */
/** @typedef {import('./types.js').Clock} Clock */
/** @typedef {import('./types.js').Pauses} Pauses */
