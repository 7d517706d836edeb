import 'fake-indexeddb/auto';
import { TailraceClient } from '@tailrace/client';
import { SharedClient } from '@tailrace/client/shared';
import { act, StrictMode, Suspense, use, useEffect } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeTransport } from '../../../test-support/fake-transport.js';
import { systemClock } from '../../client/src/backoff.js';
import { hubOf } from '../../client/src/shared/carriers.js';
import { SSEProvider, useConnection, usePublish, useSSESubscription, useTailraceClient, withSSE } from '../src/index.js';
import { cleanUp, h, render, until } from './render.js';

let transport;
let renderings;

beforeEach(() => {
  transport = new FakeTransport();
  renderings = 0;
});
afterEach(cleanUp);

/** Longer than two renderings take on a machine that is busy. */
const REMOVE_AFTER_MS = 400;
const provider = (props, ...children) => h(SSEProvider, { gatewayUrl: 'http://x', transports: [transport], removeAfterMs: REMOVE_AFTER_MS, pauses: { firstMs: 5, maxMs: 10 }, ...props }, ...children);

function Logs({ channels, name = 'logs', ...options }) {
  const sse = useSSESubscription(channels, options);
  renderings++;
  globalThis[name] = sse;
  return h('p', { id: name }, JSON.stringify(options.accumulate ? sse.data.map(e => e.data ?? e) : sse.data?.data ?? sse.data ?? null));
}

const text = (box, name = 'logs') => box.querySelector(`#${name}`).textContent;

test('a component shows live events with one hook', async () => {
  const { box } = await render(provider({}, h(Logs, { channels: ['news:a'], accumulate: true })));
  await until(() => globalThis.logs.isConnected);
  expect(globalThis.logs.connectionStatus).toBe('live');
  transport.last.event('news:a', 1);
  transport.last.event('news:a', 2);
  await until(() => text(box) === '[1,2]');
  expect(globalThis.logs.lastMessage.data).toBe(2);
  expect(globalThis.logs.error).toBe(null);
  await act(async () => { globalThis.logs.clear(); });
  expect(text(box)).toBe('[]');
});

test('without accumulate the data is the last one, and transform makes it', async () => {
  const { box } = await render(provider({}, h(Logs, { channels: 'news:a', transform: e => (e.data < 0 ? undefined : e.data * 10) })));
  await until(() => globalThis.logs.isConnected);
  transport.last.event('news:a', 1);
  transport.last.event('news:a', 7);
  transport.last.event('news:a', -1);
  await until(() => text(box) === '70');
});

test('StrictMode subscribes once: one stream, and each event once', async () => {
  const { box } = await render(h(StrictMode, null, provider({}, h(Logs, { channels: ['news:a'], accumulate: true }))));
  await until(() => globalThis.logs.isConnected);
  await new Promise(resolve => { setTimeout(resolve, 2 * REMOVE_AFTER_MS); });
  expect(transport.openStreams.length).toBe(1);
  expect(transport.streams.length).toBe(1);
  transport.last.event('news:a', 1);
  await until(() => text(box) === '[1]');
  expect(transport.last.changes).toEqual([]);
});

test('components that want the same channels share one stream, and a channel goes a moment after its last component', async () => {
  const two = show => provider({}, h(Logs, { key: 1, channels: ['news:a', 'news:b'] }), show && h(Logs, { key: 2, name: 'other', channels: ['news:b', 'news:c'] }));
  const { update } = await render(two(true));
  await until(() => globalThis.logs.isConnected);
  expect(transport.last.request.channels.map(c => c.channel)).toEqual(['news:a', 'news:b', 'news:c']);
  await update(two(false));
  await update(two(true));
  await act(async () => { await new Promise(resolve => { setTimeout(resolve, 2 * REMOVE_AFTER_MS); }); });
  expect(transport.last.changes, 'one that comes back in time does not leave').toEqual([]);
  await update(two(false));
  await until(() => transport.last.changes.length === 1);
  expect(transport.last.changes[0]).toEqual({ add: [], remove: ['news:c'] });
  expect(transport.streams.length).toBe(1);
});

