// Follows the stream of metrics with the npm package eventsource: GET /events/watch, which says "connected" and "disconnected",
// and tells metrics and readings by the names of their events. TAILRACE_URL says where Tailrace is.

import { EventSource } from 'eventsource';

const { TAILRACE_URL = 'http://localhost:8080' } = process.env;
const source = new EventSource(new URL('/events/watch', TAILRACE_URL).href);

const told = {
  // The server closes when it shuts down; an EventSource comes back by itself, at its last event.
  connected: () => console.log('connected'),
  disconnected: () => console.log('disconnected, coming back'),
};
source.addEventListener('message', ({ data }) => (told[data] ?? (() => console.log('unexpected:', data)))());
source.addEventListener('metric_created', ({ data }) => {
  const { id, name } = JSON.parse(data);
  console.log(`metric ${name} (${id})`);
});
source.addEventListener('metric_reading_created', ({ data }) => {
  const { metric_id: metric, value, timestamp } = JSON.parse(data);
  console.log(`reading ${value} of ${metric} at ${timestamp}`);
});
source.addEventListener('error', ({ message, code }) => {
  if (source.readyState !== EventSource.CLOSED) return;
  // It gives up for good where an answer is not 200: nothing of Tailrace is at this address.
  console.error(`gave up: ${code ?? ''} ${message ?? ''}`);
  process.exitCode = 1;
});
