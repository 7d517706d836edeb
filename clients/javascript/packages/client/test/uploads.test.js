import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import { fastClock, until } from '../../../test-support/clock.js';
import { FilesServer } from '../../../test-support/files-server.js';
import { withFiles } from '../src/files.js';
import { Problem, TailraceClient } from '../src/index.js';
import { discardUpload, upload, webUploadStore } from '../src/uploads.js';

const PAUSES = { firstMs: 1, maxMs: 5, maxAskedMs: 5 };
const MIB = 1024 * 1024;
const patterned = (length, start = 0) => Buffer.from(Array.from({ length }, (_, i) => (start + i * 7) % 251));
const fileOf = (name, bytes, type = 'text/plain') => new File([bytes], name, { type, lastModified: 1 });
let server;
let client;

beforeEach(async () => {
  server = await new FilesServer().start();
  server.onStream(stream => stream.open());
  client = withFiles(new TailraceClient({ url: server.url, token: 'secret', pauses: PAUSES }));
});

afterEach(async () => {
  client.close();
  await server.stop();
});

const memory = () => {
  const all = new Map();
  return { getItem: key => all.get(key) ?? null, setItem: (key, value) => all.set(key, value), removeItem: key => all.delete(key) };
};
const contents = () => [...server.files.values()].map(file => file.bytes);

test('a small file goes in a form, and its record comes back when its text is read', async () => {
  const told = [];
  const record = await client.upload(fileOf('größe.txt', 'Hello'), { onProgress: ({ phase, sent, size }) => told.push([phase, sent, size]) });
  assert.equal(record.name, 'größe.txt');
  assert.equal(record.state, 'ready');
  assert.deepEqual(told, [['sending', 0, 5], ['stored', 5, 5], ['ready', 5, 5]]);
  assert.deepEqual(server.asked, ['POST /uploads']);
  assert.equal(server.requests[0].headers.authorization, 'Bearer secret');
});

test('a large file goes resumably, with its name and type, and each part is told when it is on the disk', async () => {
  const bytes = patterned(3 * MIB);
  const told = [];
  const record = await client.upload(fileOf('größe.txt', bytes), { onProgress: ({ phase, sent }) => told.push(`${phase} ${sent}`) });
  assert.ok(contents()[0].equals(bytes));
  assert.deepEqual([record.name, record.declared_type, record.size], ['größe.txt', 'text/plain', bytes.length]);
  // The parts grow where the line is fast.
  const parts = server.requests.filter(each => each.method === 'PATCH').map(each => each.bytes.length);
  assert.ok(parts.length > 1 && parts[1] > parts[0], parts.join());
  let at = 0;
  const steps = ['sending 0', ...parts.map(length => `sending ${at += length}`)];
  assert.deepEqual(told.filter((each, i) => each !== told[i - 1]), [...steps, `stored ${bytes.length}`, `ready ${bytes.length}`]);
});

test('what is cut in the middle of a part goes on where the server has it', async () => {
  const bytes = patterned(100_000);
  let cuts = 0;
  server.interfere = ({ method, bytes: part }) => (method === 'PATCH' && ++cuts <= 5 ? { keep: Math.floor(part.length / 2) } : undefined);
  await client.upload(fileOf('a.txt', bytes), { formBytes: 0, partBytes: 30_000 });
  assert.ok(contents()[0].equals(bytes));
  // Nothing that the server has is sent again.
  const sent = server.requests.filter(each => each.method === 'PATCH').map(each => Number(each.headers['upload-offset']));
  assert.deepEqual(sent, [...sent].sort((a, b) => a - b));
  assert.equal(new Set(sent).size, sent.length);
});

test('an upload that another request holds, a full server and an offset of another one pass by', async () => {
  const statuses = [423, 503, 409, 460, 429];
  server.interfere = ({ method }) => (method === 'PATCH' && statuses.length > 0 ? { status: statuses.shift() } : undefined);
  await client.upload(fileOf('a.txt', patterned(50_000)), { formBytes: 0, partBytes: 20_000 });
  assert.ok(contents()[0].equals(patterned(50_000)));
});