test('other channels show nothing of the ones before', async () => {
  const { box, update } = await render(provider({}, h(Logs, { channels: ['news:a'], accumulate: true })));
  await until(() => globalThis.logs.isConnected);
  transport.last.event('news:a', 1);
  await until(() => text(box) === '[1]');
  await update(provider({}, h(Logs, { channels: ['news:b'], accumulate: true })));
  expect(text(box)).toBe('[]');
  await until(() => transport.last.changes.some(change => change.add.length > 0));
  transport.last.event('news:b', 2);
  await until(() => text(box) === '[2]');
});

test('maxItems bounds what is kept, and many events are one rendering', async () => {
  const { box } = await render(provider({}, h(Logs, { channels: ['news:a'], accumulate: true, maxItems: 200 })));
  await until(() => globalThis.logs.isConnected);
  const before = renderings;
  await act(async () => { for (let i = 0; i < 50_000; i++) transport.last.event('news:a', i, `e${i}`); });
  await until(() => JSON.parse(text(box)).at(-1) === 49_999);
  expect(JSON.parse(text(box)).length).toBe(200);
  expect(renderings - before).toBeLessThan(20);
});

test('an inline transform does not subscribe anew at each rendering', async () => {
  const element = n => provider({}, h(Logs, { channels: ['news:a'], transform: e => e.data + n }));
  const { box, update } = await render(element(100));
  await until(() => globalThis.logs.isConnected);
  await update(element(200));
  transport.last.event('news:a', 1);
  await until(() => text(box) === '201');
  expect(transport.streams.length).toBe(1);
  expect(transport.last.changes).toEqual([]);
});

test('a gap, a refusal and a transform that throws are errors of the hook', async () => {
  await render(provider({}, h(Logs, { channels: ['news:a'], transform: e => e.data.text.length })));
  await until(() => globalThis.logs.isConnected);
  await act(async () => { transport.last.frame('stream.gap', { channels: ['news:a'], lost: 3 }); });
  expect(globalThis.logs.error.name).toBe('Interrupted');
  expect(globalThis.logs.error.delivery.lost).toBe(3);
  await act(async () => { transport.last.event('news:a', {}); });
  expect(globalThis.logs.error.name).toBe('TypeError');
  await act(async () => { transport.last.frame('stream.channels', { removed: [{ channel: 'news:a', reason: 'access_revoked' }] }); });
  await until(() => globalThis.logs.error?.message === 'news:a: access_revoked');
  expect(globalThis.logs.error.name).toBe('Refused');
  expect(globalThis.logs.error.refusal).toEqual({ channel: 'news:a', reason: 'access_revoked' });
});

test('that something is missing stays told when the connection goes and comes back', async () => {
  await render(provider({}, h(Logs, { channels: ['news:a'] })));
  await until(() => globalThis.logs.isConnected);
  await act(async () => { transport.last.frame('stream.gap', { channels: ['news:a'], lost: 3 }); transport.last.end(); });
  await until(() => globalThis.logs.connectionStatus === 'live');
  expect(globalThis.logs.error.name).toBe('Interrupted');
  await act(async () => { globalThis.logs.clear(); });
  expect(globalThis.logs.error).toBe(null);
});

test('a connection that goes is told and comes back', async () => {
  let offset = 0;
  let connection;
  function Panel() {
    connection = useConnection();
    return null;
  }
  // A pause that ends when the test says so.
  const options = { pauses: { firstMs: 60_000, maxMs: 60_000 }, clock: { ...systemClock, now: () => performance.now() + offset } };
  await render(provider(options, h(Panel), h(Logs, { channels: ['news:a'] })));
  await until(() => globalThis.logs.isConnected);
  await act(async () => { transport.last.end(); });
  expect(globalThis.logs.connectionStatus).toBe('waiting');
  expect(globalThis.logs.error.reason).toBe('ended');
  offset = 2000;
  await act(async () => { connection.wake(); });
  await until(() => globalThis.logs.connectionStatus === 'live');
  expect(globalThis.logs.error).toBe(null);
  expect(transport.last.request.cursor).toBe('c0');
});

