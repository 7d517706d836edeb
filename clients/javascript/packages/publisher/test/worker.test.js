import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { until } from '../../../test-support/clock.js';
import { TestServer } from '../../../test-support/server.js';
import { GiveUp, JobWorker, RetryLater } from '../src/index.js';

const PAUSES = { firstMs: 5, maxMs: 20, maxAskedMs: 20 };
const PATIENCE_MS = 30_000;
const lease = (n, { type = 'resize', payload = null, leaseSeconds = 30, timeoutSeconds = 300 } = {}) => ({
  id: `j-${n}`, token: 1, queue: 'images', type, attempt: 1, last_attempt: false, priority: 5, enqueued_at: '2026-01-01T00:00:00Z',
  timeout_seconds: timeoutSeconds, lease_seconds: leaseSeconds, payload,
});

/** Gives each of its leases once, and keeps what is said of them. */
let server;
let leases;
let outcomes;
let heartbeats;
let asked;
let states;
let steps;
let logs;

beforeEach(async () => {
  [leases, outcomes, heartbeats, asked, logs, states, steps] = [[], [], [], [], [], {}, { lease: [], outcome: [], log: [] }];
  // A request of the test before may still wait.
  const given = leases;
  server = await new TestServer().start();
  server.onRequest(async ({ path, headers, body }) => {
    const [, , , id, what] = path.split('/');
    if (what === 'heartbeat') {
      heartbeats.push([id, body]);
      return states[id] === 'over' ? { status: 409, body: {} } : { status: 200, body: { id, state: states[id] ?? 'running' } };
    }
    if (what === 'log') {
      const step = steps.log.shift();
      if (step) return step;
      logs.push([id, body]);
      return { status: 204 };
    }
    if (what === 'outcome') {
      const step = steps.outcome.shift();
      if (step) return step;
      outcomes.push([id, body]);
      return { status: 200, body: { id, state: 'succeeded' } };
    }
    asked.push({ ...body, key: headers['idempotency-key'], authorization: headers.authorization });
    const step = steps.lease.shift();
    if (step) return step;
    if (given.length === 0) await new Promise(resolve => { setTimeout(resolve, 50); });
    return { status: 200, body: { leases: given.splice(0, body.limit) } };
  });
});

afterEach(() => server.stop());

const working = async (options, handlers, action) => {
  const warnings = [];
  const worker = new JobWorker({ url: server.url, token: 'secret', graceMs: 100, stopOnSignals: false, pauses: PAUSES, onWarning: text => warnings.push(text), ...options });
  for (const [type, handler] of Object.entries(handlers)) worker.job(type, handler);
  const run = worker.run();
  try {
    await action(worker);
  } finally {
    worker.stop();
    await run;
  }
  return warnings;
};

test('a handler gets its payload, and what it gives is the result', async () => {
  leases.push(lease(1, { payload: { width: 50 } }));
  const resize = async ({ width }, job) => ({ width: width * 2, attempt: job.attempt, queue: job.queue, last: job.isLastAttempt, left: job.secondsLeft() > 290 });
  await working({ name: 'w1', concurrency: 3 }, { resize }, () => until(() => outcomes.length === 1, 'the outcome', PATIENCE_MS));
  assert.deepEqual(outcomes, [['j-1', { token: 1, outcome: 'succeeded', result: { width: 100, attempt: 1, queue: 'images', last: false, left: true } }]]);
  const { key, ...first } = asked[0];
  assert.deepEqual(first, { types: ['resize'], worker: 'w1', limit: 3, wait_seconds: 15, authorization: 'Bearer secret' });
  assert.match(key, /^[0-9a-f-]{36}$/);
});

test('what a handler throws says what follows', async () => {
  const handlers = {
    gives: () => { throw new GiveUp('no such image', { type: 'no_image' }); },
    later: async () => { throw new RetryLater('busy', { afterSeconds: 7 }); },
    breaks: () => { throw new TypeError('broken \ud800'); },
    text: () => { throw 'only a text'; },
    nothing: () => {},
    large: () => 'x'.repeat(70_000),
    cycle: () => { const a = {}; a.a = a; return a; },
  };
  leases.push(...Object.keys(handlers).map((type, i) => lease(i, { type })));
  await working({ concurrency: 1 }, handlers, () => until(() => outcomes.length === 7, 'the outcomes', PATIENCE_MS));
  const said = outcomes.map(([, { token, ...rest }]) => rest);
  assert.deepEqual(said.slice(0, 5), [
    { outcome: 'failed', error: { type: 'no_image', message: 'no such image' }, give_up: true },
    { outcome: 'failed', error: { type: 'retry_later', message: 'busy' }, retry_after_seconds: 7 },
    { outcome: 'failed', error: { type: 'TypeError', message: 'broken \ufffd' } },
    { outcome: 'failed', error: { type: 'Error', message: 'only a text' } },
    { outcome: 'succeeded' },
  ]);
  for (const each of said.slice(5)) assert.deepEqual([each.outcome, each.error.type, each.give_up], ['failed', 'invalid_result', true]);
});

