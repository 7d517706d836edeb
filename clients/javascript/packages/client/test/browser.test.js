// In a real Chromium: the tabs of one browser.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Chromium, chromiumPath } from '../../../test-support/chromium.js';
import { until } from '../../../test-support/clock.js';
import { logServer } from '../../../test-support/log-server.js';

const skip = chromiumPath ? false : 'there is no Chromium';
const source = new URL('../src', import.meta.url).pathname;
const PAGE = `<!doctype html><script type="module">
  import { SharedClient } from '/src/shared/index.js';
  import { SharedClient as OtherBuild } from '/other/src/shared/index.js';
  import { TailraceClient } from '/src/index.js';
  import { openStore } from '/src/persistence.js';
  window.keep = async (options = {}) => {
    const all = { url: '', user: 'dora', saveMs: 10, onFault: fault => window.faults.push(fault.name), ...options };
    window.got = [];
    window.faults = [];
    window.store = await openStore(all);
    window.client = new TailraceClient({ ...all, resume: store.resume, pauses: { firstMs: 50, maxMs: 200 } });
    store.subscribe(client, 'news:a', {}, each => window.got.push(each.kind === 'event' ? each.data : each.kind));
    // What was kept is given at once, and what the server has comes later.
    window.kept = [...window.got];
    return store.place;
  };
  window.start = (options, build = SharedClient) => {
    window.got = [];
    window.client = new build({ url: '', pauses: { firstMs: 50, maxMs: 200 }, ...options });
    window.client.subscribe('news:a', each => window.got.push(each.kind === 'event' ? each.data : each));
  };
  window.startOther = options => window.start(options, OtherBuild);
</script>`;
let chromium;

before(() => { if (!skip) chromium = new Chromium(); });
after(() => chromium?.stop());

/** The log, with the client's sources and a page beside it. */
async function pages() {
  const log = await logServer();
  const { server } = log.server;
  const [streams] = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    // The same sources at a second address, as another application has them in its bundle.
    const path = request.url.split('?')[0].replace(/^\/other/, '');
    const file = join(source, path.slice('/src/'.length));
    if (path.startsWith('/events')) streams(request, response);
    else if (path === '/page') response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
    // A page that may not store anything.
    else if (path === '/sandbox') response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': 'sandbox allow-scripts' }).end(PAGE);
    else if (path.startsWith('/src/') && existsSync(file)) response.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' }).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  return log;
}

const jwt = sub => `h.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.s`;