test('after a reload the same file goes on, also with a token that is new, and then it is forgotten', async () => {
  const storage = memory();
  const bytes = patterned(100_000);
  const stop = new AbortController();
  const options = { formBytes: 0, partBytes: 20_000 };
  const onProgress = ({ sent }) => { if (sent === 40_000) stop.abort(new Error('the page goes')); };
  await assert.rejects(client.upload(fileOf('a.txt', bytes), { ...options, store: webUploadStore('anna', storage), signal: stop.signal, onProgress }), /the page goes/);
  const store = webUploadStore('anna', storage);
  assert.deepEqual((await store.all()).map(({ name, size, id }) => [name, size, id]), [['a.txt', 100_000, 'tus-1']]);
  const before = server.requests.length;
  await client.upload(fileOf('a.txt', bytes), { ...options, store });
  assert.ok(contents()[0].equals(bytes));
  assert.equal(server.files.size, 1);
  assert.deepEqual(server.requests.slice(before, before + 2).map(each => each.method), ['HEAD', 'PATCH']);
  assert.deepEqual(await store.all(), []);
});

test('an upload that the server has forgotten, or that is of another length, begins anew', async () => {
  const store = webUploadStore('anna', memory());
  const file = fileOf('a.txt', patterned(1000));
  const key = JSON.stringify(['a.txt', 'text/plain', 1000, 1]);
  for (const id of ['gone', 'tus-1']) {
    await store.set(key, { key, id, name: 'a.txt', size: 1000, begunAt: Date.now() });
    await client.upload(file, { store, formBytes: 0 });
    server.files.get('tus-1').length = 999;
  }
  assert.deepEqual([...server.files.keys()], ['tus-1', 'tus-2']);
});

test('one that is given up is deleted at the server and forgotten, also when the server has it no more', async () => {
  const store = webUploadStore('anna', memory());
  for (let i = 0; i < 2; i++) {
    await store.set('k', { key: 'k', id: 'tus-1', name: 'a', size: 1, begunAt: Date.now() });
    if (i === 0) server.files.set('tus-1', { id: 'tus-1', length: 1, bytes: Buffer.alloc(0) });
    await discardUpload(client, (await store.all())[0], store);
    assert.deepEqual(await store.all(), []);
    assert.equal(server.files.size, 0);
  }
});

test('what is older than the server keeps it, and storage that is broken or refused, is as if nothing was kept', async () => {
  const storage = memory();
  const old = webUploadStore('anna', storage);
  await old.set('k', { key: 'k', id: 'x', name: 'a', size: 1, begunAt: Date.now() - 25 * 3600_000 });
  assert.deepEqual(await old.all(), []);
  storage.setItem('anna', '{');
  assert.equal(await old.get('k'), null);
  const refused = () => { throw new Error('no storage here'); };
  const none = webUploadStore('anna', { getItem: refused, setItem: refused, removeItem: refused });
  await none.set('k', { key: 'k', id: 'x', name: 'a', size: 1, begunAt: Date.now() });
  assert.deepEqual(await none.all(), []);
});

test('bytes, texts and streams are uploaded, and a stream that was cut sends again what it still has', async () => {
  const bytes = patterned(90_000);
  const pieces = async function* () { for (let i = 0; i < bytes.length; i += 7_000) yield bytes.subarray(i, i + 7_000); };
  let cuts = 0;
  server.interfere = ({ method, bytes: part }) => (method === 'PATCH' && ++cuts % 2 ? { keep: Math.floor(part.length / 3) } : undefined);
  const options = { formBytes: 0, partBytes: 20_000 };
  await client.upload({ content: pieces(), size: bytes.length, name: 'iterable' }, options);
  await client.upload({ content: Readable.from(pieces()), size: bytes.length, name: 'node' }, options);
  await client.upload({ content: Readable.toWeb(Readable.from(pieces())), size: bytes.length, name: 'web' }, options);
  await client.upload({ content: bytes, name: 'buffer' }, options);
  await client.upload({ content: 'grüß', name: 'text' }, options);
  const all = contents();
  assert.deepEqual([...server.files.values()].map(file => file.name), ['iterable', 'node', 'web', 'buffer', 'text']);
  for (const each of all.slice(0, 4)) assert.ok(each.equals(bytes));
  assert.equal(all[4].toString(), 'grüß');
});

