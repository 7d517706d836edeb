// Against a real Tailrace: TAILRACE_URL, TAILRACE_PERSON_TOKEN of somebody with an account, and TAILRACE_MODEL, a model that answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cuttingProxy } from '../../../test-support/cutting-proxy.js';
import { seeded } from '../../../test-support/schedules.js';
import { models } from '../src/answers.js';
import { withFiles } from '../src/files.js';
import { TailraceClient } from '../src/index.js';

const { TAILRACE_URL: url, TAILRACE_PERSON_TOKEN: token, TAILRACE_MODEL: model } = process.env;
const skip = url && token && model ? false : 'TAILRACE_URL, TAILRACE_PERSON_TOKEN and TAILRACE_MODEL are not set';
const PAUSES = { firstMs: 50, maxMs: 1_000, maxAskedMs: 1_000 };
const pattern = length => Buffer.alloc(length, 'It goes on where it was cut.\n');

test('files go in forms and resumably over connections that are cut, and their texts are read', { skip }, async () => {
  const proxy = await cuttingProxy(url, seeded(3), 150_000, 400_000, true);
  const client = withFiles(new TailraceClient({ url: proxy.url, token, pauses: PAUSES }));
  const direct = withFiles(new TailraceClient({ url, token }));
  const phases = [];
  try {
    const bytes = pattern(1_500_000);
    const large = await client.upload(new File([bytes], 'groß.txt', { type: 'text/plain' }), {
      onProgress: ({ phase }) => { if (phases.at(-1) !== phase) phases.push(phase); },
    });
    assert.deepEqual([large.name, large.size, large.state, large.text_characters], ['groß.txt', bytes.length, 'ready', bytes.length]);
    assert.deepEqual(phases.filter(phase => phase !== 'reading'), ['sending', 'stored', 'ready']);
    assert.ok(proxy.cuts > 0, 'the proxy has cut');
    const { uploads, refused } = await direct.upload([new File(['Hello'], 'a.txt'), new File([], 'empty.txt'), new File(['<html><p>Hi</p></html>'], 'b.html')]);
    assert.deepEqual(uploads.map(({ name, state }) => [name, state]), [['a.txt', 'ready'], ['b.html', 'ready']]);
    assert.deepEqual(refused.map(({ name, error }) => [name, error.status]), [['empty.txt', 400]]);
    console.log(`${bytes.length} bytes, ${proxy.cuts} cuts`);
  } finally {
    client.close();
    direct.close();
    await proxy.stop();
  }
});

test('an answer over connections that are cut is what the model has said, and it is there for whoever comes later', { skip }, async () => {
  const proxy = await cuttingProxy(url, seeded(5), 800, 4_000);
  const client = withFiles(new TailraceClient({ url: proxy.url, token, pauses: PAUSES }));
  try {
    assert.ok((await models(client)).some(({ name }) => name === model));
    const answer = await client.answer({ model, messages: [{ role: 'user', content: 'Where are the gulls?' }] });
    const text = await answer.text();
    assert.match(text, /^\S/);
    assert.equal(await client.resumeAnswer(answer.id).text(), text);
    assert.equal((await answer.view()).text, text);
    assert.equal(await answer.cancel(), 'completed');
    await assert.rejects(client.answer({ model: 'nonsense', messages: [{ role: 'user', content: 'x' }] }), { name: 'Problem', status: 400 });
  } finally {
    client.close();
    await proxy.stop();
  }
});