test('a server renders what there is before there is a connection', () => {
  const html = renderToString(provider({}, h(Logs, { channels: ['news:a'], accumulate: true })));
  expect(html).toBe('<p id="logs">[]</p>');
  expect(transport.streams.length).toBe(0);
});

test('a component that suspends subscribes when it is shown', async () => {
  let resolve;
  const promise = new Promise(r => { resolve = r; });
  function Later() {
    use(promise);
    return h(Logs, { channels: ['news:a'] });
  }
  const { box } = await render(h(StrictMode, null, provider({}, h(Suspense, { fallback: 'wait' }, h(Later)))));
  expect(box.textContent).toBe('wait');
  expect(transport.streams.length).toBe(0);
  await act(async () => { resolve(); });
  await until(() => transport.openStreams.length === 1);
});

test('what is kept is there after the page was opened anew, and nothing twice', async () => {
  const element = () => provider({ user: 'dora' }, h(Logs, { channels: ['news:a'], accumulate: true, maxItems: 5, persistence: true, persistenceKey: 'k' }));
  const first = await render(element());
  await until(() => globalThis.logs.isConnected);
  expect(new URL(transport.last.request.url).searchParams.get('start')).toBe('last:5');
  transport.last.event('news:a', 1, 'e1');
  transport.last.event('news:a', 2, 'e2');
  await until(() => text(first.box) === '[1,2]');
  await act(async () => { await new Promise(resolve => { setTimeout(resolve, 600); }); });
  await first.unmount();
  const second = await render(element());
  await until(() => text(second.box) === '[1,2]');
  transport.last.event('news:a', 2, 'e2');
  transport.last.event('news:a', 3, 'e3');
  await until(() => text(second.box) === '[1,2,3]');
});

test('what storage does not take is shown all the same', async () => {
  // A function cannot be stored.
  const { box } = await render(provider({ user: 'dora' }, h(Logs, { channels: ['news:q'], accumulate: true, persistence: true, transform: e => Object.assign(() => e, { data: e.data }) })));
  await until(() => globalThis.logs.isConnected);
  transport.last.event('news:q', 1);
  await until(() => text(box) === '[1]');
  await act(async () => { await new Promise(resolve => { setTimeout(resolve, 600); }); });
  expect(text(box)).toBe('[1]');
});

const jwt = sub => `h.${btoa(JSON.stringify({ sub })).replace(/=+$/, '')}.s`;
const pause = () => act(async () => { await new Promise(resolve => { setTimeout(resolve, 600); }); });

test('what is kept for one person is not shown to another one, nor to whoever is not known', async () => {
  const element = props => provider(props, h(Logs, { channels: ['news:s'], accumulate: true, persistence: true, persistenceKey: 'whose' }));
  const first = await render(element({ token: async () => jwt('dora') }));
  await until(() => globalThis.logs.isConnected);
  transport.last.event('news:s', 1, 's1');
  await until(() => text(first.box) === '[1]');
  await pause();
  await first.unmount();
  for (const other of [{ token: jwt('otto') }, { token: 'no-jwt' }, {}, { user: 'subject ["","dora"]' }]) {
    const { box, unmount } = await render(element(other));
    await until(() => globalThis.logs.isConnected);
    await pause();
    expect(text(box)).toBe('[]');
    await unmount();
  }
  const again = await render(element({ token: async () => jwt('dora') }));
  await until(() => text(again.box) === '[1]');
});

test('a page in which another person signs in keeps nothing of that one for the first', async () => {
  const element = props => provider(props, h(Logs, { channels: ['news:t'], accumulate: true, persistence: true, persistenceKey: 'next' }));
  let token = jwt('dora');
  const { box, unmount } = await render(element({ token: async () => token }));
  await until(() => globalThis.logs.isConnected);
  transport.last.event('news:t', 1, 't1');
  await until(() => text(box) === '[1]');
  await pause();
  token = jwt('otto');
  await act(async () => { transport.last.frame('stream.closing', { reason: 'token_expired', reconnect: false }); });
  await until(() => transport.last.request.token === token && globalThis.logs.isConnected);
  transport.last.event('news:t', 2, 't2');
  await until(() => text(box) === '[1,2]');
  await pause();
  await unmount();
  const dora = await render(element({ token: jwt('dora') }));
  await until(() => globalThis.logs.isConnected);
  await pause();
  expect(text(dora.box)).toBe('[1]');
});

