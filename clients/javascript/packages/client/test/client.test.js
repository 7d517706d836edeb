import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { fastClock, until } from '../../../test-support/clock.js';
import { TestServer } from '../../../test-support/server.js';
import { deliveries, TailraceClient } from '../src/index.js';

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

test('the states of a connection follow each other with their reasons', async () => {
  server.onStream(s => s.open({ at: 'offset' }).control('caught_up', {}, 'c1').cut(), s => s.open({ id: 'c1' }));
  const c = client();
  assert.equal(c.state, 'idle');
  const sub = c.subscribe('news:a');
  await until(() => c.states.length >= 6);
  sub.close();
  await until(() => c.state === 'idle');
  c.close();
  assert.deepEqual(c.states, ['connecting subscribed', 'catching-up opened', 'live caught-up', 'waiting network', 'connecting retry',
    'live opened', 'idle no-channels', 'closed closed-by-owner']);
});

test('ready comes only after the server has said so', async () => {
  server.onStream(s => s.head());
  const c = client();
  const sub = c.subscribe('news:a');
  let isReady = false;
  sub.ready.then(() => { isReady = true; });
  const stream = await server.stream(1);
  await new Promise(resolve => { setTimeout(resolve, 30); });
  assert.equal(isReady, false);
  stream.write('event: stream.open\ndata: {"connection_id":"c","channels":[{"channel":"news:a","start":{"at":"pending"}}]}\n\n');
  await until(() => c.state === 'catching-up');
  assert.equal(isReady, false, 'a channel whose log cannot be read yet is not ready');
  stream.control('channels', { available: [{ channel: 'news:a', start: { offset: 0 } }] });
  assert.deepEqual(await sub.ready, { channels: ['news:a'], refused: [] });
});

test('a resumed stream sends its cursor, and the token as a header', async () => {
  server.onStream(s => s.open().event('news:a', 1, { id: 'c1' }).cut(), s => s.open({ id: 'c1' }));
  client({ token: async () => 'secret' }).subscribe('news:a', { start: 'last:5' });
  const second = await server.stream(2);
  assert.equal(second.cursor, 'c1');
  assert.equal(second.token, 'secret');
  assert.equal(second.query.get('heartbeat'), '15');
  assert.ok(!second.request.url.includes('secret'));
});

test('handlers hear channels and types by pattern', async () => {
  server.onStream(s => s.open());
  const c = client();
  const sub = c.subscribe(['logs:ws1:a', 'logs:ws2:b', 'news:c']);
  const got = [];
  sub.on({ channel: 'logs:ws1:*' }, e => got.push(`ws1 ${e.data}`));
  sub.on({ channel: 'logs:**', type: 'log_*' }, e => got.push(`logs ${e.data}`));
  const off = sub.on({ type: 'headline' }, e => got.push(`headline ${e.data}`));
  await sub.ready;
  const stream = server.streams[0];
  stream.event('logs:ws1:a', 1, { type: 'log_line' }).event('logs:ws2:b', 2, { type: 'log_line' }).event('news:c', 3, { type: 'headline' });
  await until(() => got.length === 4);
  off();
  stream.event('news:c', 4, { type: 'headline' }).event('logs:ws1:a', 5, { type: 'other' });
  await until(() => got.length === 5);
  assert.deepEqual(got, ['ws1 1', 'logs 1', 'logs 2', 'headline 3', 'ws1 5']);
});

test('a gap that nobody listened to yet is told to the first who does, and once', async () => {
  server.onStream(s => s.open().control('gap', { channels: ['news:a'], from: 1, to: 4, lost: 3 }, 'c4').control('reset', { reason: 'truncated', channels: [] }));
  const c = client();
  const seen = [];
  c.on('reset', reset => seen.push(reset.reason));
  const sub = c.subscribe('news:a');
  await until(() => seen.length > 0);
  const got = [];
  sub.on('gap', gap => got.push(gap.lost));
  sub.on('gap', gap => got.push(gap.lost));
  sub.on('reset', reset => got.push(reset.reason));
  assert.deepEqual(got, [3, 'truncated']);
});

