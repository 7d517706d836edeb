// A hub begins at the position of the tab that is the furthest behind: what of the others' channels resumes, and what begins anew.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeTransport } from '../../../test-support/fake-transport.js';
import { until } from '../../../test-support/clock.js';
import { TailraceClient } from '../src/index.js';
import { Hub } from '../src/shared/hub.js';

const turn = () => new Promise(resolve => { setImmediate(resolve); });

/** A tab of the hub that is gone. `subs`: a list of [channel, start, since]. */
function tab(name, seq, subs) {
  const told = [];
  const port = {
    told,
    post: message => told.push(message),
    /** What one of its subscriptions has been given: the data of events, and the reasons of gaps. */
    got: id => told.flatMap(({ items = [] }) => items).filter(({ subs: ids, what }) => ids.includes(id) && ['event', 'gap'].includes(what.kind))
      .map(({ what }) => (what.kind === 'event' ? what.data : what.reason)),
  };
  const attach = {
    op: 'attach', tab: name, token: null, hasToken: false, position: { hub: 'before', epoch: 1, seq, cursor: `c${seq}` },
    subs: subs.map(([channel, start, since], i) => ({ id: i + 1, channels: [{ channel, start, since }] })),
  };
  return { port, attach };
}

/** A hub that these have found after the one before was gone. */
async function takenOverBy(t, ...tabs) {
  const transport = new FakeTransport();
  const hub = new Hub(more => new TailraceClient({ url: 'http://fake', transports: [transport], ...more }), { gatherMs: 1 });
  t.after(() => hub.close());
  for (const { port, attach } of tabs) hub.receive(port, attach);
  await until(() => transport.streams.length > 0);
  await turn();
  return transport;
}

test('who has asked for the past of a channel with which a tab that comes later goes on is told that it is missing', async t => {
  const waits = tab('waits', 5, [['news:a', 'live', 1], ['news:b', 'last:3', null]]);
  const goesOn = tab('goes on', 6, [['news:b', 'last:3', 4]]);
  const transport = await takenOverBy(t, waits, goesOn);
  const { request } = transport.last;
  assert.deepEqual([request.cursor, request.channels.map(each => each.channel)], ['c5', ['news:a', 'news:b']]);
  transport.last.event('news:b', 9);
  await turn();
  assert.deepEqual(waits.port.got(2), ['joined-late', 9]);
  assert.deepEqual(goesOn.port.got(1), [9]);
});

test('what a tab that goes on elsewhere had is no position of those that stay: they begin as they say', async t => {
  const stays = tab('stays', 5, [['news:a', 'live', 1], ['news:b', 'last:3', null]]);
  // It has news:c since after the position at which the others go on.
  const leaves = tab('leaves', 9, [['news:b', 'last:3', 4], ['news:c', 'live', 8]]);
  const transport = await takenOverBy(t, stays, leaves);
  assert.ok(leaves.port.told.some(({ op }) => op === 'apart'));
  assert.deepEqual(transport.last.request.channels.map(each => each.channel), ['news:a']);
  assert.deepEqual(transport.last.changes, [{ add: [{ channel: 'news:b', start: 'last:3' }], remove: [] }]);
  for (const n of [7, 8, 9]) transport.last.event('news:b', n);
  await turn();
  assert.deepEqual(stays.port.got(2), [7, 8, 9]);
});

test('a channel that the cursor of the one before has already, and of which nobody has heard, begins as it was asked for', async t => {
  const waits = tab('waits', 5, [['news:a', 'live', 1], ['news:b', 'last:3', null]]);
  const transport = await takenOverBy(t, waits);
  // The server would go on from the cursor if the channel were named with it.
  assert.deepEqual(transport.streams[0].request.channels.map(each => each.channel), ['news:a']);
  assert.deepEqual(transport.last.changes, [{ add: [{ channel: 'news:b', start: 'last:3' }], remove: [] }]);
});
