// A tab that does not read, because it is frozen or its handlers take long: what waits for it is bounded, and it goes on where it was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeTransport } from '../../../test-support/fake-transport.js';
import { until } from '../../../test-support/clock.js';
import { TailraceClient } from '../src/index.js';
import { Hub } from '../src/shared/hub.js';

const turn = () => new Promise(resolve => { setImmediate(resolve); });

/** About ten events. */
const BEHIND_CHARS = 1_100;

function tab(hub, name) {
  const told = [];
  const port = { isReleased: false, release: () => { port.isReleased = true; }, post: message => { told.push(message); } };
  const attach = (position, since) => hub.receive(port, {
    op: 'attach', tab: name, token: null, hasToken: false, position, subs: [{ id: 1, channels: [{ channel: 'news:a', start: 'live', since }] }],
  });
  return {
    port, told, attach,
    /** Reads what it was sent since. @returns {{data: number[], position: any, read: number | undefined}} */
    takes() {
      const all = told.splice(0);
      const batches = all.filter(({ op }) => op === 'batch' || op === 'welcome');
      const { seq, cursor } = batches.at(-1) ?? {};
      return {
        ops: all.map(({ op }) => op), data: batches.flatMap(({ items }) => items).filter(({ what }) => what.kind === 'event').map(({ what }) => what.data),
        position: { hub: batches.find(({ hub }) => hub)?.hub, epoch: 1, seq, cursor }, read: batches.findLast(({ read }) => read)?.read,
      };
    },
  };
}

async function hubOf(t) {
  const transport = new FakeTransport();
  const hub = new Hub(more => new TailraceClient({ url: 'http://fake', transports: [transport], ...more }), { gatherMs: 1, behindChars: BEHIND_CHARS });
  t.after(() => hub.close());
  return { hub, transport };
}

async function brings(transport, from, to) {
  for (let n = from; n <= to; n++) {
    transport.last.event('news:a', n);
    await turn();
  }
}

const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('a tab that does not read is sent no more than the bound, the others go on, and it goes on where it was when it has read', async t => {
  const { hub, transport } = await hubOf(t);
  const [slow, quick] = [tab(hub, 'slow'), tab(hub, 'quick')];
  slow.attach(null, null);
  quick.attach(null, null);
  await until(() => transport.streams.length > 0);
  await turn();
  const had = [];
  for (let n = 1; n <= 100; n++) {
    await brings(transport, n, n);
    const { data, read } = quick.takes();
    had.push(...data);
    if (read) hub.receive(quick.port, { op: 'read', chars: read });
  }
  assert.deepEqual(had, numbers(1, 100));
  const { data, position, read } = slow.takes();
  assert.ok(data.length >= 5 && data.length <= 12, `it was sent ${data.length} events`);
  assert.deepEqual(data, numbers(1, data.length));
  assert.ok(slow.port.isReleased);

  hub.receive(slow.port, { op: 'read', chars: read });
  assert.deepEqual(slow.takes().ops, ['unknown']);
  slow.attach(position, 1);
  await turn();
  assert.deepEqual(slow.takes().data, numbers(data.length + 1, 100));
  assert.equal(transport.streams.length, 1);
});

test('when the only tab does not read there is no connection until it has read, and then it goes on at its cursor', async t => {
  const { hub, transport } = await hubOf(t);
  const slow = tab(hub, 'slow');
  slow.attach(null, null);
  await until(() => transport.streams.length > 0);
  await turn();
  await brings(transport, 1, 15);
  assert.ok(transport.last.closed);

  const { position, read } = slow.takes();
  hub.receive(slow.port, { op: 'read', chars: read });
  assert.deepEqual(slow.takes().ops, ['unknown']);
  slow.attach(position, 1);
  await until(() => transport.streams.length > 1);
  assert.equal(transport.last.request.cursor, position.cursor);
});

test('a tab that was let go and asks whether its owner lives is not told a position of which it has not had what came before', async t => {
  const { hub, transport } = await hubOf(t);
  const [slow, quick] = [tab(hub, 'slow'), tab(hub, 'quick')];
  slow.attach(null, null);
  quick.attach(null, null);
  await until(() => transport.streams.length > 0);
  await turn();
  slow.takes();
  // All in one turn: it is let go by its own question.
  for (let n = 1; n <= 30; n++) transport.last.event('news:a', n);
  hub.receive(slow.port, { op: 'ping' });
  assert.deepEqual(slow.takes().ops, ['unknown']);
});
