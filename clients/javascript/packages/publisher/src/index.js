/**
 * Publishing from services in Node.js.
 * @module @tailrace/publisher
 */

export { SSEPublisher } from './publisher.js';
export { publishRequests, withPublisher } from './express.js';
export { OutboxFull, Problem } from '@tailrace/client';

/** @typedef {import('./publisher.js').PublisherOptions} PublisherOptions */
/** @typedef {import('./publisher.js').Receipt} Receipt */
/** @typedef {import('./publisher.js').EnqueueOptions} EnqueueOptions */
/** @typedef {import('./publisher.js').EnqueuedJob} EnqueuedJob */
