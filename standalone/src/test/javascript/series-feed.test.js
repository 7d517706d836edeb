import './served.js';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

const METRIC = '0190f3c2-0000-7000-8000-000000000001';
const CHANNEL = `series:${METRIC}:1s`;
const answer = {
  metric: { id: METRIC, name: 'room' }, resolution: '1s', columns: ['t', 'count', 'min', 'max', 'mean', 'last'],
  rows: [['2026-01-02T03:04:05Z', 1, 5, 5, 5, 5]], channel: CHANNEL, position: 'Ag',
};
const wanted = () => ({ from: 0, to: 60_000, isLive: true, resolution: 'auto', maxPoints: 100 });

// What the modules ask a browser for: nobody is signed in.
globalThis.sessionStorage = { getItem: () => null };
globalThis.addEventListener = () => {};
const { SeriesFeed } = await import('../../main/resources/dashboard/js/series-feed.js');
const { pauseMs } = await import('../../../../clients/javascript/packages/client/src/backoff.js');
const { Problem } = await import('../../../../clients/javascript/packages/client/src/http.js');

let reads;
/** What each of them is answered. @type {() => Response} */
let read;
/** The pauses in milliseconds, each of which is over at once. */
let pauses;
/** Told of each pause. @type {() => void} */
let paused;

beforeEach(() => {
  reads = 0;
  pauses = [];
  read = () => Response.json(answer);
  mock.method(globalThis, 'fetch', async () => {
    if (++reads > 50) throw new TypeError('it is asked without end');
    return read();
  });
  mock.method(Math, 'random', () => 0);
  mock.method(globalThis, 'setTimeout', (act, ms) => {
    pauses.push(ms);
    paused();
    setImmediate(act);
  });
});
afterEach(() => mock.restoreAll());

/** A client whose streams have a cursor, and whose channels answer a page of events. */
function client(page) {
  const clock = { now: () => 0, random: () => 0, setTimer: act => setImmediate(act) };
  return {
    cursor: 'Ah',
    access: () => ({ url: '', clock, fetch: null, tokens: { get: async () => null }, Problem, pauseMs, pauses: undefined, send: async () => page() }),
    subscribe: () => ({ ready: Promise.resolve({ channels: [CHANNEL], refused: [] }), on: () => {}, close: () => {} }),
  };
}

test('a position that the channel has no more is asked for again with pauses that grow', async () => {
  // given a copy that is further behind than the channel is kept
  const feed = new SeriesFeed(client(() => ({ events: [], next: null, position: 'Ah', gap: { lost: 7 } })), METRIC, () => {});
  paused = () => { if (pauses.length === 6) feed.close(); };

  // when it is followed
  await feed.open(wanted);

  // then it waits each time, and longer
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 7_500, 7_500]);
  assert.equal(reads, 6);
  assert.equal(feed.points.size, 1, 'what was read is shown meanwhile');
});

test('a server that is away is asked again with pauses that grow', async () => {
  const feed = new SeriesFeed(client(() => assert.fail('nothing is followed')), METRIC, () => {});
  read = () => Response.json({}, { status: 503 });
  paused = () => { if (pauses.length === 3) feed.close(); };
  await feed.open(wanted);
  assert.deepEqual(pauses, [500, 1_000, 2_000]);
  assert.equal(feed.fault.status, 503);
});

test('what is refused is not asked again', async () => {
  const feed = new SeriesFeed(client(() => assert.fail('nothing is followed')), METRIC, () => {});
  read = () => Response.json({ detail: 'no such metric' }, { status: 404 });
  await feed.open(wanted);
  assert.deepEqual(pauses, []);
  assert.equal(feed.fault.message, 'no such metric');
});

test('what a bridge could not copy is kept beside the windows', async () => {
  const gap = { from: '2026-01-02T03:04:06Z', to: null, reason: 'The source has lost them.' };
  const events = [{ id: 'Ah', event: 'series_gap', data: { channel: CHANNEL, id: '1', time: '2026-01-02T03:04:07Z', data: gap } }];
  let told = 0;
  const feed = new SeriesFeed(client(() => ({ events, next: null, position: 'Ah' })), METRIC, () => told++);
  paused = () => {};
  void feed.open(wanted);
  for (let i = 0; i < 100 && feed.gaps.length === 0; i++) await new Promise(setImmediate);
  feed.close();

  assert.deepEqual(feed.gaps, [gap]);
  assert.ok(told >= 2, 'what is shown is drawn anew');
});
