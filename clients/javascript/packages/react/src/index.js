/**
 * Channels as hooks of React.
 * @module @tailrace/react
 */

export { SSEProvider, useTailraceClient } from './provider.js';
export { useConnection, usePublish } from './hooks.js';
export { useSSESubscription } from './use-sse-subscription.js';
export { withSSE } from './with-sse.js';

/** @typedef {import('./feeds.js').Snapshot} Snapshot */
