import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { fastClock } from '../../../test-support/clock.js';
import { seeded } from '../../../test-support/schedules.js';
import { TestServer } from '../../../test-support/server.js';
import { AnswerFold } from '../src/answer-fold.js';
import { AnswerError, models } from '../src/answers.js';
import { withFiles } from '../src/files.js';
import { Problem, TailraceClient } from '../src/index.js';

const PAUSES = { firstMs: 1, maxMs: 5, maxAskedMs: 5 };
const CHANNEL = 'answer:p:a-1';
const QUESTION = { model: 'small', messages: [{ role: 'user', content: 'Why?' }] };
let server;
let client;
let view;
/** What the log has of the answer: [type, data]. */
let log;

const started = (attempt, model = 'small') => ['answer_started', { attempt, seq: 0, model }];
const delta = (attempt, seq, text) => ['answer_delta', { attempt, seq, text }];
const completed = (attempt, seq) => ['answer_completed', { attempt, seq, model: 'small', finish_reason: 'stop', usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } }];
const failed = (attempt, seq) => ['answer_failed', { attempt, seq, reason: 'provider_refused', detail: 'No' }];
const CANCELLED = ['answer_cancelled', {}];
const WHOLE = [started(1), delta(1, 1, 'It '), delta(1, 2, 'is '), delta(1, 3, 'blue'), completed(1, 4)];

beforeEach(async () => {
  view = { id: 'a-1', channel: CHANNEL, state: 'waiting', attempt: 0 };
  log = WHOLE;
  server = await new TestServer().start();
  server.onRequest(answer);
  server.onStream(stream => open(stream).all(log));
  client = withFiles(new TailraceClient({ url: server.url, token: 'secret', pauses: PAUSES }));
});

afterEach(async () => {
  client.close();
  await server.stop();
});

function answer({ method, path, query, body }) {
  if (method === 'POST' && path === '/answers') return { status: 202, body: { id: 'a-1', channel: CHANNEL, state: 'waiting', asked: body } };
  if (path === '/answers/a-1') return { status: 200, body: view };
  if (path === '/models') return { status: 200, body: { models: [{ name: 'small' }] } };
  if (path === `/channels/${CHANNEL}/events`) {
    assert.equal(query.get('after'), 'earliest');
    const events = log.map(([type, data], i) => ({ id: `c${i + 1}`, event: type, data: { channel: CHANNEL, id: `e${i}`, time: '', data } }));
    return { status: 200, body: { events, next: null, position: `c${log.length}` } };
  }
  return { status: 404, body: { type: 'https://tailrace.io/problems/not-found', detail: 'You have no such answer' } };
}

/** A stream that says so many of the log's events, with cursors that count them. */
function open(stream) {
  const from = stream.cursor ? Number(stream.cursor.slice(1)) : 0;
  assert.equal(stream.query.get('start'), stream.cursor ? null : 'earliest');
  stream.open({ id: `c${from}`, at: 'offset' });
  const say = (events, at = from) => events.forEach(([type, data], i) => stream.event(CHANNEL, data, { type, id: `c${at + i + 1}`, eventId: `e${at + i}` }));
  return Object.assign(stream, { say, all: events => { say(events.slice(from)); return stream; } });
}

async function all(asked) {
  const events = [];
  for await (const event of asked) events.push(event);
  return events;
}
const told = events => events.map(({ type, text, reason }) => [type.replace('answer_', ''), text ?? reason].filter(Boolean).join(' '));

test('the events of an answer come in a loop, and the question goes with a key', async () => {
  const events = await all(client.answer({ ...QUESTION, maxTokens: 5, uploads: ['u-1'], temperature: 0 }));
  assert.deepEqual(told(events), ['started', 'delta It ', 'delta is ', 'delta blue', 'completed']);
  assert.equal(events[4].finish_reason, 'stop');
  const [{ body, headers }] = server.requests;
  assert.deepEqual(body, { ...QUESTION, uploads: ['u-1'], temperature: 0, max_tokens: 5 });
  assert.match(headers['idempotency-key'], /^[0-9a-f]{32}$/);
});

test('the answer itself has an id for a reload, and can be read as a text as often as one likes', async () => {
  const answer = await client.answer(QUESTION);
  assert.deepEqual([answer.id, answer.channel], ['a-1', CHANNEL]);
  assert.equal(await answer.text(), 'It is blue');
  assert.equal(await answer.text(), 'It is blue');
  assert.equal(await client.answer(QUESTION).text(), 'It is blue');
  assert.equal(await client.resumeAnswer('a-1').text(), 'It is blue');
  await assert.rejects(client.resumeAnswer('a-2').text(), { name: 'Problem', status: 404 });
});

