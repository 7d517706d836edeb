import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fastClock } from '../../../test-support/clock.js';
import { broken, schedule, schedules, ScheduleServer, seeded } from '../../../test-support/schedules.js';
import { TailraceClient } from '../src/index.js';

// By hand: TAILRACE_SCHEDULES=1000 node --test packages/client/test/schedules.test.js
const plans = schedules();

/** What a connection can go to from where. */
const TRANSITIONS = {
  idle: 'connecting closed',
  connecting: 'connecting catching-up live waiting idle closed',
  'catching-up': 'live connecting waiting idle closed',
  live: 'connecting waiting idle closed',
  waiting: 'connecting idle closed',
  closed: '',
};

/** What a client is given while a server does a schedule. */
export async function received(plan) {
  const server = await new ScheduleServer(plan).start();
  const clock = fastClock(20, seeded(plan.seed));
  server.slept = clock.jump;
  const client = new TailraceClient({
    url: server.url, token: () => server.giveToken(), heartbeatSeconds: 1, clock,
    pauses: { firstMs: 20, maxMs: 100, maxAskedMs: 100 },
  });
  const all = [];
  const odd = [];
  client.on('state', ({ previous, state }) => { if (!TRANSITIONS[previous].split(' ').includes(state)) odd.push(`${previous} ${state}`); });
  try {
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`seed ${plan.seed}: not done, ${JSON.stringify(client.detail)} ${JSON.stringify(all.at(-1))}`)), 60_000);
      client.subscribe(plan.channels, { start: 'earliest' }, delivery => {
        all.push(delivery.kind === 'event' ? { n: delivery.data.n } : { told: delivery.kind, lost: delivery.lost ?? null, channels: delivery.channels });
        if (delivery.kind === 'event' && delivery.data.n === plan.events - 1) {
          clearTimeout(timer);
          resolve();
        }
      });
    });
  } finally {
    client.close();
    await server.stop();
  }
  assert.deepEqual(odd, []);
  return all;
}

test(`every event comes once and in order, or a gap is told, in ${plans.length} schedules`, async () => {
  let gaps = 0;
  for (let i = 0; i < plans.length; i += 10) {
    const some = plans.slice(i, i + 10);
    const results = await Promise.all(some.map(received));
    results.forEach((result, k) => {
      assert.deepEqual(broken(some[k], result), [], `seed ${some[k].seed}: ${JSON.stringify(some[k])}`);
      gaps += result.filter(each => 'told' in each).length;
    });
  }
  assert.ok(gaps > 0, 'some of the schedules lose something');
});

test('what holds a client against the promise finds what breaks it', () => {
  const plan = { events: 3, channels: ['a', 'b'] };
  const at = n => ({ n });
  const gap = (lost, ...channels) => ({ told: 'gap', lost, channels });
  assert.deepEqual(broken(plan, [at(0), at(1), at(2)]), []);
  assert.equal(broken(plan, [at(0), at(2)]).length, 1);
  assert.equal(broken(plan, [at(0), at(0), at(1), at(2)]).length, 1);
  assert.equal(broken(plan, [at(0), gap(1, 'a', 'b'), at(2)]).length, 0);
  assert.equal(broken({ ...plan, events: 5 }, [at(0), gap(1, 'a', 'b'), at(4)]).length, 2);
  assert.equal(broken(plan, [at(0), at(1)]).length, 1);
  assert.equal(broken(plan, [gap(1, 'b'), at(0), at(2)]).length, 0, 'of one channel it is told before its place comes');
  assert.equal(broken(plan, [gap(1, 'a'), at(0), at(2)]).length, 1);
  assert.equal(broken({ ...plan, events: 4 }, [at(0), { told: 'reset' }, at(3)]).length, 0);
  assert.equal(broken({ ...plan, events: 5 }, [at(0), { told: 'reset' }, at(1), at(4)]).length, 2);
});

test('the file of schedules is what its seeds say', () => {
  const file = JSON.parse(readFileSync(new URL('../../../../schedules.json', import.meta.url), 'utf8'));
  assert.deepEqual(file, file.map((_, i) => schedule(i + 1)), 'node test-support/write-schedules.js writes it');
});
