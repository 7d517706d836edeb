import './served.js';
import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';

// What the modules ask a browser for: nobody is signed in.
globalThis.sessionStorage = { getItem: () => null };
globalThis.addEventListener = () => {};
const { JobStream } = await import('../../main/resources/console/js/job-stream.js');

const MOST_HELD = 10_000;

afterEach(() => mock.restoreAll());

/** A stream whose server is asked by `load`, which is given what brings an event. */
function opened(load) {
  let take;
  const client = {
    on: () => {},
    close: () => {},
    subscribe: (channels, options, handler) => {
      take = handler;
      return { ready: Promise.resolve({ channels, refused: [] }) };
    },
  };
  const shown = [];
  const bring = (from, to) => { for (let i = from; i < to; i++) take({ kind: 'event', data: i }); };
  const stream = new JobStream({
    load: () => load(bring), loaded: answer => shown.push(`answer ${answer}`), event: ({ data }) => shown.push(data), state: () => {}, fault: () => {},
  }, client);
  return { shown, bring, done: stream.open(['jobs:mail']) };
}

test('what comes while the server is asked is applied behind its answer', async () => {
  const { shown, bring, done } = opened(async more => {
    more(0, 2);
    return 'a';
  });
  await done;
  bring(2, 3);
  assert.deepEqual(shown, ['answer a', 0, 1, 2]);
});

test('too much that comes while the server is asked makes it asked again with pauses that grow', async () => {
  // given more than can wait, three times, and some more in the pauses
  const pauses = [];
  mock.method(Math, 'random', () => 0);
  mock.method(globalThis, 'setTimeout', (act, ms) => {
    pauses.push(ms);
    stream.bring(0, MOST_HELD + 1);
    setImmediate(act);
  });
  let asked = 0;
  const stream = opened(async more => {
    asked++;
    if (asked > 20) throw Object.assign(new Error('it is asked without end'), { status: 400 });
    if (asked <= 3) more(0, MOST_HELD + 1);
    else more(7, 9);
    return asked;
  });

  // when it is opened
  await stream.done;

  // then what came before the last answer was asked for is in that
  assert.deepEqual(pauses, [500, 1_000, 2_000]);
  assert.deepEqual(stream.shown, ['answer 4', 7, 8]);
});
