export { SSEPublisher } from './publisher.js';
export { publishRequests, withPublisher } from './express.js';
export { OutboxFull, Problem } from '@tailrace/client';
