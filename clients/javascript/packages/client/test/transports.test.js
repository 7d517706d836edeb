import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { fastClock, until } from '../../../test-support/clock.js';
import { TestServer } from '../../../test-support/server.js';
import { eventSourceTransport, webSocketTransport } from '../src/fallback-transports.js';
import { fetchTransport, TailraceClient } from '../src/index.js';
import { SLICE_MS } from '../src/transports.js';

const PAUSES = { firstMs: 5, maxMs: 20, maxAskedMs: 20 };
let client;

let server;

afterEach(async () => {
  client?.close();
  await server?.stop();
  server = undefined;
});

/** A WebSocket as browsers have it, at whose other end the test sits. */
function fakeSockets(script) {
  const opened = [];
  class WebSocket {
    constructor(url, protocol) {
      Object.assign(this, { url: new URL(url), protocol });
      opened.push(this);
      queueMicrotask(() => script(this, opened.length));
    }

    say(message) { this.onmessage?.({ data: JSON.stringify(message) }); }

    open(id) {
      this.onopen?.();
      const channels = this.url.searchParams.get('channels').split(',').map(channel => ({ channel, start: { at: 'live' } }));
      this.say({ id, event: 'stream.open', retry: 5, data: { connection_id: 'w', channels } });
    }

    event(n) { this.say({ id: `c${n}`, event: 'counted', data: { channel: 'news:a', id: `e${n}`, time: 't', data: n } }); }

    close() { this.onclose?.({ code: 1000 }); }
  }
  return { WebSocket, opened };
}

/** An EventSource as browsers have it. */
function fakeSources(script) {
  const opened = [];
  class EventSource {
    listeners = {};
    constructor(url, options) {
      Object.assign(this, { url: new URL(url), options });
      opened.push(this);
      queueMicrotask(() => script(this, opened.length));
    }

    addEventListener(type, listener) { this.listeners[type] = listener; }

    say(type, data, lastEventId) { this.listeners[type]?.({ data: JSON.stringify(data), lastEventId }); }

    open(id) {
      this.onopen?.();
      this.say('stream.open', { connection_id: 's', channels: [{ channel: 'news:a', start: { at: 'live' } }] }, id);
    }

    event(n) { this.say('counted', { channel: 'news:a', id: `e${n}`, time: 't', data: n }, `c${n}`); }

    close() { this.closed = true; }
  }
  return { EventSource, opened };
}

test('a WebSocket brings the same events, resumes at its cursor and carries the token in its address', async () => {
  const { WebSocket, opened } = fakeSockets((socket, n) => {
    if (n === 1) { socket.open('c0'); socket.event(1); socket.close(); } else { socket.open('c1'); socket.event(2); }
  });
  client = new TailraceClient({ url: 'http://x', token: 'secret', transports: [webSocketTransport(WebSocket)], pauses: PAUSES });
  const got = [];
  client.subscribe('news:a', each => got.push(each.data));
  await until(() => got.length === 2);
  assert.deepEqual(got, [1, 2]);
  assert.equal(opened[0].protocol, 'tailrace.v1.json');
  assert.equal(opened[1].url.protocol, 'ws:');
  assert.equal(opened[1].url.searchParams.get('last_event_id'), 'c1');
  assert.equal(opened[1].url.searchParams.get('access_token'), 'secret');
});

test('a fallback that is refused asks for another token, because it cannot see why', async () => {
  const { WebSocket, opened } = fakeSockets(socket => {
    if (socket.url.searchParams.get('access_token') === 'good') socket.open('c0');
    else socket.close();
  });
  const collecting = { name: 'collecting', open: (_, sink) => { queueMicrotask(() => sink.ended('no-answer')); return { close: () => {} }; } };
  const token = ({ refused }) => (refused === 'old' ? 'good' : 'old');
  client = new TailraceClient({ url: 'http://x', token, transports: [collecting, webSocketTransport(WebSocket)], pauses: PAUSES });
  await client.subscribe('news:a').ready;
  assert.deepEqual(opened.map(socket => socket.url.searchParams.get('access_token')), ['old', 'good']);
});

