export { TailraceClient } from './client.js';
export { Problem } from './http.js';
export { matches } from './patterns.js';
export { Outbox } from './outbox.js';
export { eventSourceTransport, webSocketTransport } from './fallback-transports.js';
export { fetchTransport } from './transports.js';