test('a reset that the start of a channel tells is told, also when the connection breaks before the event of its own', async () => {
  server.onStream(s => s.open({ id: 'c7', start: { reset: 'truncated' } }).cut());
  server.onStream(s => s.open({ id: 'c7' }).control('caught_up'));
  const c = client();
  const resets = [];
  c.on('reset', reset => resets.push(reset));
  c.subscribe('news:a');
  await until(() => c.state === 'live');
  assert.deepEqual(resets.map(({ reason, channels }) => ({ reason, channels })), [{ reason: 'truncated', channels: ['news:a'] }]);
});

test('a reset that the start of a channel has told is not told again by its event, and the next one is', async () => {
  server.onStream(s => s.open({ start: { reset: 'truncated' } })
    .control('reset', { reason: 'truncated', channels: [{ channel: 'news:a', start: { offset: 3 } }] })
    .control('reset', { reason: 'truncated', channels: [{ channel: 'news:a', start: { offset: 2 } }] }).control('caught_up').event('news:a', 1, { id: 'c1' }));
  const c = client();
  const told = [];
  const events = [];
  c.on('reset', reset => told.push(reset.reason));
  c.subscribe('news:a', {}, each => { if (each.kind === 'event') events.push(each); });
  // It stands behind both; the stream is live from its opening on.
  await until(() => events.length > 0);
  assert.deepEqual(told, ['truncated', 'truncated']);
});

test('a second subscription to a channel gets what was kept of it, and is told if that is not all', async () => {
  server.onStream(s => s.open().event('news:a', 1, { id: 'c1' }).event('news:a', 2, { id: 'c2' }));
  const c = client();
  const first = [];
  c.subscribe('news:a', d => first.push(d));
  await until(() => first.length === 2);
  const second = [];
  c.subscribe('news:a', { start: 'last:1' }, d => second.push(d.data));
  const third = [];
  c.subscribe('news:a', { start: 'last:10' }, d => third.push(d.reason ?? d.data));
  await until(() => third.length === 3);
  server.streams[0].event('news:a', 3);
  await until(() => third.length === 4);
  assert.deepEqual(second, [2, 3]);
  assert.deepEqual(third, ['joined-late', 1, 2, 3]);
});

test('a handler that throws harms nobody else and is reported', async () => {
  server.onStream(s => s.open().event('news:a', 1).event('news:a', 2));
  const c = client();
  const faults = [];
  const got = [];
  c.on('error', fault => faults.push(fault.message));
  c.subscribe('news:a', () => { throw new Error('mine'); });
  c.subscribe('news:a', d => got.push(d.data));
  await until(() => got.length === 2);
  assert.deepEqual(faults, ['mine', 'mine']);
});

test('an iterator gives everything in order, and leaving it ends the subscription', async () => {
  server.onStream(s => s.open().event('news:a', 1).control('gap', { channels: ['news:a'], lost: 2 }).event('news:a', 4));
  const c = client();
  const got = [];
  for await (const each of deliveries(c.subscribe('news:a'))) {
    got.push(each.kind === 'event' ? each.data : each.kind);
    if (each.data === 4) break;
  }
  assert.deepEqual(got, [1, 'gap', 4]);
  await until(() => c.state === 'idle');
});

test('a loop that is too slow is told how much it has lost', async () => {
  server.onStream(s => s.open());
  const c = client();
  const sub = c.subscribe('news:a');
  const loop = deliveries(sub, { maxWaiting: 2 });
  const first = loop.next();
  await sub.ready;
  let seen = 0;
  sub.on('event', () => seen++);
  for (let i = 1; i <= 5; i++) server.streams[0].event('news:a', i);
  await until(() => seen === 5);
  const got = [await first, await loop.next(), await loop.next()].map(({ value }) => value.data ?? value);
  assert.equal(got[0], 1);
  assert.equal(got[1], 2);
  assert.ok([3].includes(got[2]) || got[2].reason === 'slow-reader', JSON.stringify(got[2]));
  const rest = got[2].lost ?? (await loop.next()).value.lost;
  assert.ok(rest >= 2, 'the rest is told');
  await loop.return();
});