test('withSSE gives a component its events', async () => {
  const Shown = withSSE(({ id, sse }) => h('b', null, `${id} ${sse.data?.data ?? 'none'}`), props => [`logs:${props.id}`]);
  const { box } = await render(provider({}, h(Shown, { id: 'x' })));
  await until(() => transport.openStreams.length === 1);
  transport.last.event('logs:x', 5);
  await until(() => box.textContent === 'x 5');
});

test('useConnection says why, usePublish publishes, and both stay the same function', async () => {
  const sent = [];
  const fetch = async (url, request) => { sent.push([url, JSON.parse(request.body)]); return new Response('{"events":[]}', { status: 202 }); };
  const seen = new Set();
  let connection;
  function Panel() {
    connection = useConnection();
    const publish = usePublish();
    seen.add(publish);
    return h('button', { onClick: () => publish('news:a', 'headline', 1) });
  }
  const { box } = await render(provider({ fetch }, h(Panel), h(Logs, { channels: ['news:a'] })));
  await until(() => connection.state === 'live');
  expect(connection.reason).toBe('opened');
  await act(async () => { box.querySelector('button').click(); });
  await until(() => sent.length === 1);
  expect(sent[0]).toEqual(['http://x/channels/news:a/events', { type: 'headline', data: 1 }]);
  expect(seen.size).toBe(1);
});

test('the provider closes its own client and leaves one that was given', async () => {
  const client = new TailraceClient({ url: 'http://x', transports: [transport] });
  const { unmount } = await render(provider({ client }, h(Logs, { channels: ['news:a'] })));
  await until(() => client.state === 'live');
  await unmount();
  await until(() => client.state === 'idle');
  client.close();
});

test('a hook without a provider says what is missing', async () => {
  expect(() => renderToString(h(Logs, { channels: ['news:a'] }))).toThrow('<SSEProvider>');
});

/** What tabs have in common, in this page: the owner of their connection. */
function place() {
  let hub = null;
  return {
    open({ options, message, ready }) {
      hub ??= hubOf(options);
      const port = { post: what => { setTimeout(() => message(structuredClone(what)), 0); } };
      setTimeout(ready, 0);
      return { name: 'place', post: what => hub.receive(port, structuredClone(what)), close: () => {}, dead: () => {} };
    },
  };
}

test('providers of several tabs share one connection by a SharedClient, StrictMode or not', async () => {
  const shared = { Client: SharedClient, carriers: [place()], user: 'dora' };
  const tab = name => h(StrictMode, null, provider(shared, h(Logs, { channels: ['news:a'], name, accumulate: true })));
  const first = await render(tab('one'));
  const second = await render(tab('two'));
  await until(() => globalThis.one.isConnected && globalThis.two.isConnected);
  expect(transport.openStreams.length).toBe(1);
  transport.last.event('news:a', 1);
  await until(() => text(first.box, 'one') === '[1]' && text(second.box, 'two') === '[1]');
  await first.unmount();
  await act(async () => { await new Promise(resolve => { setTimeout(resolve, 2 * REMOVE_AFTER_MS); }); });
  transport.last.event('news:a', 2);
  await until(() => text(second.box, 'two') === '[1,2]');
  expect(transport.streams.length).toBe(1);
  await second.unmount();
  await until(() => transport.openStreams.length === 0);
});

test('the class of the client is TailraceClient unless it is named, and another one makes another connection', async () => {
  let client;
  function Peek() {
    const get = useTailraceClient();
    useEffect(() => { client = get(); });
    return null;
  }
  const { update } = await render(provider({}, h(Peek)));
  expect(client).toBeInstanceOf(TailraceClient);
  const before = client;
  await update(provider({ Client: SharedClient, carriers: [place()], user: 'dora' }, h(Peek)));
  expect(client).toBeInstanceOf(SharedClient);
  await until(() => before.state === 'closed');
});
