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
  window.start = options => {
    window.got = [];
    window.client = new SharedClient({ url: '', pauses: { firstMs: 50, maxMs: 200 }, ...options });
    window.client.subscribe('news:a', each => window.got.push(each.kind === 'event' ? each.data : each));
  };
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
    const path = request.url.split('?')[0];
    const file = join(source, path.slice('/src/'.length));
    if (path.startsWith('/events')) streams(request, response);
    else if (path === '/page') response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
    else if (path.startsWith('/src/') && existsSync(file)) response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  return log;
}

const jwt = sub => `h.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.s`;

async function holds(check, what) {
  const end = performance.now() + 15_000;
  while (!await check()) {
    if (performance.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise(resolve => { setTimeout(resolve, 10); });
  }
}

async function tabsOf(log, count, options) {
  const tabs = [];
  for (let i = 0; i < count; i++) {
    const tab = await chromium.tab(`${log.server.url}/page`);
    tabs.push(tab);
    await holds(() => tab.run('typeof window.start === "function"'), 'the page');
    await tab.run(`start(${JSON.stringify(options)})`);
    await holds(() => tab.run('client.state === "live"'), 'live');
  }
  return tabs;
}

for (const way of ['worker', 'leader']) {
  test(`five tabs share one connection by the ${way}, and when the tab that holds it dies no tab loses or repeats anything`, { skip, timeout: 60_000 }, async () => {
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
        await until(() => log.server.streams.length > before && log.open.size === 1, 'another stream', 15_000);
        console.log(`another tab has it after ${Math.round(performance.now() - killedAt)} ms`);
      }
      for (; n < 60; n++) log.publish(n);
      for (const tab of others) await holds(async () => await tab.run('got.length') >= n, `all ${n} events`);
      const all = Array.from({ length: n }, (_, i) => i);
      for (const tab of others) assert.deepEqual(await tab.run('got'), all);
      assert.equal(log.open.size, 1);
      for (const tab of others) await tab.close();
      await until(() => log.open.size === 0, 'the connection ends with its last tab', 15_000);
    } finally {
      await log.server.stop();
    }
  });
}

test('two tabs that are signed in as two people never share a connection', { skip, timeout: 60_000 }, async () => {
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
