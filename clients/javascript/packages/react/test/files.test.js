import { act, StrictMode } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeTransport } from '../../../test-support/fake-transport.js';
import { useAnswer, useUpload } from '../src/files.js';
import { SSEProvider } from '../src/index.js';
import { cleanUp, h, render, until } from './render.js';

const CHANNEL = 'answer:p:a-1';
const QUESTION = { model: 'small', messages: [{ role: 'user', content: 'Why?' }] };
let transport;
let asked;
/** What the server answers: [method, path] => body, or a status. */
let answers;

beforeEach(() => {
  transport = new FakeTransport();
  asked = [];
  answers = {
    'POST /answers': { id: 'a-1', channel: CHANNEL, state: 'waiting' },
    'GET /answers/a-1': { id: 'a-1', channel: CHANNEL, state: 'running', attempt: 1 },
    'POST /answers/a-1/cancel': { id: 'a-1', channel: CHANNEL, state: 'cancelled' },
  };
});
afterEach(cleanUp);

async function fetch(url, { method, body, signal }) {
  const path = new URL(url).pathname;
  asked.push(`${method} ${path}`);
  const answer = typeof answers[`${method} ${path}`] === 'function' ? await answers[`${method} ${path}`](body, signal) : answers[`${method} ${path}`];
  return answer === undefined ? Response.json({ detail: 'not here' }, { status: 404 }) : answer instanceof Response ? answer : Response.json(answer);
}

function Probe({ hook, argument }) {
  globalThis.shown = hook(argument);
  return null;
}
const page = (hook, argument) => h(SSEProvider, { gatewayUrl: 'http://x', transports: [transport], fetch, pauses: { firstMs: 1, maxMs: 5 } }, h(Probe, { hook, argument }));
const say = async (type, data) => act(async () => { transport.last.event(CHANNEL, data, `${type}${data.seq}`, type); });
const ask = async () => { await act(async () => { globalThis.id = await globalThis.shown.ask(QUESTION); }); };

test('an answer is shown while it comes, begins anew with the next attempt, and ends', async () => {
  await render(page(useAnswer));
  expect(globalThis.shown.state).toBe('idle');
  await ask();
  expect([globalThis.id, globalThis.shown.id, globalThis.shown.state]).toEqual(['a-1', 'a-1', 'waiting']);
  await until(() => transport.last?.request.channels[0].channel === CHANNEL);
  await say('answer_started', { attempt: 1, seq: 0, model: 'small', citations: [{ number: 1, upload: 'u', page: 1 }] });
  await say('answer_delta', { attempt: 1, seq: 1, text: 'wrong' });
  await until(() => globalThis.shown.text === 'wrong');
  expect(globalThis.shown.citations.length).toBe(1);
  await say('answer_started', { attempt: 2, seq: 0, model: 'small' });
  await say('answer_delta', { attempt: 2, seq: 1, text: 'right' });
  await until(() => globalThis.shown.text === 'right');
  await say('answer_completed', { attempt: 2, seq: 2, model: 'small', finish_reason: 'stop', usage: { total_tokens: 3 } });
  await until(() => globalThis.shown.state === 'completed');
  expect([globalThis.shown.attempt, globalThis.shown.usage]).toEqual([2, { total_tokens: 3 }]);
});

test('one that was asked for before is shown by its id, once also in StrictMode, and is cancelled', async () => {
  await render(h(StrictMode, null, page(useAnswer, 'a-1')));
  await until(() => transport.openStreams.length === 1);
  await say('answer_started', { attempt: 1, seq: 0, model: 'small' });
  await until(() => globalThis.shown.state === 'answering');
  await act(async () => { await globalThis.shown.cancel(); });
  expect(asked.at(-1)).toBe('POST /answers/a-1/cancel');
  await say('answer_cancelled', {});
  await until(() => globalThis.shown.state === 'cancelled');
});

test('giving the id of the answer that the hook has asked for changes nothing', async () => {
  const { update } = await render(page(useAnswer, null));
  await ask();
  await until(() => transport.openStreams.length === 1);
  await update(page(useAnswer, 'a-1'));
  expect(asked).toEqual(['POST /answers']);
});

test('a question that is refused, and an answer that fails, say so', async () => {
  answers['POST /answers'] = Response.json({ detail: 'no such model' }, { status: 400 });
  await render(page(useAnswer));
  await ask();
  expect([globalThis.id, globalThis.shown.state, globalThis.shown.error.message]).toEqual([null, 'failed', 'no such model']);
  answers['POST /answers'] = { id: 'a-1', channel: CHANNEL, state: 'waiting' };
  await ask();
  expect(globalThis.shown.error).toBe(null);
  await until(() => transport.last !== undefined);
  await say('answer_started', { attempt: 1, seq: 0, model: 'small' });
  await say('answer_failed', { attempt: 1, seq: 1, reason: 'provider_refused', detail: 'No' });
  await until(() => globalThis.shown.state === 'failed');
  expect(globalThis.shown.error).toEqual({ reason: 'provider_refused', detail: 'No' });
});

test('files are shown from their sending to their text, those that are refused with why, and one that is cancelled stops', async () => {
  const record = (id, name) => ({ id, name, state: 'ready', size: 1, channel: `upload:p:${id}`, detected_type: 'text/plain', pages: 1 });
  let stopped = false;
  answers['POST /uploads'] = async (form, signal) => {
    const { name } = form.get('files');
    if (name === 'bad') return Response.json({ errors: [{ field: 'bad', message: 'empty' }] }, { status: 400 });
    if (name !== 'slow') return { uploads: [record(name, name)], refused: [] };
    return new Promise((_, reject) => { signal.addEventListener('abort', () => { stopped = true; reject(signal.reason); }); });
  };
  const { unmount } = await render(page(useUpload));
  let taken;
  await act(async () => { void globalThis.shown.upload(['good', 'bad', 'slow'].map(name => new File(['x'], name))).then(all => { taken = all; }); });
  await until(() => globalThis.shown.items.map(each => each.phase).join() === 'ready,refused,sending');
  expect(globalThis.shown.uploads.map(each => each.id)).toEqual(['good']);
  expect(globalThis.shown.items[1].error.message).toBe('bad: empty');
  await act(async () => { globalThis.shown.cancel(globalThis.shown.items[2].key); });
  await until(() => globalThis.shown.items[2].phase === 'cancelled');
  await until(() => taken !== undefined);
  expect([stopped, taken.length]).toEqual([true, 1]);
  await act(async () => { globalThis.shown.clear(); });
  expect(globalThis.shown.items).toEqual([]);
  stopped = false;
  await act(async () => { void globalThis.shown.upload([new File(['x'], 'slow')]); });
  await until(() => globalThis.shown.items[0]?.phase === 'sending');
  await unmount();
  await until(() => stopped);
});
