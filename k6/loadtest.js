// The mixed load: at RATE requests a second for DURATION, in the shares below, after WARM_UP_S seconds in which it grows to
// that. Run sse.js beside it for streams.
//
//   k6 run -e TOKEN=$(./tailrace token --sub k6 --role organizer --ttl 2h) k6/loadtest.js
//   k6 run -e RATE=20 -e DURATION=30s -e PEOPLE=10 -e TOKEN=… k6/loadtest.js
import { check } from 'k6';
import { call, createShow, idempotencyKey, must, people, pick, signIn } from './api.js';
import { duration, number, summaryTrendStats, thresholds, token } from './options.js';
import { anyWord, words } from './words.js';

const rate = number('RATE', 200);
const amount = number('PEOPLE', 50);
const service = token('TOKEN', '--sub k6 --role organizer');

// Requests in a hundred. Signing in costs a core for a tenth of a second each time, so it is a request in two hundred.
const shares = { sign_in: 0.5, post: 30, feed: 30, measure: 20, seat: 10, search: 9.5 };

// A JVM compiles what it runs: how a process that was just started copes with a crowd at once is another question.
const warmUpS = number('WARM_UP_S', 120);

/** Requests a second of one kind, as k6 wants them. */
function perPeriod(name, share = 1) {
  // A hold is followed by its confirmation or release.
  const perSecond = (share * rate * shares[name]) / 100 / (name === 'seat' ? 2 : 1);
  // Whole iterations in a time in which even the rarest has one.
  return Math.max(1, Math.round(perSecond * 20));
}

function scenario(name, phase) {
  const perSecond = perPeriod(name) / 20;
  return {
    exec: name,
    tags: { phase },
    timeUnit: '20s',
    preAllocatedVUs: Math.max(2, Math.ceil(perSecond / 2)),
    maxVUs: Math.max(10, Math.ceil(perSecond * 3)),
    gracefulStop: '30s',
    ...(phase === 'load'
      ? { executor: 'constant-arrival-rate', rate: perPeriod(name), duration, startTime: `${warmUpS}s` }
      : {
          executor: 'ramping-arrival-rate',
          startRate: perPeriod(name, 0.05),
          stages: [
            { target: perPeriod(name, 0.5), duration: `${warmUpS / 2}s` },
            { target: perPeriod(name), duration: `${warmUpS / 2}s` },
          ],
        }),
  };
}

function scenarios() {
  const all = {};
  Object.keys(shares).forEach(name => {
    if (warmUpS > 0) all[`warm_up_${name}`] = scenario(name, 'warm_up');
    all[name] = scenario(name, 'load');
  });
  return all;
}

export const options = {
  scenarios: scenarios(),
  thresholds: thresholds.load,
  summaryTrendStats,
  setupTimeout: '5m',
};

export function setup() {
  const persons = people(amount, 'load');
  // Everybody follows two others, so that a post is fanned out.
  persons.forEach((person, i) => [1, 2].forEach(step => {
    const other = persons[(i + step) % persons.length];
    must('followed', call('PUT', `/follows/${other.id}`, { token: person.token }), 204);
  }));
  const metric = must('metric created', call('POST', '/metrics', { token: service, body: { name: 'k6 load' } }), 201);
  const shows = Array.from({ length: 4 }, () => createShow(service, { rows: 50, seatsPerRow: 40 }));
  return { persons, metric: metric.id, shows: shows.map(({ id, seats }) => ({ id, seats })) };
}

export function sign_in({ persons }) {
  signIn(pick(persons).email);
}

export function post({ persons }) {
  const answer = call('POST', '/posts', {
    token: pick(persons).token,
    body: { text: `k6 ${__VU} ${__ITER} ${words(12)}` },
    headers: { 'Idempotency-Key': idempotencyKey(__VU, __ITER) },
  });
  check(answer, { 'posted': r => r.status === 201 });
}

export function feed({ persons }) {
  const answer = call('GET', '/feed?limit=20', { token: pick(persons).token, kind: 'read' });
  check(answer, { 'feed read': r => r.status === 200 });
}

export function measure({ metric }) {
  const body = { metric_id: metric, value: 1 + Math.random() * 100 };
  check(call('POST', '/metrics/readings', { token: service, body }), { 'measured': r => r.status === 201 });
}

export function seat({ persons, shows }) {
  const show = pick(shows);
  const buyer = pick(persons).token;
  const body = { seats: [pick(show.seats)], hold_seconds: 30 };
  const held = call('POST', `/shows/${show.id}/reservations`, { token: buyer, body, kind: 'seat', expected: [409] });
  // Somebody else's seat is an answer as good as any. 202: undecided within two seconds, it will be told on the stream.
  check(held, { 'decided': r => r.status === 201 || r.status === 409 });
  if (held.status !== 201) return;
  const released = call('DELETE', `/reservations/${held.json('id')}`, { token: buyer, kind: 'seat' });
  check(released, { 'released': r => r.status === 200 });
}

export function search({ persons }) {
  // People search for what people write, so common words are searched for often.
  const answer = call('GET', `/search/posts?q=${anyWord()}&limit=10`, { token: pick(persons).token, kind: 'search' });
  check(answer, { 'searched': r => r.status === 200 });
}
