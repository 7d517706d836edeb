// Streams that are cut and resumed, and what they received: each writer numbers its events, and a stream that resumes at its
// cursor must see every number once and in order. Needs a k6 with k6/x/sse, see README.md.
//
//   k6 run -e TOKEN=$(./tailrace token --sub k6 --publish 'news:*' --ttl 2h) k6/sse.js
//   k6 run -e STREAMS=20 -e DURATION=30s -e TOKEN=… k6/sse.js
import exec from 'k6/execution';
import { sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import sse from 'k6/x/sse';
import { call, idempotencyKey } from './api.js';
import { duration, number, origin, summaryTrendStats, thresholds, token } from './options.js';

const streams = number('STREAMS', 500);
const channels = number('CHANNELS', 10);
// Events a second on each channel.
const perSecond = number('EVENTS', 1);
// A stream is cut after a time between half of this and one and a half, and resumed a moment later.
const cutAfterMs = number('CUT_AFTER_S', 20) * 1000;
const service = token('TOKEN', "--sub k6 --publish 'news:*'");

const received = new Counter('events_received');
const missing = new Counter('events_missing');
const repeated = new Counter('events_repeated');
const gaps = new Counter('gaps_announced');
const refused = new Counter('streams_refused');
const resumes = new Counter('streams_resumed');
const delivery = new Trend('delivery_ms');

export const options = {
  scenarios: {
    readers: { executor: 'constant-vus', exec: 'read', vus: streams, duration, gracefulStop: '5s' },
    writers: { executor: 'constant-vus', exec: 'write', vus: channels, duration, gracefulStop: '15s' },
  },
  thresholds: thresholds.sse,
  summaryTrendStats,
};

export function setup() {
  return { run: Date.now().toString(36) };
}

const channel = (run, n) => `news:k6-${run}-${n % channels}`;

// ---------------------------------------------------------------- writers

let written = 0;

export function write({ run }) {
  const writer = exec.vu.idInTest;
  const n = written + 1;
  // The same number is sent until it is taken, under one key: a hole would be ours.
  const key = idempotencyKey(run, writer, n);
  for (let attempt = 0; attempt < 20; attempt++) {
    const body = { type: 'numbered', data: { writer, n, sent_ms: Date.now() } };
    const answer = call('POST', `/channels/${channel(run, writer)}/events`,
      { token: service, body: attempt === 0 ? body : again, headers: { 'Idempotency-Key': key } });
    if (answer.status === 202) {
      written = n;
      break;
    }
    again = again || body;
    sleep(0.5);
  }
  again = undefined;
  sleep(1 / perSecond);
}

// What is sent again must be what was sent.
let again;

// ---------------------------------------------------------------- readers

let cursor = '';
const last = {};

export function read({ run }) {
  const name = channel(run, exec.vu.idInTest);
  const end = Date.now() + cutAfterMs * (0.5 + Math.random());
  const resuming = cursor !== '';
  const url = `${origin}/events?channels=${name}${resuming ? `&last_event_id=${cursor}` : ''}`;
  let live = !resuming;
  const answer = sse.open(url, { tags: { name: 'GET /events', kind: 'stream' } }, client => {
    client.on('event', event => {
      if (event.id) cursor = event.id;
      if (event.name === 'stream.caught_up') live = true;
      if (event.name === 'stream.gap' || event.name === 'stream.reset') gaps.add(1);
      if (event.name === 'numbered') take(JSON.parse(event.data).data, live);
      if (event.name === 'stream.closing' || Date.now() > end) client.close();
    });
    // Cut from the other side: the next iteration resumes.
    client.on('error', () => client.close());
  });
  if (!answer || answer.status !== 200) {
    refused.add(1);
    sleep(1);
  } else if (resuming) {
    resumes.add(1);
  }
  sleep(Math.random() * 2);
}

function take({ writer, n, sent_ms: sentMs }, live) {
  received.add(1);
  const before = last[writer];
  if (before !== undefined && n <= before) {
    repeated.add(1);
    return;
  }
  if (before !== undefined && n > before + 1) missing.add(n - before - 1);
  last[writer] = n;
  // Both clocks are this machine's. What was missed while the stream was cut is late by that.
  if (live) delivery.add(Date.now() - sentMs);
}