async function holds(check, what) {
  const end = performance.now() + 30_000;
  while (!await check()) {
    if (performance.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise(resolve => { setTimeout(resolve, 10); });
  }
}

async function pageOf(log, path = 'page') {
  const tab = await chromium.tab(`${log.server.url}/${path}`);
  // While the browser changes from the empty page to this one there may be none.
  await holds(() => tab.run('typeof window.keep === "function"').catch(() => false), 'the page');
  return tab;
}

async function tabsOf(log, count, options, start = 'start') {
  const tabs = [];
  for (let i = 0; i < count; i++) {
    const tab = await pageOf(log);
    tabs.push(tab);
    await tab.run(`${start}(${JSON.stringify(options)})`);
    await holds(() => tab.run('client.state === "live"'), 'live');
  }
  return tabs;
}

for (const way of ['worker', 'leader']) {
  test(`five tabs share one connection by the ${way}, and when the tab that holds it dies no tab loses or repeats anything`, { skip, timeout: 180_000 }, async () => {
    const log = await pages();
    try {
      const tabs = await tabsOf(log, 5, { user: 'dora', share: [way] });
      assert.deepEqual(await Promise.all(tabs.map(tab => tab.run('client.sharing'))), Array(5).fill(way));
      assert.equal(log.open.size, 1);
      let n = 0;
      for (; n < 20; n++) log.publish(n);
      const before = log.server.streams.length;
      const [holder, ...others] = tabs;
      const killedAt = performance.now();
      holder.crash();
      for (; n < 40; n++) log.publish(n);
      if (way === 'leader') {
        await until(() => log.server.streams.length > before && log.open.size === 1, 'another stream', 30_000);
        console.log(`another tab has it after ${Math.round(performance.now() - killedAt)} ms`);
      }
      for (; n < 60; n++) log.publish(n);
      for (const tab of others) await holds(async () => await tab.run('got.length') >= n, `all ${n} events`);
      const all = Array.from({ length: n }, (_, i) => i);
      for (const tab of others) assert.deepEqual(await tab.run('got'), all);
      assert.equal(log.open.size, 1);
      for (const tab of others) await tab.close();
      await until(() => log.open.size === 0, 'the connection ends with its last tab', 30_000);
    } finally {
      await log.server.stop();
    }
  });
}

test('micro frontends that are built on their own share one connection, and when the one that holds it dies the others lose and repeat nothing', { skip, timeout: 180_000 }, async () => {
  const log = await pages();
  try {
    const [holder] = await tabsOf(log, 1, { user: 'dora' });
    const others = [...await tabsOf(log, 2, { user: 'dora' }, 'startOther'), ...await tabsOf(log, 1, { user: 'dora', share: ['leader'] })];
    assert.equal(await holder.run('client.sharing'), 'worker');
    for (const tab of others) assert.equal(await tab.run('client.sharing'), 'leader');
    assert.equal(log.server.streams.length, 1);
    let n = 0;
    for (; n < 20; n++) log.publish(n);
    for (const tab of others) await holds(async () => await tab.run('got.length') >= n, `all ${n} events`);
    // Its worker goes with it, and one of the others takes over.
    const closedAt = performance.now();
    await holder.close();
    for (; n < 40; n++) log.publish(n);
    await until(() => log.server.streams.length > 1 && log.open.size === 1, 'another stream', 30_000);
    console.log(`another micro frontend has it after ${Math.round(performance.now() - closedAt)} ms`);
    for (; n < 60; n++) log.publish(n);
    // One that comes later finds whoever has it now.
    others.push(...await tabsOf(log, 1, { user: 'dora' }, 'startOther'));
    for (; n < 80; n++) log.publish(n);
    const all = Array.from({ length: n }, (_, i) => i);
    for (const tab of others.slice(0, 3)) await holds(async () => await tab.run('got.length') >= n, `all ${n} events`);
    for (const tab of others.slice(0, 3)) assert.deepEqual(await tab.run('got'), all);
    await holds(async () => await others[3].run('got.at(-1)') === n - 1, 'the last event');
    assert.equal(log.open.size, 1);
    for (const tab of others) await tab.close();
    await until(() => log.open.size === 0, 'the connection ends with its last tab', 30_000);
  } finally {
    await log.server.stop();
  }
});
for (const way of ['worker', 'leader', 'tab']) {
  test(`tabs that were hidden and frozen have every event once and in order when they wake, by the ${way}`, { skip, timeout: 180_000 }, async () => {
    const log = await pages();
    try {
      // A stream that Chromium has frozen says nothing more when it is thawed: the watchdog finds that out.
      const tabs = await tabsOf(log, 3, { user: 'dora', share: way === 'tab' ? [] : [way], heartbeatSeconds: 1 });
      assert.deepEqual(await Promise.all(tabs.map(tab => tab.run('client.sharing'))), Array(3).fill(way));
      // The first one is the leader, where there is one.
      const [first, second, seen] = tabs;
      let n = 0;
      for (const [frozen, hidden] of way === 'leader' ? [[second, first], [first, second]] : [[first, second]]) {
        await seen.show();
        await holds(() => hidden.run('document.visibilityState === "hidden"'), 'hidden');
        await frozen.run('document.addEventListener("freeze", () => { window.wasFrozen = true; })');
        await frozen.freeze();
        for (let i = 0; i < 20; i++) log.publish(n++);
        if (way !== 'leader' || frozen === second) await holds(async () => await seen.run('got.length') >= n, 'the one that is seen goes on');
        await frozen.thaw();
        assert.equal(await frozen.run('window.wasFrozen'), true);
        await frozen.show();
        for (const tab of tabs) await holds(async () => await tab.run('got.length') >= n, `all ${n} events`);
      }
      const all = Array.from({ length: n }, (_, i) => i);
      for (const tab of tabs) assert.deepEqual(await tab.run('got'), all);
      await until(() => log.open.size === (way === 'tab' ? 3 : 1), 'no connection is left over', 30_000);
      for (const tab of tabs) await tab.close();
    } finally {
      await log.server.stop();
    }
  });
}

test('two tabs that are signed in as two people never share a connection', { skip, timeout: 180_000 }, async () => {
  const log = await pages();
  try {
    const tabs = [...await tabsOf(log, 1, { token: jwt('dora') }), ...await tabsOf(log, 1, { token: jwt('otto') }), ...await tabsOf(log, 1, { token: jwt('otto') })];
    assert.deepEqual([...log.open].map(stream => stream.token).sort(), [jwt('dora'), jwt('otto')].sort());
    log.publish(1);
    for (const tab of tabs) await holds(async () => await tab.run('got.length') === 1, 'the event');
    for (const tab of tabs) await tab.close();
  } finally {
    await log.server.stop();
  }
});

test('a page goes on where another one has ended that was killed, with what that had, also when storage took nothing more', { skip, timeout: 180_000 }, async () => {
  const log = await pages();
  try {
    const first = await pageOf(log);
    assert.equal(await first.run('keep()'), 'indexeddb');
    await holds(() => first.run('client.state === "live"'), 'live');
    for (let n = 0; n < 5; n++) log.publish(n);
    await holds(async () => await first.run('got.length') === 5, 'the events');
    await first.run('store.flush()');
    assert.deepEqual(await first.run('faults'), []);
    // As a browser does whose storage is full, in the middle of what is saved: the position is written and the past is not.
    await first.run(`(put => { IDBObjectStore.prototype.put = function (...what) {
      const asked = put.apply(this, what);
      if (this.name === 'tails') this.transaction.abort();
      return asked;
    }; })(IDBObjectStore.prototype.put)`);
    for (let n = 5; n < 8; n++) log.publish(n);
    await holds(async () => await first.run('faults.length') > 0, 'the fault');
    await holds(async () => await first.run('got.length') === 8, 'the events are shown all the same');
    first.crash();
    const second = await pageOf(log);
    await second.run('keep()');
    assert.deepEqual(await second.run('kept'), [0, 1, 2, 3, 4]);
    log.publish(8);
    await holds(async () => await second.run('got.length') >= 9, 'all events');
    assert.deepEqual(await second.run('got'), Array.from({ length: 9 }, (_, n) => n));
    // The last page has five of them, and the position behind those.
    assert.equal(log.server.streams.at(-1).cursor, 'c5');
    await second.run('store.clear()');
    await second.close();
    const third = await pageOf(log);
    await third.run('keep({ user: "otto" })');
    assert.deepEqual(await third.run('kept'), []);
    await third.close();
  } finally {
    await log.server.stop();
  }
});

test('a page that may not store anything keeps it in memory', { skip, timeout: 180_000 }, async () => {
  const log = await pages();
  try {
    const tab = await pageOf(log, 'sandbox');
    assert.equal(await tab.run('keep({ url: ' + JSON.stringify(log.server.url) + ' })'), 'memory');
    assert.deepEqual(await tab.run('faults'), ['SecurityError']);
    await tab.close();
  } finally {
    await log.server.stop();
  }
});
