// Pages of a channel's events, and the past and what comes next as one sequence.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { until } from '../../../test-support/clock.js';
import { TestServer } from '../../../test-support/server.js';
import { systemClock } from '../src/backoff.js';
import { follow, followSnapshot, history } from '../src/history.js';
import { TailraceClient } from '../src/index.js';

const CHANNEL = 'news:a';
/** The pause before a cursor is asked for again is not waited for. */
const clock = { ...systemClock, setTimer: (callback, ms) => systemClock.setTimer(callback, ms === 500 ? 1 : ms) };
let server;
let client;

beforeEach(async () => {
  server = await new TestServer().start();
  client = new TailraceClient({ url: server.url, token: 'token', clock, pauses: { firstMs: 1, maxMs: 5, maxAskedMs: 5 } });
});
afterEach(async () => {
  client.close();
  await server.stop();
});

const event = n => ({ id: `c${n}`, event: 'counted', data: { channel: CHANNEL, id: `e-${CHANNEL}-${n}`, time: '2026-01-01T00:00:00Z', data: n } });
const page = (numbers, next, position, more = {}) => ({ status: 200, body: { events: numbers.map(event), next, position, ...more } });
/** The numbers of events, and the kinds of what is none. */
const told = deliveries => deliveries.map(each => (each.kind === 'event' ? each.data : each.kind));

test('pages are asked for until there are as many events as wanted, and the newest come first', async () => {
  const pages = [page([9, 8], 'p8', 'c9'), page([], 'p4', 'x'), page([3], 'p3', 'x')];
  server.onRequest(() => pages.shift());
  const found = await history(client, CHANNEL, { limit: 3 });
  assert.deepEqual(told(found.deliveries), [9, 8, 3]);
  assert.deepEqual([found.next, found.position], ['p3', 'c9']);
  assert.deepEqual(server.requests.map(({ query }) => [query.get('before'), query.get('after'), query.get('limit')]),
    [[null, null, '3'], ['p8', null, '1'], ['p4', null, '1']]);
  assert.equal(server.requests[0].method, 'GET');
  assert.equal(server.requests[0].path, '/channels/news:a/events');
  assert.equal(server.requests[0].headers.authorization, 'Bearer token');
  const [first] = found.deliveries;
  assert.deepEqual(first, { kind: 'event', channel: CHANNEL, type: 'counted', id: 'e-news:a-9', time: '2026-01-01T00:00:00Z', data: 9, cursor: 'c9' });
});

test('forwards the last page has the position, and what is lost stands at its place', async () => {
  const pages = [page([1], 'p1', 'p1', { gap: { from: 0, to: 5, lost: 5 } }), page([2], null, 'end', { reset: { reason: 'truncated' } })];
  server.onRequest(() => pages.shift());
  const found = await history(client, CHANNEL, { after: 'earliest' });
  assert.deepEqual(told(found.deliveries), ['gap', 1, 'reset', 2]);
  assert.deepEqual(found.deliveries[0], { kind: 'gap', reason: 'retention', channels: [CHANNEL], lost: 5 });
  assert.deepEqual([found.next, found.position], [null, 'end']);
});

test('data that is no JSON is told, and the rest is there', async () => {
  server.onRequest(() => ({ status: 200, body: { events: [{ id: 'c1', event: 'x', data: '{"channel' }, event(2)], next: null, position: 'c2' } }));
  const { deliveries } = await history(client, CHANNEL);
  assert.deepEqual(told(deliveries), ['gap', 2]);
  assert.equal(deliveries[0].raw, '{"channel');
});

test('what passes is tried again, and a refusal is told as the server told it', async () => {
  const answers = ['cut', { status: 503, body: null, headers: { 'Retry-After': '1' } }, { status: 200, body: '<html>' }, page([1], null, 'c1')];
  server.onRequest(() => answers.shift());
  assert.deepEqual(told((await history(client, CHANNEL)).deliveries), [1]);
  server.onRequest(() => ({ status: 403, body: { type: 'https://tailrace.io/problems/forbidden', status: 403 } }));
  await assert.rejects(history(client, CHANNEL), { name: 'Problem', status: 403, slug: 'forbidden' });
  server.onRequest(() => ({ status: 200, body: '<html>' }));
  await assert.rejects(history(client, CHANNEL, { retryForMs: 0 }), { name: 'Problem', message: 'the answer is not one of Tailrace' });
  await assert.rejects(history(client, CHANNEL, { limit: 0 }), RangeError);
  await assert.rejects(history(client, CHANNEL, { before: 'a', after: 'b' }), TypeError);
});

/** Follows until so many deliveries were taken. */
const take = async (sequence, count) => {
  const taken = [];
  for await (const each of sequence) {
    taken.push(each);
    if (taken.length === count) break;
  }
  return taken;
};

test('the past and what comes next are one sequence, whatever comes while the past is read', async () => {
  server.onStream(stream => stream.open({ id: 'c3' }));
  server.onRequest(async ({ query }) => {
    assert.equal(query.get('before'), 'c3');
    const stream = await server.stream(1);
    stream.event(CHANNEL, 4, { id: 'c4' });
    await until(() => client.cursor === 'c4', 'the next event');
    return page([3, 2], 'p2', 'c3');
  });
  const taking = take(follow(client, CHANNEL, { last: 2 }), 4);
  const stream = await server.stream(1);
  assert.equal(stream.query.get('start'), 'live');
  await server.requested(1);
  stream.event(CHANNEL, 5, { id: 'c5' });
  assert.deepEqual(told(await taking), [2, 3, 4, 5]);
});

