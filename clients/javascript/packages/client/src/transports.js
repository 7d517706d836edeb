// How a stream is read: by fetch, which sees statuses and headers. The others are loaded when they are needed: WebSocket
// where something between collects what fetch reads, EventSource where nothing else is there.

import { retryAfterMs, systemClock } from './backoff.js';
import { parsed } from './http.js';
import { SseParser } from './sse-parser.js';

/** @typedef {import('./types.js').Transport} Transport */

/** How long frames are delivered before what else is due has its turn, such as drawing the page, in milliseconds. */
export const SLICE_MS = 8;

/** Fulfilled when what is due has had its turn. Not a timer: a hidden page has one in a second, or in a minute. @returns {Promise<void>} */
const turn = () => new Promise(resolve => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => resolve(port1.close());
  port2.postMessage(0);
});

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {{now: () => number, turn: () => Promise<void>}} [slices]
 * @returns {Transport}
 */
export function fetchTransport(fetch, slices = { ...systemClock, turn }) {
  return {
    name: 'fetch',
    open({ url, token, cursor, headers, credentials }, sink) {
      const abort = new AbortController();
      /** @type {Record<string, string>} */
      const all = { ...headers, Accept: 'text/event-stream' };
      if (cursor) all['Last-Event-ID'] = cursor;
      if (token) all.Authorization = `Bearer ${token}`;
      const run = async () => {
        // A refusal by its status, which a script can read, and not by an event as an EventSource needs it.
        const answer = await fetch(`${url}&refusal=status`, { headers: all, signal: abort.signal, cache: 'no-store', credentials });
        sink.head();
        if (answer.status !== 200) {
          const askedMs = retryAfterMs(answer.headers.get('Retry-After'));
          const timer = setTimeout(() => abort.abort(), 5000);
          const problem = parsed(await answer.text().catch(() => ''));
          clearTimeout(timer);
          sink.refused({ status: answer.status, askedMs, problem });
        } else if (!answer.headers.get('Content-Type')?.startsWith('text/event-stream') || !answer.body) {
          sink.ended('not-a-stream');
        } else {
          const reader = answer.body.getReader();
          const parser = new SseParser();
          const decoder = new TextDecoder();
          // Over all pieces: what is there already is read without a turn.
          let endsAt = 0;
          for (let piece; !(piece = await reader.read()).done;) {
            sink.alive();
            for (const frame of parser.push(decoder.decode(piece.value, { stream: true }))) {
              if (slices.now() > endsAt) {
                await slices.turn();
                endsAt = slices.now() + SLICE_MS;
              }
              sink.frame(frame);
            }
          }
          sink.ended('ended');
        }
      };
      run().catch(error => sink.ended(error instanceof RangeError ? 'frame-too-large' : 'network', error));
      return { close: () => abort.abort() };
    },
  };
}

/**
 * The transports of this runtime, the best first.
 * @param {typeof globalThis.fetch} fetch
 * @param {string[]} [types]
 * @returns {Transport[]}
 */
export function transportsHere(fetch, types) {
  const { WebSocket, EventSource } = globalThis;
  const all = [fetchTransport(fetch)];
  if (WebSocket) all.push(later('websocket'));
  if (EventSource && types) all.push(later('eventsource', types));
  return all;
}

/**
 * @param {'websocket' | 'eventsource'} name
 * @param {string[]} [types]
 * @returns {Transport}
 */
function later(name, types) {
  return {
    name,
    open(request, sink) {
      /** @type {import('./types.js').OpenStream | undefined} */
      let stream;
      let closed = false;
      import('./fallback-transports.js').then(other => {
        if (!closed) stream = other.fallbackTransport(name, types).open(request, sink);
      }).catch(error => sink.ended('network', error));
      return { close: () => { closed = true; stream?.close(); } };
    },
  };
}