test('a question whose answer is lost is asked again with the same key, and what is refused is thrown', async () => {
  server.onRequest((request, n) => (n === 1 ? 'cut' : answer(request)));
  assert.equal(await client.answer(QUESTION).text(), 'It is blue');
  assert.equal(new Set(server.requests.slice(0, 2).map(each => each.headers['idempotency-key'])).size, 1);
  server.onRequest(() => ({ status: 503, headers: { 'Retry-After': '60' }, body: { detail: 'There are no models' } }));
  const patient = withFiles(new TailraceClient({ url: server.url }));
  await assert.rejects(all(patient.answer(QUESTION)), fault => fault instanceof Problem && fault.message === 'There are no models');
  patient.close();
});

test('a connection that is cut after each event goes on at its cursor, and the text is whole', async () => {
  const own = await new TestServer().start();
  own.onRequest(answer).onStream(...WHOLE.map((_, i) => stream => { open(stream).say([WHOLE[i]], i); stream.cut(); }));
  const cut = withFiles(new TailraceClient({ url: own.url, pauses: PAUSES }));
  assert.deepEqual(told(await all(cut.answer(QUESTION))), ['started', 'delta It ', 'delta is ', 'delta blue', 'completed']);
  cut.close();
  await own.stop();
});

test('a higher attempt begins anew, and what a lower one says later is not heard', async () => {
  log = [started(1), delta(1, 1, 'wrong'), started(2), delta(1, 2, ' and late'), delta(2, 1, 'right'), failed(1, 3), completed(2, 2)];
  assert.deepEqual(told(await all(client.answer(QUESTION))), ['started', 'delta wrong', 'started', 'delta right', 'completed']);
  assert.equal(await client.answer(QUESTION).text(), 'right');
});

test('an answer that failed or was cancelled has no whole text, and says what there was', async () => {
  log = [started(1), delta(1, 1, 'half'), failed(1, 2)];
  await assert.rejects(client.answer(QUESTION).text(), fault => fault instanceof AnswerError && fault.reason === 'provider_refused' && fault.text === 'half' && fault.message === 'No');
  log = [started(1), delta(1, 1, 'half'), CANCELLED, delta(1, 2, ' and more'), completed(1, 3)];
  assert.deepEqual(told(await all(client.answer(QUESTION))), ['started', 'delta half', 'cancelled']);
  await assert.rejects(client.answer(QUESTION).text(), { name: 'AnswerError', reason: 'cancelled', text: 'half' });
});

test('one that is resumed goes on to the attempt with which the server says that it has ended', async () => {
  log = [...WHOLE, started(2), delta(2, 1, 'again'), completed(2, 2)];
  view = { ...view, state: 'completed', attempt: 2, text: 'again' };
  assert.equal(await client.resumeAnswer('a-1').text(), 'again');
});

test('what the connection has lost is read from the log', async () => {
  const own = await new TestServer().start();
  own.onRequest(answer).onStream(stream => {
    open(stream).say(WHOLE.slice(0, 2));
    stream.control('gap', { channels: [CHANNEL], from: 2, to: 3, lost: 1 }, 'c3');
    stream.say(WHOLE.slice(3), 3);
  });
  const lossy = withFiles(new TailraceClient({ url: own.url, pauses: PAUSES }));
  assert.equal(await lossy.answer(QUESTION).text(), 'It is blue');
  // Another loop on the same channel is given what the client has kept.
  lossy.close();
  await own.stop();
});

test('a hole of the log is told, nothing behind it counts, and the next attempt or the server has the rest', async () => {
  log = [started(1), delta(1, 1, 'a'), delta(1, 3, 'c'), completed(1, 4)];
  const seen = [];
  for await (const event of client.answer(QUESTION)) {
    seen.push(event);
    if (event.type === 'gap') server.streams[0].say([started(2), delta(2, 1, 'abc'), completed(2, 2)], 4);
  }
  assert.deepEqual(told(seen), ['started', 'delta a', 'gap', 'started', 'delta abc', 'completed']);
  log = [started(1), delta(1, 1, 'a'), delta(1, 3, 'c'), completed(1, 4)];
  view = { ...view, state: 'completed', attempt: 1, text: 'abc', finish_reason: 'stop' };
  assert.deepEqual(told(await all(client.answer(QUESTION))), ['started', 'delta a', 'started', 'delta abc', 'completed']);
});

test('where the channel is silent the server is asked how it has ended', async () => {
  const fast = withFiles(new TailraceClient({ url: server.url, clock: fastClock(1_000) }));
  log = [started(1), delta(1, 1, 'half')];
  const ends = [
    [{ state: 'cancelled' }, ['started', 'delta half', 'cancelled']],
    [{ state: 'failed', attempt: 1, error: { reason: 'log_refused', detail: 'too large' } }, ['started', 'delta half', 'failed log_refused']],
    [{ state: 'completed', attempt: 1, text: 'half' }, ['started', 'delta half', 'completed']],
    [{ state: 'completed', attempt: 2, text: 'whole' }, ['started', 'delta half', 'started', 'delta whole', 'completed']],
  ];
  for (const [end, expected] of ends) {
    view = { id: 'a-1', channel: CHANNEL, model: 'small', ...end };
    assert.deepEqual(told(await all(fast.answer(QUESTION))), expected);
  }
  fast.close();
});

