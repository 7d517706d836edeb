// Against a real Tailrace: TAILRACE_URL, and TAILRACE_TOKEN with the grants to publish and to read news:* and logs:js:*, and for jobs of the type webhook.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../test-support/clock.js';
import { cuttingProxy } from '../../../test-support/cutting-proxy.js';
import { seeded } from '../../../test-support/schedules.js';
import { follow, followSnapshot, history } from '../src/history.js';
import { Outbox, TailraceClient } from '../src/index.js';
import { enqueue } from '../src/jobs.js';

const { TAILRACE_URL: url, TAILRACE_TOKEN: token } = process.env;
const skip = url && token ? false : 'TAILRACE_URL and TAILRACE_TOKEN are not set';
const run = `js${Date.now().toString(36)}`;
const LIMIT_MS = 90_000;

test('a stream through a proxy that cuts brings what an outbox published, each event once and in order', { skip }, async () => {
  const proxy = await cuttingProxy(url, seeded(7), 2_000, 20_000);
  const reader = new TailraceClient({ url: proxy.url, token, pauses: { firstMs: 50, maxMs: 200, maxAskedMs: 100 } });
  const writer = new TailraceClient({ url, token });
  const outbox = new Outbox(writer, { maxBatch: 20 });
  const channels = [`news:${run}-a`, `news:${run}-b`];
  const got = Object.fromEntries(channels.map(channel => [channel, []]));
  const told = [];
  try {
    const sub = reader.subscribe(channels, { start: 'live' }, each => {
      if (each.kind === 'event') got[each.channel].push(each.data.n);
      else told.push(each);
    });
    assert.deepEqual((await sub.ready).refused, []);
    const count = 300;
    const sent = channels.flatMap(channel => Array.from({ length: count }, (_, n) => outbox.add(channel, 'counted', { n, text: 'x'.repeat(100) })));
    await Promise.all(sent);
    await until(() => channels.every(channel => got[channel].length >= count), 'all events', LIMIT_MS);
    const expected = Array.from({ length: count }, (_, n) => n);
    for (const channel of channels) assert.deepEqual(got[channel], expected);
    assert.deepEqual(told, []);
    assert.ok(proxy.cuts > 0, 'the proxy has cut');
    console.log(`${2 * count} events, ${proxy.cuts} cuts, 0 lost, 0 repeated`);
  } finally {
    outbox.close();
    reader.close();
    writer.close();
    await proxy.stop();
  }
});

test('channels are added, refused and removed on the open stream, and its token is renewed in place', { skip }, async () => {
  const client = new TailraceClient({ url, token: async () => token });
  try {
    const got = [];
    const sub = client.subscribe(`news:${run}-c`, { start: 'live' }, each => got.push(`${each.channel} ${each.data}`));
    await sub.ready;
    await client.publish(`logs:js:${run}`, 'log', 1);
    await client.publish(`logs:js:${run}`, 'log', 2);
    const outcome = await sub.add([`logs:js:${run}`, 'logs:other:run', 'bogus:1'], { start: 'last:1' });
    assert.deepEqual(outcome, {
      channels: [`logs:js:${run}`],
      refused: [{ channel: 'logs:other:run', reason: 'forbidden' }, { channel: 'bogus:1', reason: 'undeclared' }],
    });
    const { connectionId } = client;
    await client.renewToken();
    await client.publish(`news:${run}-c`, 'headline', 3);
    await until(() => got.length === 2, 'both events', LIMIT_MS);
    assert.deepEqual(got.sort(), [`logs:js:${run} 2`, `news:${run}-c 3`]);
    sub.remove(`logs:js:${run}`);
    await client.publish(`logs:js:${run}`, 'log', 4);
    await client.publish(`news:${run}-c`, 'headline', 5);
    await until(() => got.length === 3, 'the next event', LIMIT_MS);
    assert.ok(!got.some(each => each.endsWith(' 4')));
    assert.equal(client.connectionId, connectionId, 'one stream for all of it');
  } finally {
    client.close();
  }
});

