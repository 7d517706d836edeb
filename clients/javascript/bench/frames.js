// How long the frames of a page are while one useSSESubscription with maxItems 200 is brought very many events. Run by hand on
// a machine that does nothing else: node bench/frames.js [--rate 50000] [--seconds 10] [--backlog 0] [--shared] [--json]
//
// --backlog: so many events are there already and come as fast as the page takes them, before those of the rate.
// --shared: by a SharedClient, whose events come from a SharedWorker.
// The server is a scripted one on this machine: what is measured is the page.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { Chromium, chromiumPath } from '../test-support/chromium.js';

const { values: options } = parseArgs({
  options: {
    rate: { type: 'string', default: '50000' },
    seconds: { type: 'string', default: '10' },
    backlog: { type: 'string', default: '0' },
    shared: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const rate = Number(options.rate);
const seconds = Number(options.seconds);
const backlog = Number(options.backlog);
const TICK_MS = 4;
const LIMIT_MS = 60_000;
const SLOW_FRAME_MS = 50;
const CHANNEL = 'logs:bench:frames';
const here = new URL('.', import.meta.url).pathname;
if (!chromiumPath) throw new Error('this benchmark needs Chromium: install it, or say where it is by TAILRACE_CHROMIUM');

/** An event as the edge writes it. */
function frame(n) {
  const id = `019ad0de-0000-7000-8000-${String(n).padStart(12, '0')}`;
  const data = `{"n":${n},"level":"INFO","message":"Step ${n} completed","service":"bench","timestamp":"2026-01-01T00:00:00Z"}`;
  return `id: AgEAAAAFAAAAAQAAAAAAAAAA${id}\nevent: log\ndata: {"channel":"${CHANNEL}","id":"${id}","time":"2026-01-01T00:00:00Z","data":${data}}\n\n`;
}

/** Writes what the rate asks for, and first the backlog, but never more than the page takes. */
async function stream(response, told) {
  const opened = { connection_id: 'bench', resumed: false, channels: [{ channel: CHANNEL, start: { at: 'offset', offset: 0 } }] };
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(`retry: 1000\nid: c0\nevent: stream.open\ndata: ${JSON.stringify(opened)}\n\n`);
  const closed = once(response, 'close');
  let n = 0;
  let startedAt = null;
  while (!response.destroyed) {
    if (n >= backlog && startedAt === null) {
      startedAt = performance.now();
      told.caughtUp = true;
      response.write('event: stream.caught_up\ndata: {}\n\n');
    }
    const due = startedAt === null ? Math.min(backlog, n + 1000) : backlog + Math.floor((performance.now() - startedAt) / 1000 * rate);
    let text = '';
    while (n < due) text += frame(n++);
    told.sent = n;
    // A page that takes less than the rate shows by what it has received.
    const isTaken = response.write(text);
    if (!isTaken) await Promise.race([once(response, 'drain'), closed]);
    else if (startedAt !== null) await new Promise(resolve => { setTimeout(resolve, TICK_MS); });
    else await new Promise(resolve => { setImmediate(resolve); });
  }
}

async function until(check, what) {
  const end = performance.now() + LIMIT_MS;
  while (!await check()) {
    if (performance.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise(resolve => { setTimeout(resolve, 50); });
  }
}

/** How much of a processor the page's thread has used until now, by what for, in seconds; what others do meanwhile is not in it. */
async function used(tab) {
  const { metrics } = await tab.send('Performance.getMetrics');
  return Object.fromEntries(['TaskDuration', 'ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'].map(name => [name, metrics.find(each => each.name === name).value]));
}

const percentile = (sorted, part) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] * 10) / 10;

/** @param {{frames: number[], tasks: number[]}} measured */
function times({ frames, tasks }) {
  const sorted = frames.toSorted((a, b) => a - b);
  return {
    frames: frames.length,
    p50_ms: percentile(sorted, 0.5),
    p95_ms: percentile(sorted, 0.95),
    p99_ms: percentile(sorted, 0.99),
    max_ms: percentile(sorted, 1),
    [`over_${SLOW_FRAME_MS}_ms`]: frames.filter(ms => ms > SLOW_FRAME_MS).length,
    longest_task_ms: Math.round(Math.max(0, ...tasks)),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'tailrace-frames-'));
const told = { sent: 0, caughtUp: false };
await build({
  entryPoints: [join(here, 'frames-page.jsx'), join(here, '../packages/client/src/shared/worker.js')],
  outdir: folder, entryNames: '[name]', bundle: true, splitting: true, minify: true, format: 'esm', target: 'es2022', jsx: 'automatic', logLevel: 'error',
  define: { 'process.env.NODE_ENV': '"production"' },
});
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://x');
  if (pathname === '/events') void stream(response, told);
  else if (pathname === '/') response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><div id="root"></div><script type="module" src="/frames-page.js"></script>');
  else {
    const file = join(folder, pathname);
    if (existsSync(file)) response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(readFileSync(file));
    else response.writeHead(404).end();
  }
});
await new Promise(resolve => { server.listen(0, '127.0.0.1', resolve); });
const chromium = new Chromium();
try {
  const tab = await chromium.tab(`http://127.0.0.1:${server.address().port}/`);
  await until(() => tab.run('typeof window.start === "function"').catch(() => false), 'the page');
  const report = { rate, max_items: 200, shared: options.shared, cpus: Number(execFileSync('nproc', { encoding: 'utf8' })) };
  const catchingUp = tab.run(`start(${JSON.stringify({ shared: options.shared, backlog })})`);
  if (backlog > 0) report.backlog = { events: backlog, ...times(await catchingUp) };
  await until(async () => await tab.run('window.received') > backlog, 'the first events');
  // The first second is that of the compiler.
  await new Promise(resolve => { setTimeout(resolve, 1000); });
  await tab.send('Performance.enable', { timeDomain: 'threadTicks' });
  const usedBefore = await used(tab);
  const before = await tab.run('window.received');
  const measured = await tab.run(`measure(${seconds * 1000})`);
  const received = await tab.run('window.received') - before;
  const usedNow = await used(tab);
  Object.assign(report, {
    received_per_s: Math.round(received / measured.ms * 1000),
    waiting: told.sent - before - received,
    faults: await tab.run('window.faults'),
    rows: await tab.run('document.querySelectorAll("tr").length'),
    ...times(measured),
    thread_percent: Object.fromEntries(Object.entries(usedNow).map(([name, s]) => [name.replace('Duration', '').toLowerCase(), Math.round((s - usedBefore[name]) / measured.ms * 1e5)])),
  });
  console.log(options.json ? JSON.stringify(report) : report);
} finally {
  await chromium.stop();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