test('a result that the server refuses is a failure that no attempt can cure', async () => {
  leases.push(lease(1));
  steps.outcome.push({ status: 400, body: { type: 'https://tailrace.io/problems/validation', detail: 'result: no' } });
  await working({}, { resize: () => 1 }, () => until(() => outcomes.length === 1, 'the outcome', PATIENCE_MS));
  assert.deepEqual(outcomes[0][1], { token: 1, outcome: 'failed', error: { type: 'invalid_result', message: 'result: no' }, give_up: true });
});

test('no more jobs run at a time than there are places, and one that is given twice runs once', async () => {
  let now = 0;
  let most = 0;
  const runs = [];
  let go;
  const gone = new Promise(resolve => { go = resolve; });
  const resize = async (_, { id }) => {
    runs.push(id);
    most = Math.max(most, ++now);
    await gone;
    now--;
  };
  leases.push(lease(1), lease(1), lease(2), lease(3), lease(4));
  await working({ concurrency: 2 }, { resize }, async () => {
    await until(() => runs.length === 2, 'two run', PATIENCE_MS);
    go();
    await until(() => outcomes.length === 4, 'the outcomes', PATIENCE_MS);
  });
  assert.equal(most, 2);
  assert.deepEqual(runs, ['j-1', 'j-2', 'j-3', 'j-4']);
});

test('heartbeats go on beside the handler and bring its progress', async () => {
  let end;
  const resize = (_, job) => {
    job.progress(0.25, 'a quarter');
    assert.throws(() => job.progress(2), RangeError);
    return new Promise(resolve => { end = resolve; });
  };
  // A third of it is no whole number of milliseconds.
  leases.push(lease(1, { leaseSeconds: 4 }));
  await working({}, { resize }, async () => {
    await until(() => heartbeats.length >= 2, 'heartbeats', PATIENCE_MS);
    end();
    await until(() => outcomes.length === 1, 'the outcome', PATIENCE_MS);
  });
  assert.deepEqual(heartbeats.slice(0, 2).map(([, body]) => body), [{ token: 1, progress: { fraction: 0.25, message: 'a quarter' } }, { token: 1 }]);
});

for (const [state, reason, expected] of [
  ['cancelled', 'cancelled', [['j-1', { token: 1, outcome: 'handed_back' }]]],
  ['over', 'lease_lost', []],
]) {
  test(`a handler whose job is ${reason} is aborted`, async () => {
    const reasons = [];
    states['j-1'] = state;
    leases.push(lease(1, { leaseSeconds: 3 }));
    const resize = (_, { signal }) => new Promise((_, reject) => {
      signal.addEventListener('abort', () => { reasons.push(signal.reason.message); reject(signal.reason); });
    });
    await working({}, { resize }, worker => until(() => reasons.length === 1 && worker.running === 0, 'its end', PATIENCE_MS));
    assert.deepEqual(reasons, [reason]);
    assert.deepEqual(outcomes, expected);
  });
}

test('an attempt that takes longer than its job allows is aborted and has failed', async () => {
  leases.push(lease(1, { timeoutSeconds: 1 }));
  const resize = (_, { signal }) => new Promise((_, reject) => { signal.addEventListener('abort', () => reject(new Error('ended'))); });
  await working({}, { resize }, () => until(() => outcomes.length === 1, 'the outcome', PATIENCE_MS));
  assert.deepEqual(outcomes[0][1], { token: 1, outcome: 'failed', error: { type: 'timeout', message: 'the attempt took longer than 1 s' } });
});

test('a lost answer is asked for again with the same key, and an outcome until it is taken', async () => {
  for (const each of [steps.lease, steps.outcome]) each.push('cut', { status: 503, body: {} });
  leases.push(lease(1));
  await working({ concurrency: 1 }, { resize: () => {} }, () => until(() => outcomes.length === 1, 'the outcome', PATIENCE_MS));
  assert.equal(new Set(asked.slice(0, 3).map(each => each.key)).size, 1);
  assert.notEqual(asked[3]?.key, asked[0].key);
});