test('a stream without its size, one that is shorter or longer, and what is no file at all are faults of the caller', async () => {
  const stream = (...texts) => Readable.from(texts);
  await assert.rejects(client.upload({ content: stream('a'), name: 'a' }), /a stream and its size/);
  await assert.rejects(client.upload({ content: stream('a'), size: 5, name: 'a' }), /has ended at 1 of 5 bytes/);
  await assert.rejects(client.upload({ content: stream('abc', 'def'), size: 3, name: 'a' }), /more than 3 bytes/);
  await assert.rejects(client.upload({ content: stream('abcdef'), size: 3, name: 'a' }), /more than 3 bytes/);
  await assert.rejects(client.upload({}), TypeError);
  await assert.rejects(client.upload(null), TypeError);
  assert.equal(server.files.size, 0);
});

test('of several files the bad one is refused by its name, and the others are taken in their order', async () => {
  const files = ['one', '', 'three', 'x'.repeat(300_000)].map((text, i) => fileOf(`${i}.txt`, text));
  const { uploads, refused } = await client.upload(files, { parallel: 2 });
  assert.deepEqual(uploads.map(each => each.name), ['0.txt', '2.txt', '3.txt']);
  assert.deepEqual(refused.map(({ name, error }) => [name, error instanceof Problem, error.message]), [['1.txt', true, '1.txt: empty']]);
  assert.equal(refused[0].file, files[1]);
});

test('no more files are sent at a time than are wanted', async () => {
  let open = 0;
  let most = 0;
  server.onRequest(async ({ path }, n) => {
    most = Math.max(most, ++open);
    await new Promise(resolve => { setTimeout(resolve, 10); });
    open--;
    assert.equal(path, '/uploads');
    return { status: 201, body: { uploads: [{ id: `${n}`, state: 'stored', detected_type: 'image/png', channel: 'c' }] } };
  });
  const { uploads } = await client.upload(Array.from({ length: 9 }, (_, i) => fileOf(`${i}.png`, 'x')), { parallel: 3 });
  assert.equal(uploads.length, 9);
  assert.equal(most, 3);
});

test('a form whose answer is lost is not sent again if the server has the file, and goes resumably if it has not', async () => {
  server.interfere = ({ method, path, bytes }) => (method === 'POST' && path === '/uploads' ? { keep: bytes.length } : undefined);
  const record = await client.upload(fileOf('a.txt', 'Hello'));
  assert.equal(record.id, 'form-1');
  assert.equal(server.files.size, 1);
  server.interfere = ({ method, path }) => (method === 'POST' && path === '/uploads' ? { status: 503 } : undefined);
  assert.match((await client.upload(fileOf('b.txt', 'World'))).id, /^tus-/);
  assert.deepEqual(contents().map(String), ['Hello', 'World']);
});

test('a whole file of a type that is not taken is refused at its end, and nothing of it is kept', async () => {
  const store = webUploadStore('anna', memory());
  const refusal = { status: 415, body: { type: 'https://tailrace.io/problems/unsupported-media-type', detail: 'not taken here' } };
  server.interfere = ({ method, headers }) => (method === 'PATCH' && headers['upload-offset'] === '20000' ? refusal : undefined);
  await assert.rejects(client.upload(fileOf('a.exe', patterned(40_000)), { store, formBytes: 0, partBytes: 20_000 }), { name: 'Problem', status: 415, message: 'not taken here' });
  assert.deepEqual(await store.all(), []);
});

