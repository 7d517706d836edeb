import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { until } from '../../../test-support/clock.js';
import { TestServer } from '../../../test-support/server.js';
import { TailraceClient } from '../src/index.js';

const FAST = { pauses: { firstMs: 10, maxMs: 40, maxAskedMs: 40 } };
let server;
let clients;

beforeEach(async () => {
  server = await new TestServer().start();
  clients = [];
});

afterEach(async () => {
  for (const each of clients) each.close();
  await server.stop();
});

function client(options = {}) {
  const made = new TailraceClient({ url: server.url, ...FAST, ...options });
  made.states = [];
  made.on('state', ({ state, reason }) => made.states.push(`${state} ${reason}`));
  clients.push(made);
  return made;
}

test('channels without a grant or of no namespace are told one by one, and the others are delivered', async () => {
  server.onStream(
    s => s.refuse(403, { type: 'forbidden', errors: [{ field: 'channels', message: 'logs:x' }] }),
    s => s.refuse(404, { type: 'undeclared-namespace', errors: [{ field: 'channels', message: 'bogus:1' }] }),
    s => s.refuse(400, { type: 'validation', errors: [{ field: 'channels[1]', message: 'channel "a b"' }] }),
    s => s.open(),
  );
  const told = [];
  const c = client();
  c.on('refused', refusal => told.push(refusal));
  const outcome = await c.subscribe(['news:a', 'logs:x', 'bogus:1', 'a b']).ready;
  assert.deepEqual(outcome.channels, ['news:a']);
  assert.deepEqual(told, [{ channel: 'logs:x', reason: 'forbidden' }, { channel: 'bogus:1', reason: 'undeclared' }, { channel: 'a b', reason: 'invalid' }]);
  assert.deepEqual(outcome.refused, told);
  assert.equal(server.streams.at(-1).query.get('channels'), 'news:a');
});

test('a 403 that names no channel is narrowed down to the channel', async () => {
  server.onStream(s => (s.channels.includes('logs:x') ? s.refuse(403, { type: 'forbidden' }) : s.open()));
  server.onRequest(({ body }) => {
    server.streams.at(-1).control('channels', {
      added: body.add.filter(a => a.channel !== 'logs:x').map(a => ({ channel: a.channel, start: { at: 'live' } })),
      refused: body.add.filter(a => a.channel === 'logs:x').map(a => ({ channel: a.channel, reason: 'forbidden' })),
    });
    return { status: 202 };
  });
  const outcome = await client().subscribe(['news:a', 'news:b', 'logs:x', 'news:c']).ready;
  assert.deepEqual(outcome, { channels: ['news:a', 'news:b', 'news:c'], refused: [{ channel: 'logs:x', reason: 'forbidden' }] });
});

test('when every channel is refused the connection rests', async () => {
  server.onStream(s => s.refuse(403, { type: 'forbidden', errors: [{ field: 'channels', message: 'logs:x' }] }));
  const c = client();
  assert.deepEqual(await c.subscribe('logs:x').ready, { channels: [], refused: [{ channel: 'logs:x', reason: 'forbidden' }] });
  await until(() => c.state === 'idle');
  assert.equal(server.streams.length, 1);
});

test('channels are added and removed on the open stream, each with its own start, and without a second connection', async () => {
  server.onStream(s => s.open());
  server.onRequest(({ body }) => {
    server.streams[0].control('channels', {
      added: (body.add ?? []).filter(a => a.channel !== 'logs:x').map(a => ({ channel: a.channel, start: { at: 'offset' } })),
      refused: (body.add ?? []).filter(a => a.channel === 'logs:x').map(a => ({ channel: a.channel, reason: 'forbidden' })),
      removed: (body.remove ?? []).map(channel => ({ channel })),
    }, 'c5');
    return { status: 202 };
  });
  const got = [];
  const c = client();
  const sub = c.subscribe('news:a', { start: 'live' }, d => got.push(d.channel));
  await sub.ready;
  assert.deepEqual(await sub.add(['news:b', 'logs:x'], { start: 'last:3' }),
    { channels: ['news:b'], refused: [{ channel: 'logs:x', reason: 'forbidden' }] });
  sub.remove('news:a');
  await server.requested(2);
  server.streams[0].event('news:a', 1).event('news:b', 2);
  await until(() => got.length > 0);
  assert.deepEqual(got, ['news:b']);
  assert.deepEqual(server.requests.map(r => [r.method, r.path, r.body]), [
    ['PATCH', '/events/conn-1', { add: [{ channel: 'news:b', start: 'last:3' }, { channel: 'logs:x', start: 'last:3' }], remove: [] }],
    ['PATCH', '/events/conn-1', { add: [], remove: ['news:a'] }],
  ]);
  assert.equal(server.streams.length, 1);
});

