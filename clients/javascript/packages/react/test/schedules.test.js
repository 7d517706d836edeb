import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test } from 'vitest';
import { fastClock, until } from '../../../test-support/clock.js';
import { broken, ScheduleServer, seeded } from '../../../test-support/schedules.js';
import { SSEProvider, useSSESubscription } from '../src/index.js';

const plans = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../schedules.json'), 'utf8'));

// The AbortSignal of jsdom is none for the fetch of Node.js.
const plainFetch = (url, { signal, ...rest }) => fetch(url, rest);

/** What a hook was given: the events in their order, and the gaps and resets that its error has shown. */
async function shown(plan) {
  const server = await new ScheduleServer(plan).start();
  const events = [];
  const told = new Set();
  function All() {
    const { error } = useSSESubscription(plan.channels, { start: 'earliest', transform: e => { events.push({ n: e.data.n }); return e.data.n; } });
    if (error?.delivery) told.add(error.delivery);
    return null;
  }
  const options = {
    gatewayUrl: server.url, token: async () => server.token, fetch: plainFetch, heartbeatSeconds: 1,
    clock: fastClock(20, seeded(plan.seed)), pauses: { firstMs: 20, maxMs: 100, maxAskedMs: 100 },
  };
  const root = createRoot(document.createElement('div'));
  root.render(createElement(SSEProvider, options, createElement(All)));
  try {
    await until(() => events.at(-1)?.n === plan.events - 1, `seed ${plan.seed}`);
    // The error of a gap is rendered a moment after it came.
    await new Promise(resolve => { setTimeout(resolve, 30); });
  } finally {
    root.unmount();
    await new Promise(resolve => { setTimeout(resolve, 5); });
    await server.stop();
  }
  return { events, told: [...told] };
}

test(`a hook is given every event once and in order, or its error tells of the gap, in ${plans.length} schedules`, async () => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
  let gaps = 0;
  for (let i = 0; i < plans.length; i += 10) {
    const some = plans.slice(i, i + 10);
    const results = await Promise.all(some.map(shown));
    results.forEach(({ events, told }, k) => {
      const wrong = broken(some[k], events);
      if (told.length === 0) expect(wrong, `seed ${some[k].seed}`).toEqual([]);
      else if (!told.some(each => each.kind === 'reset')) expect(wrong.filter(each => each.includes('came again')), `seed ${some[k].seed}`).toEqual([]);
      gaps += told.length;
    });
  }
  expect(gaps).toBeGreaterThan(0);
}, 60_000);
