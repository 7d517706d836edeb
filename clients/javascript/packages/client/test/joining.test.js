// Subscribing to a channel that is on the stream already, or is on its way there or away: what comes, and in which order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeTransport } from '../../../test-support/fake-transport.js';
import { until } from '../../../test-support/clock.js';
import { TestServer } from '../../../test-support/server.js';
import { TailraceClient } from '../src/index.js';

const turn = () => new Promise(resolve => { setImmediate(resolve); });
const told = list => each => list.push(each.kind === 'event' ? each.data : each.reason);

/** A client whose stream is open with news:a, live. */
async function open(transport = new FakeTransport()) {
  const client = new TailraceClient({ url: 'http://fake', transports: [transport], pauses: { firstMs: 10, maxMs: 20 } });
  const first = [];
  const subscription = client.subscribe('news:a', { start: 'live' }, told(first));
  await turn();
  return { client, transport, subscription, first };
}

test('a handler that subscribes to its channel has the past first, then what the same piece of the stream brings', async () => {
  const { client, transport, first } = await open();
  const second = [];
  transport.last.event('news:a', 1);
  client.subscribe('news:a', { start: 'live' }, each => {
    if (each.data === 2) client.subscribe('news:a', { start: 'last:2' }, told(second));
  });
  // In one turn, as frames that arrive together.
  for (const n of [2, 3, 4]) transport.last.event('news:a', n);
  await turn();
  transport.last.event('news:a', 5);
  assert.deepEqual(first, [1, 2, 3, 4, 5]);
  assert.deepEqual(second, [3, 4, 5]);
  client.close();
});

test('who wants the past of a channel that another has asked for without it is told that it is missing', async () => {
  const transport = new FakeTransport(() => {});
  const client = new TailraceClient({ url: 'http://fake', transports: [transport] });
  const got = [];
  client.subscribe('news:a', { start: 'live' });
  client.subscribe('news:a', { start: 'last:3' }, told(got));
  await turn();
  transport.last.open();
  transport.last.event('news:a', 7);
  assert.deepEqual(got, ['joined-late', 7]);
  client.close();
});

test('who gives up a channel and wants its past again in the same turn is told that it is missing', async () => {
  const { client, transport, subscription } = await open();
  transport.last.event('news:a', 1);
  const got = [];
  subscription.close();
  client.subscribe('news:a', { start: 'last:3' }, told(got));
  await turn();
  transport.last.event('news:a', 2);
  assert.deepEqual(got, ['joined-late', 2]);
  assert.deepEqual(transport.last.changes, [], 'the channel has stayed on the stream');
  client.close();
});

test('who gives up a channel and wants its past again while there is no stream has it, though the cursor has a position on the channel', async () => {
  const { client, transport, subscription } = await open();
  client.subscribe('news:b', { start: 'live' });
  await turn();
  transport.last.event('news:a', 1);
  transport.last.end();
  subscription.close();
  const got = [];
  client.subscribe('news:a', { start: 'last:3' }, told(got));
  await until(() => client.state === 'live');
  await turn();
  // From a cursor the server would go on, whatever the start.
  assert.deepEqual(transport.last.request.channels, [{ channel: 'news:b', start: undefined }]);
  assert.notEqual(transport.last.request.cursor, null);
  assert.deepEqual(transport.last.changes, [{ add: [{ channel: 'news:a', start: 'last:3' }], remove: [] }]);
  for (const n of [0, 1, 2]) transport.last.event('news:a', n);
  assert.deepEqual(got, [0, 1, 2]);
  client.close();
});

test('a channel whose outcome came without a cursor begins as it was asked for if the connection breaks before the next one', async () => {
  // As the server does when a channel is reset at the same time: the cursor comes with the last `stream.reset`.
  const { client, transport } = await open(new FakeTransport(undefined, stream => stream.outcome(null)));
  transport.last.event('news:a', 1);
  const got = [];
  client.subscribe('news:b', { start: 'earliest' }, told(got));
  await until(() => client.state === 'live' && transport.last.changes.length === 1);
  await turn();
  transport.last.end();
  await until(() => transport.openStreams.length === 1 && client.state === 'live');
  const { channels, cursor } = transport.last.request;
  assert.deepEqual(channels.map(each => each.channel), ['news:a', 'news:b']);
  assert.equal(channels[1].start, 'earliest');
  assert.notEqual(cursor, null);
  client.close();
});

test('when all channels are given up and wanted anew while there is no stream, the next one begins without a cursor', async () => {
  const { client, transport, subscription } = await open();
  transport.last.event('news:a', 1);
  transport.last.end();
  subscription.close();
  client.subscribe('news:a', { start: 'last:3' });
  await until(() => client.state === 'live');
  assert.deepEqual(transport.last.request.channels, [{ channel: 'news:a', start: 'last:3' }]);
  assert.equal(transport.last.request.cursor, null);
  client.close();
});

test('a channel that is given up and wanted anew while its stream is opened leaves it and begins again', async () => {
  const transport = new FakeTransport(() => {});
  const client = new TailraceClient({ url: 'http://fake', transports: [transport] });
  const got = [];
  const first = client.subscribe('news:a', { start: 'live' });
  client.subscribe('news:b', { start: 'live' });
  await turn();
  first.close();
  client.subscribe('news:a', { start: 'last:3' }, told(got));
  transport.last.open();
  transport.last.event('news:a', 2);
  await turn();
  assert.deepEqual(transport.last.changes, [{ add: [], remove: ['news:a'] }, { add: [{ channel: 'news:a', start: 'last:3' }], remove: [] }]);
  for (const n of [0, 1, 2]) transport.last.event('news:a', n);
  assert.deepEqual(got, [0, 1, 2]);
  client.close();
});

test('what was on its way when a channel was given up is nothing of the subscription that comes after', async () => {
  const { client, transport, subscription } = await open();
  client.subscribe('news:b', { start: 'live' });
  await turn();
  const stream = transport.last;
  subscription.close();
  await turn();
  const got = [];
  // The server has not taken it out yet, and brings it anew with its past.
  const subscribed = client.subscribe('news:a', { start: 'last:2' }, told(got));
  stream.event('news:a', 1);
  await turn();
  await subscribed.ready;
  for (const n of [4, 5]) stream.event('news:a', n);
  assert.deepEqual(got, [4, 5]);
  client.close();
});

test('the outcome of a change may come before its answer, and what follows it is delivered', async () => {
  const server = await new TestServer().start();
  const client = new TailraceClient({ url: server.url });
  const got = [];
  try {
    server.onStream(s => s.open());
    server.onRequest(async ({ body: { add = [], remove = [] } }) => {
      const stream = server.streams[0];
      stream.control('channels', { added: add.map(({ channel }) => ({ channel, start: { at: 'live' } })), removed: remove.map(channel => ({ channel })) });
      if (add.length > 0) {
        stream.event('news:b', 1);
        await until(() => got.length >= 1);
      }
      return { status: 202 };
    });
    const first = client.subscribe('news:a');
    await first.ready;
    await client.subscribe('news:b', told(got)).ready;
    await server.requested(1);
    server.streams[0].event('news:b', 2);
    await until(() => got.length === 2);
    first.close();
    await server.requested(2);
    server.streams[0].event('news:b', 3);
    await until(() => got.length === 3);
    assert.deepEqual(got, [1, 2, 3]);
    assert.equal(server.streams.length, 1);
  } finally {
    client.close();
    await server.stop();
  }
});
