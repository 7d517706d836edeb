import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import express from 'express';
import { until } from '../../../test-support/clock.js';
import { TestServer } from '../../../test-support/server.js';
import { publishRequests, SSEPublisher, withPublisher } from '../src/index.js';

const PAUSES = { firstMs: 5, maxMs: 20, maxAskedMs: 20 };
const ok = ({ body }) => ({ status: 202, body: { events: [body].flat().map((_, i) => ({ id: `id-${i}`, position: `c${i}` })) } });
const run = (source, stdio = 'inherit') => spawn(process.execPath, ['--input-type=module', '-e', source], { stdio });
let server;
let publisher;

beforeEach(async () => {
  server = (await new TestServer().start()).onRequest(ok);
  publisher = new SSEPublisher({ gatewayUrl: server.url, serviceToken: 'secret', serviceName: 'etl', pauses: PAUSES });
});

afterEach(async () => {
  await publisher.close(100);
  await server.stop();
});

test('logs, metrics, workflows and alerts go to their channels, signed by the service', async () => {
  await publisher.publishLog('ws', 'wf', { level: 'INFO', message: 'ETL step completed', timestamp: 't' });
  await publisher.publishMetric('ws', { name: 'rows', value: 5, timestamp: 't' });
  await publisher.publishWorkflow('ws', 'wf', { state: 'done', timestamp: 't' });
  await publisher.publishAlert('ws', { severity: 'high', timestamp: 't' });
  assert.deepEqual(server.requests.map(r => [r.path, r.body]), [
    ['/channels/logs:ws:wf/events', { type: 'log', data: { timestamp: 't', level: 'INFO', message: 'ETL step completed', service: 'etl' } }],
    ['/channels/metrics:ws/events', { type: 'metric', data: { timestamp: 't', name: 'rows', value: 5, service: 'etl' } }],
    ['/channels/workflows:ws:wf/events', { type: 'workflow', data: { timestamp: 't', state: 'done', service: 'etl' } }],
    ['/channels/alerts:ws/events', { type: 'alert', data: { timestamp: 't', severity: 'high', service: 'etl' } }],
  ]);
  assert.equal(server.requests[0].headers.authorization, 'Bearer secret');
});

test('what is published while a request is under way goes into one request', async () => {
  const receipts = Array.from({ length: 50 }, (_, i) => publisher.publish('logs:a:b', 'log', i));
  const all = await Promise.all(receipts);
  assert.equal(all.length, 50);
  assert.ok(server.requests.length <= 2, `${server.requests.length} requests`);
  assert.deepEqual(server.requests.flatMap(r => [r.body].flat().map(e => e.data)), Array.from({ length: 50 }, (_, i) => i));
});

test('a publisher whose outbox is full says so, and one that is refused does, too', async () => {
  const told = [];
  server.onRequest(() => 'cut');
  const small = new SSEPublisher({ gatewayUrl: server.url, serviceName: 'etl', maxWaiting: 2, pauses: PAUSES, onError: (error, { data }) => told.push([error.name, error.slug, data]) });
  for (let i = 0; i < 3; i++) void small.publish('logs:a:b', 'log', i);
  await until(() => told.length > 0, 'the one for which there is no room');
  assert.deepEqual(told, [['OutboxFull', undefined, 2]]);
  server.onRequest(() => ({ status: 403, body: { type: 'https://tailrace.io/problems/forbidden' } }));
  assert.equal(await small.flush(30_000), true);
  assert.deepEqual(told.slice(1), [['Problem', 'forbidden', 0], ['Problem', 'forbidden', 1]]);
  await small.close();
});

test('closing waits for what is left, for so long', async () => {
  void publisher.publish('logs:a:b', 'log', 1);
  assert.equal(await publisher.close(), true);
  assert.equal(server.requests.length, 1);
  await assert.rejects(publisher.publish('logs:a:b', 'log', 2), /closed/);
  server.onRequest(() => 'cut');
  const stuck = new SSEPublisher({ gatewayUrl: server.url, serviceName: 'etl', pauses: PAUSES });
  void stuck.publish('logs:a:b', 'log', 1);
  assert.equal(await stuck.close(30), false);
});

