// Against a real Tailrace: TAILRACE_URL, and TAILRACE_TOKEN with the role worker and for jobs of the types js.*.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { until } from '../../../test-support/clock.js';
import { GiveUp, JobWorker, SSEPublisher } from '../src/index.js';

const { TAILRACE_URL: url, TAILRACE_TOKEN: token } = process.env;
const skip = url && token ? false : 'TAILRACE_URL and TAILRACE_TOKEN are not set';
const LIMIT_MS = 90_000;
const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
const theJob = async id => (await fetch(`${url}/jobs/${id}`, { headers })).json();

async function untilState(id, state) {
  let job;
  const endsAt = Date.now() + LIMIT_MS;
  while ((job = await theJob(id)).state !== state) {
    assert.ok(Date.now() < endsAt, JSON.stringify(job));
    await new Promise(resolve => { setTimeout(resolve, 100); });
  }
  return job;
}

test('a job whose worker is killed runs elsewhere after its lease, and the old outcome is refused', { skip }, async () => {
  const sse = new SSEPublisher({ gatewayUrl: url, serviceToken: token, serviceName: 'js' });
  const { id } = await sse.enqueue('js.resize', { width: 100 });
  const source = `import { JobWorker } from '${new URL('../src/index.js', import.meta.url)}';
    await new JobWorker().job('js.resize', (_, job) => { console.log(job.token); return new Promise(() => {}); }).run();`;
  const killed = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TAILRACE_SERVICE_TOKEN: token },
  });
  const [said] = await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  const old = Number(said);
  const survivor = new JobWorker({ url, token, stopOnSignals: false });
  survivor.job('js.resize', ({ width }, job) => {
    job.progress(0.5, 'half');
    return { width, attempt: job.attempt, newer: job.token > old };
  });
  const run = survivor.run();
  try {
    const done = await untilState(id, 'succeeded');
    assert.deepEqual(done.result, { width: 100, attempt: 2, newer: true });
    assert.equal(done.attempts[0].error.type, 'lease_expired');
    const late = await fetch(`${url}/jobs/leases/${id}/outcome`, { method: 'POST', headers, body: JSON.stringify({ token: old, outcome: 'succeeded', result: 'late' }) });
    assert.equal(late.status, 409);
    assert.deepEqual((await theJob(id)).result, done.result);
  } finally {
    survivor.stop();
    await run;
    await sse.close();
  }
});

test('a running job is cancelled, and one whose handler gives up is dead', { skip }, async () => {
  const sse = new SSEPublisher({ gatewayUrl: url, serviceToken: token, serviceName: 'js' });
  const reasons = [];
  let started = false;
  const worker = new JobWorker({ url, token, concurrency: 2, stopOnSignals: false, onWarning: () => {} });
  worker.job('js.waits', (_, { signal }) => new Promise((_, reject) => {
    started = true;
    signal.addEventListener('abort', () => { reasons.push(signal.reason.message); reject(signal.reason); });
  }));
  worker.job('js.fails', () => { throw new GiveUp('there is no such image', { type: 'no_image' }); });
  const run = worker.run();
  try {
    const [waiting, failing] = await Promise.all([sse.enqueue('js.waits', null), sse.enqueue('js.fails', 1)]);
    await until(() => started, 'it runs', LIMIT_MS);
    await fetch(`${url}/jobs/${waiting.id}/cancel`, { method: 'POST', headers });
    const dead = await untilState(failing.id, 'dead');
    await until(() => reasons.length === 1, 'it is told', LIMIT_MS);
    assert.deepEqual(reasons, ['cancelled']);
    assert.deepEqual([dead.last_error.type, dead.attempt], ['no_image', 1]);
  } finally {
    worker.stop();
    await run;
    await sse.close();
  }
});