test('a worker that stops lets jobs end and hands back the others', async () => {
  leases.push(lease(1, { type: 'ends' }), lease(2, { type: 'leaves' }), lease(3, { type: 'goes' }));
  const onAbort = (signal, action) => new Promise((resolve, reject) => { signal.addEventListener('abort', () => action(resolve, reject)); });
  let started = 0;
  await working({ concurrency: 3 }, {
    ends: (_, { signal }) => (started++, onAbort(signal, resolve => resolve('ended'))),
    leaves: (_, { signal }) => (started++, onAbort(signal, (_, reject) => reject(signal.reason))),
    goes: () => (started++, new Promise(() => {})),
  }, () => until(() => started === 3, 'all run', PATIENCE_MS));
  assert.deepEqual(Object.fromEntries(outcomes), {
    'j-1': { token: 1, outcome: 'succeeded', result: 'ended' },
    'j-2': { token: 1, outcome: 'handed_back' },
    'j-3': { token: 1, outcome: 'handed_back' },
  });
});

test('SIGTERM ends a process when its jobs have ended', async () => {
  leases.push(lease(1));
  const source = `import { JobWorker } from '${new URL('../src/index.js', import.meta.url)}';
    await new JobWorker({ url: '${server.url}' }).job('resize', () => { process.kill(process.pid, 'SIGTERM'); return new Promise(resolve => { setTimeout(resolve, 50, 'done'); }); }).run();`;
  const [code] = await once(spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'inherit' }), 'exit');
  assert.equal(code, 0);
  assert.deepEqual(outcomes, [['j-1', { token: 1, outcome: 'succeeded', result: 'done' }]]);
});

test('a refusal ends the worker with the words of the server, and what cannot be meant is refused at once', async () => {
  steps.lease.push({ status: 403, body: { type: 'https://tailrace.io/problems/forbidden', detail: 'This needs the role worker' } });
  const make = options => new JobWorker({ url: server.url, stopOnSignals: false, ...options });
  await assert.rejects(make().job('x', () => {}).run(), { name: 'Problem', status: 403, message: 'This needs the role worker' });
  steps.lease.push({ status: 200, body: 'a page' });
  await assert.rejects(make().job('x', () => {}).run(), /the URL that of Tailrace/);
  await assert.rejects(make().run(), /no handlers/);
  assert.throws(() => make().job('x', 5), TypeError);
  assert.throws(() => make().job('x', () => {}).job('x', () => {}), /two handlers/);
  assert.throws(() => make({ concurrency: 0 }), RangeError);
  const { TAILRACE_URL: before } = process.env;
  delete process.env.TAILRACE_URL;
  try {
    assert.throws(() => new JobWorker({}), /TAILRACE_URL/);
  } finally {
    if (before !== undefined) process.env.TAILRACE_URL = before;
  }
});

test('what a handler logs is kept before its outcome, each line once, and what the server did not take is sent again', async () => {
  leases.push(lease(1));
  steps.log.push({ status: 503, headers: { 'Retry-After': '0' }, body: {} });
  const resize = (_, job) => {
    job.log('read 3 rows');
    job.log('é'.repeat(3_000), 'warn');
    job.log('half \ud800', 'error');
  };
  await working({}, { resize }, () => until(() => outcomes.length === 1, 'the outcome', PATIENCE_MS));
  const lines = new Map(logs.flatMap(([, body]) => body.lines.map(({ line, level, text }) => [line, [level, text]])));
  assert.deepEqual([...lines.keys()], [1, 2, 3]);
  assert.deepEqual(lines.get(1), ['info', 'read 3 rows']);
  assert.equal(lines.get(2)[1], `${'é'.repeat(2_046)}…`);
  assert.deepEqual(lines.get(3), ['error', 'half \ufffd']);
  assert.ok(logs.every(([id, { token, attempt, dropped }]) => id === 'j-1' && token === 1 && attempt === 1 && dropped === 0));
});

test('lines come while the handler runs, and what is beyond their bounds is counted', async () => {
  leases.push(lease(1));
  let done;
  const gone = new Promise(resolve => { done = resolve; });
  const resize = async (_, job) => {
    job.log('begun');
    await gone;
    for (let i = 0; i < 510; i++) job.log(`line ${i}`);
  };
  await working({}, { resize }, async () => {
    await until(() => logs.length === 1, 'the first line', PATIENCE_MS);
    assert.equal(outcomes.length, 0);
    done();
    await until(() => outcomes.length === 1, 'the outcome', PATIENCE_MS);
  });
  const numbers = logs.flatMap(([, body]) => body.lines.map(({ line }) => line));
  assert.deepEqual(numbers, Array.from({ length: 500 }, (_, i) => i + 1));
  assert.equal(logs.at(-1)[1].dropped, 11);
});
