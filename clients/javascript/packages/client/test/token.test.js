import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { fastClock, until } from '../../../test-support/clock.js';
import { TestServer } from '../../../test-support/server.js';
import { TailraceClient } from '../src/index.js';
import { TokenSource } from '../src/token-source.js';

const PAUSES = { firstMs: 10, maxMs: 40, maxAskedMs: 40 };
let server;
let client;

beforeEach(async () => { server = await new TestServer().start(); });

afterEach(async () => {
  client?.close();
  await server.stop();
});

const jwt = claims => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

test('a token that is due is renewed in place: the stream goes on', async () => {
  server.onStream(s => s.open()).onRequest(() => ({ status: 202 }));
  const now = Math.floor(Date.now() / 1000);
  let asked = 0;
  client = new TailraceClient({ url: server.url, token: async () => jwt({ n: ++asked, iat: now, exp: now + 60 }), clock: fastClock(100), heartbeatSeconds: 300, openMs: 3_000_000 });
  client.subscribe('news:a');
  const [first] = await server.requested(1);
  assert.deepEqual([first.method, first.path, first.body], ['PATCH', '/events/conn-1', {}]);
  assert.equal(JSON.parse(Buffer.from(first.headers.authorization.split('.')[1], 'base64url')).n, 2);
  await server.requested(2);
  assert.equal(server.streams.length, 1);
});

test('a renewal that does not succeed is tried again, and the server is asked no more than that', async () => {
  server.onStream(s => s.open()).onRequest((_, n) => ({ status: n < 3 ? 503 : 202 }));
  client = new TailraceClient({ url: server.url, token: async () => 't', pauses: PAUSES });
  await client.subscribe('news:a').ready;
  await client.renewToken();
  await server.requested(3);
  assert.equal(server.streams.length, 1);
});

test('a stream whose token is over comes back at once with another one, at its position', async () => {
  server.onStream(s => s.open().event('news:a', 1, { id: 'c1' }).control('closing', { reason: 'token_expired', reconnect: false }).end(), s => s.open({ id: 'c1' }));
  const tokens = ['one', 'two'];
  client = new TailraceClient({ url: server.url, token: async () => tokens.shift(), pauses: { firstMs: 60_000, maxMs: 60_000 } });
  client.subscribe('news:a');
  const second = await server.stream(2);
  assert.equal(second.token, 'two');
  assert.equal(second.cursor, 'c1');
});

test('a 401 asks for another token and says which one was refused', async () => {
  server.onStream(s => (s.token === 'good' ? s.open() : s.refuse(401, { type: 'unauthorized' })));
  const refusals = [];
  client = new TailraceClient({ url: server.url, token: ({ refused }) => { refusals.push(refused); return refused === 'bad' ? 'good' : 'bad'; }, pauses: PAUSES });
  await client.subscribe('news:a').ready;
  assert.deepEqual(refusals, [null, 'bad']);
});

test('a token callback that throws is asked again, and the connection says so', async () => {
  server.onStream(s => s.open());
  let asked = 0;
  client = new TailraceClient({ url: server.url, token: () => { if (++asked < 3) throw new Error('the login server is away'); return 't'; }, pauses: PAUSES });
  const faults = [];
  client.on('state', change => { if (change.error) faults.push(change.error.message); });
  await client.subscribe('news:a').ready;
  assert.deepEqual(faults, Array(2).fill('the token callback failed: the login server is away'));
});

test('a token callback that never answers is given up and asked again', async () => {
  server.onStream(s => s.open());
  let asked = 0;
  client = new TailraceClient({ url: server.url, token: () => (++asked === 1 ? new Promise(() => {}) : 't'), tokenTimeoutMs: 20, pauses: PAUSES });
  const reasons = [];
  client.on('state', change => reasons.push(change.reason));
  await client.subscribe('news:a').ready;
  assert.ok(reasons.includes('token-callback'));
});

test('a clock that is years ahead does not make a token be renewed without end', async () => {
  let asked = 0;
  const source = new TokenSource(() => { asked++; return jwt({ iat: 1_000_000, exp: 1_003_600 }); });
  await source.get();
  await source.get();
  assert.equal(asked, 1);
  assert.ok(source.dueInMs > 3_000_000);
});

test('one call of the callback serves all who ask at once', async () => {
  let asked = 0;
  const source = new TokenSource(async () => { asked++; return 't'; });
  assert.deepEqual(await Promise.all([source.get(), source.get()]), ['t', 't']);
  assert.equal(asked, 1);
  await until(() => true);
});
