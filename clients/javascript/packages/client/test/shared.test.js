import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../test-support/clock.js';
import { logServer } from '../../../test-support/log-server.js';
import { seeded } from '../../../test-support/schedules.js';
import { hubOf } from '../src/shared/carriers.js';
import { SharedClient } from '../src/shared/index.js';

/** A place for the owner of a connection, which can be killed; what is on its way to a tab takes as long as chance says. */
function memory(random) {
  let owner = null;
  const links = new Set();
  return {
    kill() {
      owner.isDead = true;
      owner.hub.close();
      owner = null;
      for (const link of [...links]) {
        if (random() < 0.5) link.drop();
        setTimeout(() => link.lost(true), random() * 5);
      }
    },
    carrier: {
      open({ options, message, ready, lost }) {
        owner ??= { hub: hubOf(options), isDead: false };
        const mine = owner;
        const queue = [];
        // In their order, some later than others; what a dead one has sent comes all the same, or not.
        const deliver = () => { if (!isCut) for (const what of queue.splice(0)) message(what); };
        const port = { post: what => { queue.push(structuredClone(what)); setTimeout(deliver, random() * 4); } };
        let isCut = false;
        const link = { lost, drop: () => { isCut = true; } };
        links.add(link);
        setTimeout(ready, 0);
        return {
          name: 'memory', dead: () => {},
          post: what => { if (!mine.isDead) mine.hub.receive(port, structuredClone(what)); },
          close: () => { queue.length = 0; links.delete(link); },
        };
      },
    },
  };
}

test('five tabs have one stream, and when its owner dies, again and again, each has every event once and in order', async () => {
  const random = seeded(5);
  const { server, open, publish } = await logServer();
  const place = memory(random);
  const tabs = Array.from({ length: 5 }, () => new SharedClient({ url: server.url, user: 'dora', carriers: [place.carrier], pauses: { firstMs: 5, maxMs: 20 } }));
  const got = tabs.map(() => []);
  try {
    tabs.forEach((tab, i) => tab.subscribe('news:a', each => got[i].push(each.kind === 'event' ? each.data : each)));
    await until(() => tabs.every(tab => tab.state === 'live'));
    assert.equal(open.size, 1);
    let n = 0;
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 30; i++) {
        publish(n++);
        if (i % 7 === 0) await new Promise(resolve => { setTimeout(resolve, 2); });
        if (i === 15) {
          // What it has had is on its way to the tabs: some have it when it dies, and some never get it.
          await until(() => got.some(each => each.length >= n - 2));
          place.kill();
        }
      }
      await until(() => got.every(each => each.length >= n), `round ${round}: ${got.map(each => each.length)} of ${n}`);
    }
    await until(() => open.size === 1);
    assert.deepEqual(tabs.map(tab => tab.sharing), Array(5).fill('memory'), 'each is on the shared one');
    const all = Array.from({ length: n }, (_, i) => i);
    for (const each of got) assert.deepEqual(each, all);
  } finally {
    for (const tab of tabs) tab.close();
    await server.stop();
  }
});

test('a tab that pauses has left the connection, and when it resumes it has what it missed, once and in order', async () => {
  const { server, open, publish } = await logServer();
  const place = memory(() => 0.9);
  const [tab, other] = ['one', 'two'].map(() => new SharedClient({ url: server.url, user: 'dora', carriers: [place.carrier], pauses: { firstMs: 5, maxMs: 20 } }));
  const got = [];
  const cursors = [];
  try {
    tab.on('cursor', cursor => cursors.push(cursor));
    tab.subscribe('news:a', each => got.push(each.kind === 'event' ? each.data : each));
    other.subscribe('news:a');
    await until(() => tab.state === 'live' && other.state === 'live');
    publish(0);
    await until(() => got.length === 1);
    await until(() => cursors.at(-1) === 'c1');

    tab.pause();
    assert.deepEqual([tab.state, tab.detail.reason, tab.cursor], ['idle', 'paused', 'c1']);
    publish(1);
    await until(() => other.cursor === 'c2');
    assert.deepEqual([got, open.size], [[0], 1]);
    tab.resume();
    await until(() => got.length === 2 && tab.state === 'live');
    assert.equal(open.size, 1, 'the connection of the other one');

    // Alone it ends the connection; what is subscribed to meanwhile opens none.
    other.close();
    tab.pause();
    await until(() => open.size === 0);
    publish(2);
    const late = tab.subscribe('news:a', { start: 'live' });
    await new Promise(resolve => { setImmediate(resolve); });
    assert.deepEqual([tab.state, open.size], ['idle', 0]);
    late.close();
    tab.resume();
    await until(() => got.length === 3);
    assert.deepEqual(got, [0, 1, 2]);
  } finally {
    for (const each of [tab, other]) each.close();
    await server.stop();
  }
});

test('tabs that show two people have two connections, and those of one person share one', async () => {
  const { server, open, publish } = await logServer();
  const places = new Map();
  const carrier = {
    open: ends => {
      if (!places.has(ends.key)) places.set(ends.key, memory(() => 0.9));
      return places.get(ends.key).carrier.open(ends);
    },
  };
  const tabs = ['dora', 'otto', 'otto'].map(user => new SharedClient({ url: server.url, user, carriers: [carrier] }));
  const unknown = new SharedClient({ url: server.url, token: 'nobody says whose', carriers: [carrier] });
  const got = [...tabs, unknown].map(() => 0);
  try {
    [...tabs, unknown].forEach((tab, i) => tab.subscribe('news:a', () => got[i]++));
    await until(() => [...tabs, unknown].every(tab => tab.state === 'live'));
    assert.deepEqual([places.size, open.size], [2, 3]);
    assert.equal(unknown.sharing, 'tab');
    publish(0);
    await until(() => got.every(count => count === 1));
  } finally {
    for (const tab of [...tabs, unknown]) tab.close();
    await server.stop();
  }
});