test('events of the stream that its cursor is behind already come with the past alone', async () => {
  server.onStream(stream => stream.open({ id: 'c3' }).event(CHANNEL, 4, { id: 'c4' }));
  server.onRequest(({ query }) => page(query.get('before') === 'c4' ? [4, 3] : [3], null, query.get('before')));
  const sequence = follow(client, CHANNEL, { last: 2 });
  const taking = take(sequence, 3);
  await server.requested(1);
  (await server.stream(1)).event(CHANNEL, 5, { id: 'c5' });
  assert.deepEqual(told(await taking), [3, 4, 5]);
});

test('a cursor that does not have the channel yet is waited for', async () => {
  server.onStream(stream => stream.open({ id: 'old' }));
  server.onRequest(async ({ query }, count) => {
    if (query.get('before') !== 'new') {
      if (count === 1) (await server.stream(1)).event(CHANNEL, 1, { id: 'new' });
      // The pauses are as good as none here, and the event may be slower than all attempts together.
      await until(() => client.cursor === 'new', 'the cursor with the channel');
      return { status: 400, body: { type: 'https://tailrace.io/problems/invalid-cursor', status: 400 } };
    }
    return page([1], null, 'new');
  });
  const taking = take(follow(client, CHANNEL), 2);
  await until(() => client.cursor === 'new' && server.requests.length > 1, 'the second attempt');
  (await server.stream(1)).event(CHANNEL, 2, { id: 'c2' });
  assert.deepEqual(told(await taking), [1, 2]);
});

/** A server whose log has as many events as it is told, and whose pages have two. */
const logOf = count => {
  const log = { count };
  server.onRequest(({ query }) => {
    const after = Number(query.get('after').slice(1));
    const numbers = Array.from({ length: log.count - after }, (_, i) => after + i + 1);
    return page(numbers.slice(0, 2), numbers.length > 2 ? `c${after + 2}` : null, `c${after + Math.min(2, numbers.length)}`);
  });
  return log;
};
const all = deliveries => deliveries.map(each => (each.kind === 'event' ? each.data : each.value ?? each.kind));

test('a snapshot, what came since and what comes are one sequence, whatever comes while it is loaded', async () => {
  server.onStream(stream => stream.open({ id: 'c5' }));
  const log = logOf(6);
  const snapshot = { position: 'c2', seats: 2 };
  const taking = take(followSnapshot(client, CHANNEL, () => snapshot), 7);
  const stream = await server.stream(1);
  await server.requested(2);
  log.count = 7;
  stream.event(CHANNEL, 6, { id: 'c6' }).event(CHANNEL, 7, { id: 'c7' }).event(CHANNEL, 8, { id: 'c8' });
  assert.deepEqual(all(await taking), [snapshot, 3, 4, 5, 6, 7, 8]);
});

test('what a stream that is behind brings later and the snapshot has already is left out', async () => {
  server.onStream(stream => stream.open({ id: 'c1' }));
  logOf(4);
  const snapshot = { position: 'c3' };
  const taking = take(followSnapshot(client, CHANNEL, () => Promise.resolve(snapshot)), 3);
  const stream = await server.stream(1);
  await server.requested(3);
  for (const n of [2, 3, 4, 5]) stream.event(CHANNEL, n, { id: `c${n}` });
  assert.deepEqual(all(await taking), [snapshot, 4, 5]);
});

test('a snapshot without a position is loaded when the stream is open, and what comes meanwhile comes after it', async () => {
  server.onStream(stream => stream.open({ id: 'c1' }));
  let loads = 0;
  const taking = take(followSnapshot(client, CHANNEL, async () => {
    if (++loads === 1) return { loads };
    (await server.stream(1)).event(CHANNEL, 2, { id: 'c2' });
    await until(() => client.cursor === 'c2', 'the event');
    return { loads };
  }), 2);
  assert.deepEqual(all(await taking), [{ loads: 2 }, 2]);
  assert.equal(server.requests.length, 0);
});

test('a snapshot that cannot be loaded, or whose position is refused, ends the sequence and the subscription', async () => {
  await assert.rejects(followSnapshot(client, CHANNEL, () => { throw new RangeError('no map'); }).next(), RangeError);
  assert.equal(client.state, 'idle');
  server.onStream(stream => stream.open({ id: 'c1' }));
  server.onRequest(({ query }) => (query.get('after') === 'bad'
    ? { status: 400, body: { type: 'https://tailrace.io/problems/invalid-cursor', status: 400 } } : page([], null, 'c1')));
  await assert.rejects(take(followSnapshot(client, CHANNEL, () => ({ position: 'bad' })), 2), { name: 'Problem', slug: 'invalid-cursor' });
  await until(() => client.state === 'idle', 'the end of the stream');
});

test('a loop that does not keep up is told how much it has lost, and leaving it ends the stream', async () => {
  server.onStream(stream => stream.open({ id: 'c0' }));
  server.onRequest(() => page([], null, 'c0'));
  const sequence = follow(client, CHANNEL, { maxWaiting: 2 });
  const first = sequence.next();
  const stream = await server.stream(1);
  await server.requested(1);
  await until(() => client.state === 'live', 'the stream');
  stream.event(CHANNEL, 0, { id: 'c1' });
  assert.equal((await first).value.data, 0);
  for (let n = 1; n < 6; n++) stream.event(CHANNEL, n, { id: `c${n + 1}` });
  await until(() => client.cursor === 'c6', 'all events');
  assert.deepEqual(told(await take(sequence, 3)), [1, 2, 'gap']);
  await stream.closed;
});

test('a channel that is refused is told as a problem', async () => {
  server.onStream(stream => stream.refuse(403, { type: 'forbidden', errors: [{ field: 'channels', message: CHANNEL }] }));
  await assert.rejects(follow(client, CHANNEL).next(), { name: 'Problem', status: 403 });
});