test('an EventSource brings the types that are named, and does not come back by itself', async () => {
  const { EventSource, opened } = fakeSources((source, n) => {
    if (n === 1) { source.open('c0'); source.event(1); source.onerror(); } else { source.open('c1'); source.event(2); source.say('stream.gap', { channels: ['news:a'], lost: 4 }, 'c6'); }
  });
  client = new TailraceClient({ url: 'http://x', transports: [eventSourceTransport(EventSource, ['counted'])], pauses: PAUSES });
  const got = [];
  client.subscribe('news:a', each => got.push(each.data ?? each.lost));
  await until(() => got.length === 3);
  assert.deepEqual(got, [1, 2, 4]);
  assert.equal(opened[0].closed, true);
  assert.equal(opened[1].url.searchParams.get('last_event_id'), 'c1');
  assert.equal(client.cursor, 'c6');
});

test('a proxy that collects what fetch reads is left for a WebSocket, after two attempts', async () => {
  server = await new TestServer().start();
  // The head passes, and what is written waits in the proxy.
  server.onStream(s => s.head());
  const { WebSocket, opened } = fakeSockets(socket => socket.open('c0'));
  client = new TailraceClient({
    url: server.url, transports: [fetchTransport(fetch), webSocketTransport(WebSocket)], pauses: PAUSES, clock: fastClock(20), openMs: 2000,
  });
  const states = [];
  client.on('state', change => states.push(change));
  await client.subscribe('news:a').ready;
  assert.equal(opened.length, 1);
  // On a machine that is busy the head may come too late, which counts as well.
  const failures = states.filter(each => each.state === 'waiting');
  assert.deepEqual(failures.map(each => each.transport), ['fetch', 'websocket'], 'the second failure chooses the other');
  assert.ok(failures.every(each => each.reason === 'buffered' || each.reason === 'no-answer'));
});

/** Delivers pieces that are there at once. @returns {Promise<any>} fulfilled at the end */
function delivered(pieces, frame, slices) {
  const body = new ReadableStream({ start(controller) { for (const each of pieces) controller.enqueue(new TextEncoder().encode(each)); controller.close(); } });
  const answer = new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  const request = { url: 'http://x', token: null, cursor: null, headers: {}, credentials: 'omit', channels: [] };
  return new Promise((resolve, reject) => {
    fetchTransport(async () => answer, slices).open(request, {
      head: () => {}, alive: () => {}, refused: reject, frame, ended: (reason, error) => (reason === 'ended' ? resolve() : reject(error)),
    });
  });
}

const frames = Array.from({ length: 1000 }, (_, i) => `event: counted\ndata: ${i}\n\n`);
const all = frames.map((_, i) => i);

test('what is there at once is delivered in slices, over all pieces of the stream', async () => {
  // A clock that each frame moves on by a millisecond.
  let now = 1;
  let inSlice = 0;
  const done = [];
  const turn = async () => {
    done.push(inSlice);
    inSlice = 0;
  };
  const got = [];
  const pieces = [frames.slice(0, 3), frames.slice(3, 990), ...frames.slice(990).map(each => [each])].map(some => some.join(''));
  await delivered(pieces, ({ data }) => { got.push(Number(data)); now++; inSlice++; }, { now: () => now, turn });
  assert.deepEqual(got, all);
  // Before the first frame, because nothing says how long the task goes on already.
  assert.deepEqual([...new Set(done)], [0, SLICE_MS + 1]);
  assert.ok(inSlice <= SLICE_MS + 1);
});

test('between two slices other things have their turn', async () => {
  let others = 0;
  const seen = new Set();
  const got = [];
  const other = setInterval(() => others++, 0);
  try {
    await delivered([frames.join('')], ({ data }) => {
      got.push(Number(data));
      seen.add(others);
      // As a handler that takes a moment.
      for (const end = performance.now() + 0.1; performance.now() < end;);
    });
  } finally {
    clearInterval(other);
  }
  assert.deepEqual(got, all);
  assert.ok(seen.size > 1, `${others} times something else`);
});