test('channels without a grant are told one by one when a stream is opened, and the rest is delivered', { skip }, async () => {
  const client = new TailraceClient({ url, token });
  try {
    const { channels, refused } = await client.subscribe([`news:${run}-d`, 'logs:other:run', 'bogus:1']).ready;
    assert.deepEqual(channels, [`news:${run}-d`]);
    assert.deepEqual(refused, [{ channel: 'logs:other:run', reason: 'forbidden' }, { channel: 'bogus:1', reason: 'undeclared' }]);
  } finally {
    client.close();
  }
});

test('the past of a channel is read page by page in both directions, and goes over into what comes next', { skip }, async () => {
  const client = new TailraceClient({ url, token });
  const channel = `news:${run}-e`;
  const publish = (from, to) => client.publish(channel, Array.from({ length: to - from }, (_, i) => ({ type: 'counted', data: { n: from + i } })));
  const numbers = deliveries => deliveries.map(each => each.data.n);
  try {
    await publish(0, 30);
    const newest = await history(client, channel, { limit: 10 });
    assert.deepEqual(numbers(newest.deliveries), [29, 28, 27, 26, 25, 24, 23, 22, 21, 20]);
    const older = await history(client, channel, { limit: 5, before: newest.next });
    assert.deepEqual(numbers(older.deliveries), [19, 18, 17, 16, 15]);
    const oldest = await history(client, channel, { after: 'earliest', limit: 3 });
    assert.deepEqual(numbers(oldest.deliveries), [0, 1, 2]);
    const all = [];
    for await (const each of follow(client, channel, { last: 25 })) {
      all.push(each);
      if (all.length === 25) await publish(30, 40);
      if (all.length === 35) break;
    }
    // The last 25 of those that the edge had read when the stream began, which may be some moments ago: it begins at 5 or before, and nothing is left out.
    const [first] = numbers(all);
    assert.ok(first <= 5, `it begins with ${first}`);
    assert.deepEqual(numbers(all), Array.from({ length: 35 }, (_, n) => n + first));
    // A snapshot that has the first twenty, while another subscription has the channel already.
    const { position } = await history(client, channel, { after: 'earliest', limit: 20 });
    await client.subscribe(channel, { start: 'live' }).ready;
    const since = [];
    for await (const each of followSnapshot(client, channel, () => ({ position, count: 20 }))) {
      if (each.kind === 'snapshot') assert.equal(each.value.count, 20);
      else since.push(each);
      if (since.length === 20) await publish(40, 45);
      if (since.length === 25) break;
    }
    assert.deepEqual(numbers(since), Array.from({ length: 25 }, (_, n) => n + 20));
    await assert.rejects(history(client, 'logs:other:run'), { name: 'Problem', status: 403 });
  } finally {
    client.close();
  }
});

test('a job is enqueued once whatever is lost, and a refusal has the words of the server', { skip }, async () => {
  const proxy = await cuttingProxy(url, seeded(11), 100, 2_500);
  const client = new TailraceClient({ url: proxy.url, token, pauses: { firstMs: 10, maxMs: 50, maxAskedMs: 100 } });
  const payload = { url: 'https://example.org/hook', event: { name: 'tailrace-js' } };
  try {
    const options = { delaySeconds: 86_400, idempotencyKey: `${run}-job` };
    const jobs = [];
    for (let i = 0; i < 5; i++) jobs.push(await enqueue(client, 'webhook', payload, options));
    assert.equal(new Set(jobs.map(job => job.id)).size, 1);
    assert.deepEqual([jobs[0].state, jobs[0].type], ['scheduled', 'webhook']);
    const unique = await Promise.all([1, 2].map(() => enqueue(client, 'webhook', payload, { delaySeconds: 86_400, uniqueKey: run })));
    assert.equal(unique[0].id, unique[1].id);
    await assert.rejects(enqueue(client, 'nonsense', payload), /"nonsense", expected one of .*webhook/);
  } finally {
    client.close();
    await proxy.stop();
  }
});