test('a job is enqueued with one key until there is an answer, and its options are those of the protocol', async () => {
  const job = { id: 'j-1', state: 'scheduled', queue: 'images', type: 'resize', run_at: '2026-01-01T00:00:00Z' };
  const answers = ['cut', { status: 503, body: {} }, { status: 200, body: { signIn: 'a proxy' } }, { status: 201, body: job }];
  server.onRequest(() => answers.shift());
  const enqueued = await publisher.enqueue('resize', { width: 100 }, {
    queue: 'images', runAt: new Date('2026-01-01T00:00:00Z'), priority: 9, uniqueKey: 'u', uniqueSeconds: 60, maxAttempts: 3, timeoutSeconds: 20, key: 'k',
  });
  assert.deepEqual(enqueued, job);
  assert.equal(server.requests.length, 4);
  assert.equal(new Set(server.requests.map(r => r.headers['idempotency-key'])).size, 1);
  assert.deepEqual([server.requests[0].method, server.requests[0].path, server.requests[0].headers.authorization], ['POST', '/jobs', 'Bearer secret']);
  assert.deepEqual(server.requests[3].body, {
    type: 'resize', payload: { width: 100 }, run_at: '2026-01-01T00:00:00.000Z', queue: 'images', priority: 9, unique_key: 'u', unique_seconds: 60,
    max_attempts: 3, timeout_seconds: 20, key: 'k',
  });
});

test('two jobs have two keys unless they are given one, and a refusal says every fault', async () => {
  server.onRequest(() => ({ status: 201, body: { id: 'j', state: 'ready', queue: 'default' } }));
  await publisher.enqueue('resize', 1);
  await publisher.enqueue('resize', 1, { delaySeconds: 5 });
  await publisher.enqueue('resize', 1, { idempotencyKey: 'order-7' });
  const keys = server.requests.map(r => r.headers['idempotency-key']);
  assert.equal(new Set(keys).size, 3);
  assert.equal(keys[2], 'order-7');
  assert.equal(server.requests[1].body.delay_seconds, 5);
  server.onRequest(() => ({ status: 400, body: { errors: [{ field: 'type', message: '"x", expected one of resize' }, { field: 'queue', message: 'expected default' }] } }));
  await assert.rejects(publisher.enqueue('x', 1), { name: 'Problem', status: 400, message: 'type: "x", expected one of resize; queue: expected default' });
  server.onRequest(() => 'cut');
  await assert.rejects(publisher.enqueue('x', 1, { retryForMs: 30 }), { name: 'Problem', status: 0 });
});

test('a program that ends sends what it has published', async () => {
  const source = `import { SSEPublisher } from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)};
    new SSEPublisher({ gatewayUrl: '${server.url}', serviceName: 'etl' }).publishLog('a', 'b', { message: 'the last words' });`;
  const child = run(source);
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.equal(server.requests[0].body.data.message, 'the last words');
});

test('a server that is away does not keep a program from ending, and what is lost by that is said', async () => {
  server.onRequest(() => 'cut');
  const source = `import { SSEPublisher } from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)};
    const publisher = new SSEPublisher({ gatewayUrl: '${server.url}', serviceName: 'etl', flushAtExit: false });
    publisher.publishLog('a', 'b', { message: 'nobody hears it' });
    process.once('beforeExit', () => publisher.close(50));`;
  const child = run(source, ['ignore', 'inherit', 'pipe']);
  let said = '';
  child.stderr.on('data', text => { said += text; });
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.match(said, /1 events were not published/);
});

test('an Express service publishes by req.tailrace, and its requests as logs without their queries', async () => {
  const app = express();
  app.use(withPublisher(publisher), publishRequests(publisher, { workspaceId: 'ws', only: r => r.url !== '/health' }));
  app.get('/orders', (request, response) => {
    void request.tailrace.publishAlert('ws', { severity: 'low' });
    response.status(404).json({});
  });
  app.get('/health', (_, response) => response.json({}));
  const listening = app.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const origin = `http://127.0.0.1:${listening.address().port}`;
  await fetch(`${origin}/health`);
  await fetch(`${origin}/orders?token=secret`);
  await publisher.flush();
  listening.closeAllConnections();
  listening.close();
  assert.deepEqual(server.requests.map(r => r.path), ['/channels/alerts:ws/events', '/channels/logs:ws:http/events']);
  const { data } = server.requests[1].body;
  assert.deepEqual([data.level, data.message, data.path, data.status], ['WARN', 'GET /orders 404', '/orders', 404]);
  assert.equal(typeof data.duration_ms, 'number');
});

test('what is missing to start is said', () => {
  // The tests against a real Tailrace have it.
  delete process.env.TAILRACE_URL;
  assert.throws(() => new SSEPublisher({ serviceName: 'etl' }), /gatewayUrl/);
  assert.throws(() => new SSEPublisher({ gatewayUrl: 'http://x' }), /serviceName/);
  assert.throws(() => publisher.publishLog('ws:other', 'wf', {}), /cannot be a part of a channel/);
});
