/**
 * Publishing from services in Node.js, and running jobs in them.
 * @module @tailrace/publisher
 */

export { SSEPublisher } from './publisher.js';
export { JobWorker } from './worker.js';
export { GiveUp, RetryLater } from './attempts.js';
export { publishRequests, withPublisher } from './express.js';
export { OutboxFull, Problem } from '@tailrace/client';

/** @typedef {import('./publisher.js').PublisherOptions} PublisherOptions */
/** @typedef {import('./publisher.js').Receipt} Receipt */
/** @typedef {import('./publisher.js').EnqueueOptions} EnqueueOptions */
/** @typedef {import('./publisher.js').EnqueuedJob} EnqueuedJob */
/** @typedef {import('./worker.js').JobWorkerOptions} JobWorkerOptions */
/** @typedef {import('./attempts.js').Job} Job */
/** @typedef {import('./attempts.js').Handler} Handler */
/** @typedef {import('./attempts.js').StopReason} StopReason */
