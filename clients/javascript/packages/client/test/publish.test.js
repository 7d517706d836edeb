import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { fastClock, until } from '../../../test-support/clock.js';
import { TestServer } from '../../../test-support/server.js';
import { Outbox, Problem, TailraceClient } from '../src/index.js';

const PAUSES = { firstMs: 5, maxMs: 20, maxAskedMs: 20 };
const ok = ({ body }) => ({ status: 202, body: { events: [body].flat().map((_, i) => ({ id: `id-${i}`, position: `c${i}` })) } });
let server;
let client;

beforeEach(async () => {
  server = await new TestServer().start();
  server.onRequest(ok);
  client = new TailraceClient({ url: `${server.url}/`, token: 'secret', pauses: PAUSES });
});

afterEach(async () => {
  client.close();
  await server.stop();
});

test('an event is published with a token and an idempotency key', async () => {
  const answer = await client.publish('news:today', 'headline', { text: 'It works' });
  assert.deepEqual(answer.events, [{ id: 'id-0', position: 'c0' }]);
  const [{ method, path, headers, body }] = server.requests;
  assert.deepEqual([method, path, body], ['POST', '/channels/news:today/events', { type: 'headline', data: { text: 'It works' } }]);
  assert.equal(headers.authorization, 'Bearer secret');
  assert.match(headers['idempotency-key'], /^[0-9a-f]{32}$/);
});

test('a page over plain HTTP, which has no crypto.randomUUID, publishes and has an outbox, too', async t => {
  Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
  t.after(() => { delete (/** @type {any} */ (crypto)).randomUUID; });
  const outbox = new Outbox(client, { pauses: PAUSES });
  await client.publish('news:today', 'headline', 1);
  await outbox.add('news:today', 'headline', 2);
  outbox.close();
  const keys = server.requests.map(request => request.headers['idempotency-key']);
  assert.equal(new Set(keys).size, 2);
  keys.forEach(key => assert.match(key, /^[0-9a-f]{32}$/));
});

test('a lost answer, a 503 and a 429 are retried with the same key', async () => {
  server.onRequest((request, n) => ['cut', { status: 503, headers: { 'Retry-After': '1' } }, { status: 429 }, { status: 409, headers: { 'Retry-After': '1' } }][n - 1] ?? ok(request));
  await client.publish('news:today', 'headline', 1);
  assert.equal(server.requests.length, 5);
  assert.equal(new Set(server.requests.map(r => r.headers['idempotency-key'])).size, 1);
});

test('a page of a proxy with 200 is no receipt: the event is sent again until the server has it', async () => {
  const page = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>Sign in to the network</html>' };
  server.onRequest((request, n) => (n < 3 || n === 4 ? page : ok(request)));
  const answer = await client.publish('news:today', 'headline', 1);
  assert.deepEqual(answer.events, [{ id: 'id-0', position: 'c0' }]);
  assert.equal(new Set(server.requests.map(r => r.headers['idempotency-key'])).size, 1);
  const outbox = new Outbox(client, { pauses: PAUSES });
  assert.deepEqual(await outbox.add('news:today', 'headline', 2), { id: 'id-0', position: 'c0' });
  assert.deepEqual(server.requests.map(r => r.body.data), [1, 1, 1, 2, 2]);
  outbox.close();
  server.onRequest(() => page);
  await assert.rejects(client.publish('news:today', 'headline', 3, { retryForMs: 0 }), { name: 'Problem', status: 0, message: 'the answer is not one of Tailrace' });
});

test('what is refused is thrown as a problem and not retried', async () => {
  server.onRequest(() => ({ status: 403, body: { type: 'https://tailrace.io/problems/forbidden', title: 'Access is denied' } }));
  await assert.rejects(client.publish('news:today', 'headline', 1), fault => fault instanceof Problem && fault.slug === 'forbidden' && fault.status === 403);
  assert.equal(server.requests.length, 1);
});

test('without an answer it ends when the time is over', async () => {
  server.onRequest(() => 'cut');
  await assert.rejects(client.publish('news:today', 'headline', 1, { retryForMs: 30 }), { name: 'Problem', status: 0 });
});

