import { createElement, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test } from 'vitest';
import { fastClock, until } from '../../../test-support/clock.js';
import { broken, schedules, ScheduleServer, seeded } from '../../../test-support/schedules.js';
import { SSEProvider, useSSESubscription, useTailraceClient } from '../src/index.js';

// By hand: TAILRACE_SCHEDULES=1000 npx vitest run --root packages/react schedules
const plans = schedules();

// The AbortSignal of jsdom is none for the fetch of Node.js.
const plainFetch = (url, { signal, ...rest }) => fetch(url, rest);

/**
 * What a hook was given: the events, and in their place among them the gaps and resets that its client has told; and how many of these
 * its error has shown.
 */
async function given(plan) {
  const server = await new ScheduleServer(plan).start();
  const clock = fastClock(20, seeded(plan.seed));
  server.slept = clock.jump;
  const all = [];
  const shown = new Set();
  function All() {
    const client = useTailraceClient();
    // Before the subscription of the hook, whose effect comes next.
    useEffect(() => {
      const tell = ({ kind, lost = null, channels }) => all.push({ told: kind, lost, channels });
      const stops = ['gap', 'reset'].map(kind => client().on(kind, tell));
      return () => { for (const stop of stops) stop(); };
    });
    const { error } = useSSESubscription(plan.channels, { start: 'earliest', transform: e => { all.push({ n: e.data.n }); return e.data.n; } });
    if (error?.delivery) shown.add(error.delivery);
    return null;
  }
  const options = {
    gatewayUrl: server.url, token: () => server.giveToken(), fetch: plainFetch, heartbeatSeconds: 1, clock, pauses: { firstMs: 20, maxMs: 100, maxAskedMs: 100 },
  };
  const root = createRoot(document.createElement('div'));
  root.render(createElement(SSEProvider, options, createElement(All)));
  const told = () => all.filter(each => each.told).length;
  try {
    await until(() => all.at(-1)?.n === plan.events - 1, `seed ${plan.seed}`, 60_000);
    // The error of a gap is rendered a moment after it came.
    await until(() => told() === 0 || shown.size > 0, `seed ${plan.seed}: the error`);
  } finally {
    root.unmount();
    await new Promise(resolve => { setTimeout(resolve, 5); });
    await server.stop();
  }
  return all;
}

test(`a hook is given every event once and in order, or its error tells of the gap, in ${plans.length} schedules`, async () => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
  let gaps = 0;
  for (let i = 0; i < plans.length; i += 10) {
    const some = plans.slice(i, i + 10);
    const results = await Promise.all(some.map(given));
    results.forEach((all, k) => {
      expect(broken(some[k], all), `seed ${some[k].seed}: ${JSON.stringify(some[k])}`).toEqual([]);
      gaps += all.filter(each => each.told).length;
    });
  }
  expect(gaps).toBeGreaterThan(0);
}, 600_000);
