// What is kept beyond the page, in a database that behaves as a browser's (fake-indexeddb); browser.test.js has the real one.

import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { until } from '../../../test-support/clock.js';
import { FakeTransport } from '../../../test-support/fake-transport.js';
import { TailraceClient } from '../src/index.js';
import { openStore } from '../src/persistence.js';

const jwt = sub => `h.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.s`;
const token = jwt('dora');
let transport;
let opened;

beforeEach(() => {
  transport = new FakeTransport();
  opened = [];
});
afterEach(async () => {
  for (const { client, store } of opened) {
    await store.clear();
    client.close();
    await store.close();
  }
});

/** A page: a store, its client, and what its handler was given. */
async function page(options = {}, resume = true) {
  const all = { url: `http://${process.pid}.test`, token, saveMs: 1, ...options };
  const store = await openStore(all);
  const client = new TailraceClient({ ...all, transports: [transport], resume: resume ? store.resume : undefined, pauses: { firstMs: 1, maxMs: 5 } });
  const got = [];
  const made = { store, client, got, follow: (channels, start) => store.subscribe(client, channels, { start }, each => got.push(each.kind === 'event' ? each.data : each.kind)) };
  opened.push(made);
  return made;
}

/** The page goes. */
async function leave({ store, client }) {
  await store.close();
  client.close();
}

test('a page goes on where the last one has ended, with what that had', async () => {
  const first = await page();
  first.follow(['news:a', 'news:b']);
  await until(() => first.client.state === 'live');
  transport.last.event('news:a', 1);
  transport.last.event('news:b', 2);
  assert.equal(first.store.place, 'indexeddb');
  const { cursor } = first.client;
  await leave(first);
  const second = await page();
  assert.deepEqual(second.store.resume, { cursor, channels: ['news:a', 'news:b'] });
  assert.deepEqual(second.store.tail('news:a').map(each => each.data), [1]);
  second.follow(['news:a', 'news:b']);
  assert.deepEqual(second.got, [1, 2]);
  await until(() => transport.last.request.cursor === cursor);
});

test('a channel that is not resumed with the others is given what was kept, and a gap', async () => {
  const first = await page();
  first.follow(['news:a', 'news:b']);
  await until(() => first.client.state === 'live');
  transport.last.event('news:b', 1);
  await leave(first);
  const second = await page();
  second.follow('news:a');
  await until(() => second.client.state === 'live');
  second.follow('news:b', 'live');
  assert.deepEqual(second.got, [1, 'gap']);
  await leave(second);
  const third = await page({}, false);
  third.follow('news:b');
  assert.deepEqual(third.got, [1, 'gap', 'gap'], 'without resume nothing is known either');
});

test('a channel that is not on the stream yet when its page goes is not resumed by the next one, which begins it as it is asked for', async () => {
  const first = await page();
  first.follow('news:a');
  await until(() => first.client.state === 'live');
  transport.last.event('news:a', 1);
  // The page goes before the server has said anything of it.
  first.follow('news:b', 'last:50');
  await leave(first);
  const second = await page();
  assert.deepEqual(second.store.resume.channels, ['news:a']);
  second.follow('news:a');
  second.follow('news:b', 'last:50');
  await until(() => transport.last.changes.length > 0);
  assert.deepEqual(transport.last.request.channels.map(each => each.channel), ['news:a']);
  assert.deepEqual(transport.last.changes, [{ add: [{ channel: 'news:b', start: 'last:50' }], remove: [] }]);
});

test('of a channel that goes, by the page or by the server, neither position nor past stays', async () => {
  const first = await page();
  const removed = first.follow(['news:a', 'news:b']);
  const closed = first.follow('news:c');
  await until(() => first.client.state === 'live');
  for (const channel of ['news:a', 'news:b', 'news:c']) transport.last.event(channel, 1);
  removed.remove('news:b');
  closed.close();
  await leave(first);
  const { store } = await page();
  assert.deepEqual(store.resume.channels, ['news:a']);
  assert.deepEqual(['news:a', 'news:b', 'news:c'].map(channel => store.tail(channel).length), [1, 0, 0]);
});

test('the past is bounded in items and characters, and the newest stay', async () => {
  const first = await page({ maxItems: 3, maxChars: 1_000 });
  first.follow(['news:a', 'news:b']);
  await until(() => first.client.state === 'live');
  for (let n = 0; n < 20; n++) transport.last.event('news:a', n);
  for (let n = 0; n < 3; n++) transport.last.event('news:b', 'x'.repeat(400) + n);
  await leave(first);
  const { store } = await page();
  assert.deepEqual(store.tail('news:a').map(each => each.data), [17, 18, 19]);
  assert.deepEqual(store.tail('news:b').map(each => each.data.at(-1)), ['2']);
});

test('events that come again because a position could not be used are not given twice', async () => {
  const first = await page();
  first.follow('news:a');
  await until(() => first.client.state === 'live');
  transport.last.event('news:a', 1, 'e1');
  await leave(first);
  const second = await page();
  second.follow('news:a');
  await until(() => second.client.state === 'live');
  transport.last.event('news:a', 1, 'e1');
  transport.last.event('news:a', 2);
  assert.deepEqual(second.got, [1, 2]);
});

test('what is kept for one person is not given to another, nor kept at all where nobody is named', async () => {
  const first = await page();
  first.follow('news:a');
  await until(() => first.client.state === 'live');
  transport.last.event('news:a', 'secret');
  await leave(first);
  assert.equal((await page({ token: jwt('otto') })).store.resume, undefined);
  assert.equal((await page({ name: 'another page' })).store.resume, undefined);
  assert.equal((await page({ url: 'http://elsewhere.test' })).store.resume, undefined);
  const nobody = await page({ token: 'opaque' });
  assert.equal(nobody.store.place, 'memory');
  nobody.follow('news:a');
  await until(() => nobody.client.state === 'live');
  transport.last.event('news:a', 1);
  await leave(nobody);
  assert.equal((await page({ token: 'opaque' })).store.resume, undefined);
  const thrown = await page({ token: () => { throw new Error('no token'); } });
  assert.equal(thrown.store.place, 'memory');
  await (await page()).store.clear();
  assert.equal((await page()).store.resume, undefined);
});

test('where storage is refused the next page of this page goes on from memory, and the fault is told', async () => {
  const { open } = indexedDB;
  indexedDB.open = () => { throw new DOMException('denied', 'SecurityError'); };
  const faults = [];
  try {
    const first = await page({ onFault: fault => faults.push(fault.name) });
    assert.equal(first.store.place, 'memory');
    first.follow('news:a');
    await until(() => first.client.state === 'live');
    transport.last.event('news:a', 1);
    await leave(first);
    const second = await page();
    second.follow('news:a');
    assert.deepEqual(second.got, [1]);
    assert.deepEqual(faults, ['SecurityError']);
  } finally {
    indexedDB.open = open;
  }
});