test('an expired token is renewed once', async () => {
  const tokens = ['old', 'new'];
  const renewing = new TailraceClient({ url: server.url, token: () => tokens.shift() ?? null, pauses: PAUSES });
  server.onRequest(r => (r.headers.authorization === 'Bearer new' ? ok(r) : { status: 401 }));
  await renewing.publish('news:today', 'headline', 1);
  assert.equal(server.requests.length, 2);
  renewing.close();
});

test('an outbox sends in order what was given during an hour offline, each once', async () => {
  let isOffline = true;
  const seen = new Set();
  const log = [];
  server.onRequest(r => {
    if (isOffline) return 'cut';
    if (!seen.has(r.headers['idempotency-key'])) log.push(...[r.body].flat().map(e => e.data));
    const isFirst = !seen.has(r.headers['idempotency-key']);
    seen.add(r.headers['idempotency-key']);
    // Every other answer is lost.
    return isFirst && seen.size % 2 === 0 ? 'cut' : ok(r);
  });
  // An hour of the outbox's clock.
  const outbox = new Outbox(client, { clock: fastClock(18_000), maxBatch: 10 });
  const sent = Array.from({ length: 95 }, (_, i) => outbox.add(i < 50 ? 'news:a' : 'news:b', 'counted', i));
  await new Promise(resolve => { setTimeout(resolve, 200); });
  assert.equal(outbox.size, 95);
  isOffline = false;
  await Promise.all(sent);
  assert.deepEqual(log, Array.from({ length: 95 }, (_, i) => i));
  assert.equal(outbox.size, 0);
  assert.equal(await outbox.flush(10), true);
  outbox.close();
});

test('an outbox takes so many events and says when it is full', async () => {
  server.onRequest(() => 'cut');
  const outbox = new Outbox(client, { maxWaiting: 3, pauses: PAUSES });
  for (let i = 0; i < 3; i++) outbox.add('news:a', 'counted', i);
  await assert.rejects(outbox.add('news:a', 'counted', 3), { name: 'OutboxFull' });
  assert.equal(outbox.size, 3);
  outbox.close();
});

test('data that is no JSON is refused at once, and what is changed later is sent as it was', async () => {
  const outbox = new Outbox(client, { pauses: PAUSES });
  const ring = {};
  ring.self = ring;
  await assert.rejects(outbox.add('news:a', 'counted', ring), TypeError);
  await assert.rejects(outbox.add('news:a', 'counted', 1n), TypeError);
  await assert.rejects(client.publish('news:a', 'counted', 1n), TypeError);
  const data = { n: 1 };
  const sent = outbox.add('news:a', 'counted', data);
  data.n = 2;
  await sent;
  assert.deepEqual(server.requests.map(r => r.body.data), [{ n: 1 }]);
  const small = new Outbox(client, { maxChars: 10, store: { load: () => new Promise(() => {}), save: () => {} } });
  void small.add('news:a', 'counted', 'x'.repeat(8));
  await assert.rejects(small.add('news:a', 'counted', 'x'), { name: 'OutboxFull' });
  small.close();
  outbox.close();
});

test('one event that is refused does not take those of its request with it', async () => {
  const log = [];
  server.onRequest(r => {
    const events = [r.body].flat();
    if (events.some(e => e.data === 'bad')) return { status: 400, body: { type: 'https://tailrace.io/problems/validation' } };
    log.push(...events.map(e => e.data));
    return ok(r);
  });
  const refused = [];
  const outbox = new Outbox(client, { pauses: PAUSES, onRefused: item => refused.push(item.data) });
  const all = [1, 'bad', 2].map(data => outbox.add('news:a', 'counted', data).then(() => 'sent', fault => fault.slug));
  assert.deepEqual(await Promise.all(all), ['sent', 'validation', 'sent']);
  assert.deepEqual(log, [1, 2]);
  assert.deepEqual(refused, ['bad']);
  outbox.close();
});

test('what an outbox held before is sent first, and a store that fails is done without', async () => {
  const log = [];
  server.onRequest(r => { log.push(...[r.body].flat().map(e => e.data)); return ok(r); });
  const kept = [{ key: 'k', channel: 'news:a', type: 'counted', data: 'before', chars: 8 }];
  const outbox = new Outbox(client, { pauses: PAUSES, store: { load: async () => kept, save: () => { throw new Error('the storage is full'); } } });
  await outbox.add('news:a', 'counted', 'after');
  assert.deepEqual(log, ['before', 'after']);
  await until(() => outbox.size === 0);
  outbox.close();
});