test('a token that is over is renewed in the middle of a file; without another one it is refused and can go on later', async () => {
  const tokens = ['one', 'two'];
  const renewing = withFiles(new TailraceClient({ url: server.url, token: () => tokens.shift() ?? 'three', pauses: PAUSES }));
  let valid = 'one';
  server.interfere = ({ headers, method }) => {
    if (method === 'PATCH') valid = tokens.length > 0 ? 'two' : valid;
    return headers.authorization === `Bearer ${valid}` ? undefined : { status: 401 };
  };
  await renewing.upload(fileOf('a.txt', patterned(50_000)), { formBytes: 0, partBytes: 20_000 });
  renewing.close();
  const store = webUploadStore('anna', memory());
  server.interfere = ({ method }) => (method === 'PATCH' ? { status: 401 } : undefined);
  await assert.rejects(client.upload(fileOf('b.txt', 'b'), { store, formBytes: 0 }), { status: 401 });
  assert.equal((await store.all()).length, 1);
});

test('a server that gets no further for so long is given up, and what was begun stays', async () => {
  const store = webUploadStore('anna', memory());
  const slow = withFiles(new TailraceClient({ url: server.url, clock: fastClock(1_000) }));
  server.interfere = ({ method }) => (method === 'PATCH' ? 'cut' : undefined);
  await assert.rejects(slow.upload(fileOf('a.txt', 'a'), { store, formBytes: 0, retryForMs: 20_000 }), { name: 'Problem', status: 0 });
  assert.equal((await store.all()).length, 1);
  slow.close();
});

test('the pages of a text are told while it is read, and what has none says why; a picture is not waited for', async () => {
  server.text = () => ({ state: 'stored' });
  const told = [];
  const waits = client.upload(fileOf('a.pdf', 'pdf', 'application/pdf'), { onProgress: ({ phase, pages, of }) => told.push([phase, pages, of]) });
  const stream = await server.stream(1);
  const [channel] = stream.channels;
  assert.equal(stream.query.get('start'), 'earliest');
  const say = (type, data) => stream.event(channel, { upload: 'form-1', ...data }, { type, eventId: `${type}${data.pages}` });
  say('upload_stored', {});
  say('extraction_progress', { pages: 1, of: 3 });
  await until(() => told.length === 3);
  server.text = () => ({ state: 'ready', pages: 3, text_characters: 9 });
  say('upload_ready', { pages: 3 });
  assert.equal((await waits).pages, 3);
  assert.deepEqual(told, [['sending', undefined, undefined], ['stored', undefined, undefined], ['reading', 1, 3], ['ready', 3, undefined]]);

  server.text = () => ({ state: 'failed', reason: 'encrypted' });
  assert.equal((await client.upload(fileOf('b.pdf', 'pdf', 'application/pdf'))).reason, 'encrypted');
  server.text = () => ({ state: 'stored' });
  assert.equal((await client.upload(fileOf('cat.png', 'png', 'image/png'))).state, 'stored');
  assert.equal((await client.upload(fileOf('c.pdf', 'pdf', 'application/pdf'), { text: false })).state, 'stored');
});

test('where the channel says nothing, the server is asked, and not for longer than is wanted', async () => {
  server.text = () => ({ state: 'stored' });
  const fast = withFiles(new TailraceClient({ url: server.url, clock: fastClock(1_000) }));
  const waits = upload(fast, fileOf('a.pdf', 'pdf', 'application/pdf'));
  await until(() => server.requests.length > 2);
  server.text = () => ({ state: 'ready', pages: 1 });
  assert.equal((await waits).state, 'ready');
  server.text = () => ({ state: 'stored' });
  assert.equal((await upload(fast, fileOf('b.pdf', 'pdf', 'application/pdf'), { readForMs: 15_000 })).state, 'stored');
  fast.close();
});

test('a signal that is aborted before, while it is sent and while it is read ends the waiting with its reason', async () => {
  const reason = new Error('no more');
  await assert.rejects(client.upload(fileOf('a.txt', 'a'), { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(client.upload([fileOf('a.txt', 'a')], { signal: AbortSignal.abort(reason) }), reason);
  server.text = () => ({ state: 'stored' });
  const stop = new AbortController();
  const waits = client.upload(fileOf('a.txt', 'a'), { signal: stop.signal });
  await server.stream(1);
  stop.abort(reason);
  await assert.rejects(waits, reason);
});