test('a connection that goes silent is given up by the watchdog', async () => {
  server.onStream(s => s.open().event('news:a', 1, { id: 'c1' }), s => s.open({ id: 'c1' }));
  const c = client({ heartbeatSeconds: 1, clock: fastClock(10) });
  c.subscribe('news:a');
  assert.equal((await server.stream(2)).cursor, 'c1');
  assert.ok(c.states.includes('waiting silent'), c.states.join());
});

test('a page that was frozen does not take a living connection for a dead one', async () => {
  let offset = 0;
  server.onStream(s => { s.open(); s.timer = setInterval(() => s.control('heartbeat'), 20); s.closed.then(() => clearInterval(s.timer)); });
  const c = client({ heartbeatSeconds: 1, clock: { ...fastClock(1), now: () => performance.now() + offset } });
  await c.subscribe('news:a').ready;
  offset += 3_600_000;
  await new Promise(resolve => { setTimeout(resolve, 1300); });
  assert.equal(server.streams.length, 1);
  assert.equal(c.state, 'live');
});

test('a server that answers HTML, or nothing, is tried again for ever', async () => {
  server.onStream(s => s.head('text/html').write('<html>').end(), () => {}, s => s.refuse(503, { type: 'unavailable' }, { 'Retry-After': '1' }),
    s => s.refuse(429, { type: 'too-many-streams' }), s => s.refuse(500, { type: 'x' }), s => s.cut(), s => s.open());
  const c = client({ clock: fastClock(2), openMs: 3000 });
  await c.subscribe('news:a').ready;
  assert.deepEqual(c.states.filter(s => s.startsWith('waiting')), ['waiting not-a-stream', 'waiting no-answer', 'waiting status', 'waiting rate-limited', 'waiting status', 'waiting network']);
});

test('a planned close comes back, and a frame that never ends is refused', async () => {
  server.onStream(s => s.open().control('closing', { reason: 'draining', reconnect: true }),
    s => s.open().write(`data: ${'x'.repeat(9 * 1024 * 1024)}`), s => s.open());
  const c = client();
  c.subscribe('news:a');
  await server.stream(3);
  assert.ok(c.states.includes('waiting draining'));
  assert.ok(c.states.includes('waiting frame-too-large'), c.states.join());
});

test('data that is no JSON is a gap with its text, and what follows is delivered', async () => {
  server.onStream(s => s.open().write('event: counted\ndata: {"channel":\n\n').event('news:a', 2));
  const got = [];
  client().subscribe('news:a', d => got.push(d));
  await until(() => got.length === 2);
  assert.deepEqual(got[0], { kind: 'gap', reason: 'unreadable', channels: [], lost: 1, raw: '{"channel":' });
  assert.equal(got[1].data, 2);
});

test('waking tries at once what would wait', async () => {
  server.onStream(s => s.refuse(503, { type: 'unavailable' }), s => s.open());
  const clock = fastClock(1);
  let offset = 0;
  const c = client({ pauses: { firstMs: 60_000, maxMs: 60_000 }, clock: { ...clock, now: () => clock.now() + offset } });
  c.subscribe('news:a');
  await until(() => c.state === 'waiting');
  c.wake();
  assert.equal(c.state, 'waiting', 'not within a second of the failure');
  offset = 2000;
  c.wake();
  await until(() => c.state === 'live');
});

test('a cursor that the server does not know is a reset, and the stream begins anew', async () => {
  server.onStream(s => s.open().event('news:a', 1, { id: 'c1' }).cut(), s => s.refuse(400, { type: 'invalid-cursor' }), s => s.open());
  const got = [];
  const c = client();
  c.subscribe('news:a', d => got.push(d.reason ?? d.data));
  assert.equal((await server.stream(3)).cursor, null);
  await until(() => c.state === 'live');
  assert.deepEqual(got, [1, 'malformed']);
});