test('while the server is away nothing ends, and it goes on when it is back', async () => {
  const fast = withFiles(new TailraceClient({ url: server.url, clock: fastClock(1_000) }));
  log = [started(1), delta(1, 1, 'half')];
  view = { ...view, state: 'completed', attempt: 1, text: 'half' };
  let isAway = true;
  server.onRequest(request => (isAway && request.method === 'GET' ? { status: 503 } : answer(request)));
  const waits = all(fast.answer(QUESTION));
  await server.requested(6);
  isAway = false;
  assert.deepEqual(told(await waits), ['started', 'delta half', 'completed']);
  fast.close();
});

test('it is cancelled, and one that has ended already says how', async () => {
  const answered = await client.answer(QUESTION);
  const outcomes = [{ status: 200, body: { ...view, state: 'cancelled' } }, { status: 202, body: { ...view, state: 'running' } }, { status: 409, body: { detail: 'ended' } }];
  server.onRequest(request => (request.path.endsWith('/cancel') ? outcomes.shift() : answer(request)));
  assert.equal(await answered.cancel(), 'cancelled');
  assert.equal(await answered.cancel(), 'running');
  view = { ...view, state: 'completed' };
  assert.equal(await answered.cancel(), 'completed');
  outcomes.push({ status: 404, body: { detail: 'forgotten' } });
  await assert.rejects(answered.cancel(), { status: 404 });
});

test('a signal ends the waiting and not the answer, and leaving the loop ends the subscription', async () => {
  log = [started(1)];
  const stop = new AbortController();
  const reason = new Error('no more');
  const events = [];
  await assert.rejects(async () => {
    for await (const event of client.answer({ ...QUESTION, signal: stop.signal })) {
      events.push(event);
      stop.abort(reason);
    }
  }, reason);
  assert.equal(events.length, 1);
  await assert.rejects(client.answer({ ...QUESTION, signal: stop.signal }).text(), reason);
  for await (const event of client.answer(QUESTION)) {
    assert.equal(event.attempt, 1);
    break;
  }
  await server.streams.at(-1).closed;
  assert.ok(server.requests.every(({ path }) => !path.endsWith('/cancel')));
});

test('a channel that may not be read, and a client that is closed, end the loop with a problem', async () => {
  const own = await new TestServer().start();
  own.onRequest(answer).onStream(stream => stream.refuse(403, { type: 'forbidden', errors: [{ field: CHANNEL, message: 'forbidden' }] }));
  const other = withFiles(new TailraceClient({ url: own.url, pauses: PAUSES }));
  await assert.rejects(all(other.answer(QUESTION)), { name: 'Problem', status: 403 });
  log = [];
  const closing = assert.rejects(all(client.answer(QUESTION)), { name: 'Problem', status: 0 });
  await server.stream(1);
  client.close();
  await closing;
  other.close();
  await own.stop();
});

test('the models are those of the server', async () => {
  assert.deepEqual(await models(client), [{ name: 'small' }]);
});

test('whatever comes twice, late or in between, the text is that of the last attempt', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed);
    const fold = new AnswerFold();
    let shown = '';
    const attempts = 1 + Math.floor(random() * 3);
    const events = [];
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const length = 1 + Math.floor(random() * 6);
      const own = [started(attempt), ...Array.from({ length }, (_, i) => delta(attempt, i + 1, `${attempt}.${i} `))];
      events.push(...(attempt === attempts ? [...own, completed(attempt, length + 1)] : own));
      // A worker that was frozen says something of an attempt before this one.
      if (attempt > 1 && random() < 0.5) events.splice(events.length - 1, 0, delta(attempt - 1, 1 + Math.floor(random() * 8), 'late '));
    }
    // Each reading of the log begins at its beginning, and is broken off somewhere.
    for (let reading = 0; fold.end === null; reading++) {
      const end = reading < 5 ? Math.floor(random() * events.length) : events.length;
      for (const [type, data] of events.slice(0, end)) {
        const event = fold.take(type, data);
        if (event?.type === 'answer_started') shown = '';
        else if (event?.type === 'answer_delta') shown += event.text;
      }
    }
    const expected = events.filter(([type, data]) => type === 'answer_delta' && data.attempt === attempts).map(([, data]) => data.text).join('');
    assert.equal(shown, expected, `seed ${seed}`);
    assert.equal(fold.text, expected);
  }
});

test('what is no event of an answer is left out', () => {
  const fold = new AnswerFold();
  for (const data of [null, undefined, {}, { attempt: '1', seq: 0 }, { attempt: 1 }, { attempt: -1, seq: 0 }]) assert.equal(fold.take('answer_delta', data), null);
  assert.equal(fold.hasHole, false);
});