test('channels that begin otherwise than the first are added when the stream is open', async () => {
  server.onStream(s => s.open());
  server.onRequest(() => ({ status: 202 }));
  const c = client();
  c.subscribe('news:a', { start: 'live' });
  c.subscribe('news:b', { start: 'earliest' });
  const [patch] = await server.requested(1);
  assert.equal(server.streams[0].query.get('channels'), 'news:a');
  assert.deepEqual(patch.body.add, [{ channel: 'news:b', start: 'earliest' }]);
});

test('a change whose outcome does not come opens the stream anew with all channels', async () => {
  server.onStream(s => s.open());
  server.onRequest(() => ({ status: 202 }));
  const c = client({ changeMs: 30 });
  await c.subscribe('news:a').ready;
  const added = c.subscribe('news:b').ready;
  assert.deepEqual((await server.stream(2)).channels, ['news:a', 'news:b']);
  assert.deepEqual(await added, { channels: ['news:b'], refused: [] });
  assert.ok(c.states.includes('waiting change-lost'));
});

test('a channel whose access is revoked is told', async () => {
  server.onStream(s => s.open());
  const c = client();
  const sub = c.subscribe(['news:a', 'logs:x']);
  const told = [];
  sub.on('refused', refusal => told.push(refusal));
  await sub.ready;
  server.streams[0].control('channels', { removed: [{ channel: 'logs:x', reason: 'access_revoked' }] });
  await until(() => told.length > 0);
  assert.deepEqual(told, [{ channel: 'logs:x', reason: 'access_revoked' }]);
});

test('a thousand channels are one stream, and one more is told by the server', async () => {
  server.onStream(s => s.open());
  server.onRequest(({ body }) => {
    server.streams[0].control('channels', { refused: body.add.map(a => ({ channel: a.channel, reason: 'too_many_channels' })) });
    return { status: 202 };
  });
  const names = Array.from({ length: 1001 }, (_, i) => `news:c${i}`);
  const outcome = await client().subscribe(names).ready;
  assert.equal(outcome.channels.length, 1000);
  assert.deepEqual(outcome.refused, [{ channel: 'news:c1000', reason: 'too_many_channels' }]);
});

test('a channel that is subscribed to again is ready only when the server has said so again', async () => {
  server.onStream(s => s.open(), s => s.head());
  const c = client();
  const first = c.subscribe('news:a');
  await first.ready;
  first.close();
  await until(() => c.state === 'idle');
  const again = c.subscribe('news:a');
  let isReady = false;
  again.ready.then(() => { isReady = true; });
  const stream = await server.stream(2);
  assert.equal(stream.cursor, null, 'what nobody followed is not caught up with');
  await new Promise(resolve => { setTimeout(resolve, 30); });
  assert.equal(isReady, false);
  stream.write('event: stream.open\ndata: {"connection_id":"c","channels":[{"channel":"news:a","start":{"at":"live"}}]}\n\n');
  await again.ready;
});

test('a subscription that is made while there is no stream is ready when there is one', async () => {
  server.onStream(s => s.open(), s => s.head());
  const c = client();
  await c.subscribe('news:a').ready;
  server.streams[0].cut();
  const late = c.subscribe('news:a');
  const stream = await server.stream(2);
  const other = c.subscribe('news:a');
  let ready = 0;
  for (const sub of [late, other]) sub.ready.then(() => ready++);
  await until(() => c.state === 'connecting');
  await new Promise(resolve => { setTimeout(resolve, 30); });
  assert.ok(ready < 2);
  stream.write('event: stream.open\ndata: {"connection_id":"c","channels":[{"channel":"news:a","start":{"at":"live"}}]}\n\n');
  await until(() => ready === 2);
});

test('a channel that is given up before its outcome is there leaves the stream again', async () => {
  server.onStream(s => s.open()).onRequest(() => ({ status: 202 }));
  const c = client();
  await c.subscribe('news:a').ready;
  const sub = c.subscribe('news:b');
  await server.requested(1);
  await until(() => c.state === 'live');
  await new Promise(resolve => { setTimeout(resolve, 20); });
  sub.close();
  await new Promise(resolve => { setTimeout(resolve, 20); });
  server.streams[0].control('channels', { added: [{ channel: 'news:b', start: { at: 'live' } }] });
  const [, patch] = await server.requested(2);
  assert.deepEqual(patch.body, { add: [], remove: ['news:b'] });
});
