// The rush: BUYERS people at once for the seats of one show, most of which are somebody's already. Afterwards the map must
// have exactly the seats that buyers were told are theirs.
//
//   k6 run -e TOKEN=$(./tailrace token --sub k6 --role organizer) k6/seats.js
//   k6 run -e BUYERS=10 -e RATE=50 -e DURATION=20s -e TOKEN=… k6/seats.js
import { check, sleep } from 'k6';
import { Counter } from 'k6/metrics';
import { call, createShow, idempotencyKey, must, people, pick } from './api.js';
import { number, summaryTrendStats, thresholds, token } from './options.js';

const buyers = number('BUYERS', 60);
const rate = number('RATE', 200);
const organizer = token('TOKEN', '--sub k6 --role organizer');

const held = new Counter('seats_held');
const refused = new Counter('requests_refused');
const undecided = new Counter('requests_undecided');
const unaccounted = new Counter('seats_unaccounted');

export const options = {
  scenarios: {
    rush: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: __ENV.DURATION || '1m',
      preAllocatedVUs: Math.ceil(rate / 2),
      maxVUs: rate * 3,
      gracefulStop: '30s',
    },
  },
  thresholds: thresholds.seats,
  summaryTrendStats,
  setupTimeout: '5m',
};

export function setup() {
  const show = createShow(organizer, { rows: number('ROWS', 25), seatsPerRow: 40, name: 'k6 rush' });
  return { show: { id: show.id, seats: show.seats }, tokens: people(buyers, 'buyer').map(person => person.token) };
}

export default function ({ show, tokens }) {
  const buyer = pick(tokens);
  const first = Math.floor(Math.random() * show.seats.length);
  const seats = show.seats.slice(first, first + 1 + Math.floor(Math.random() * 4));
  const key = { 'Idempotency-Key': idempotencyKey(__VU, __ITER) };
  const answer = call('POST', `/shows/${show.id}/reservations`,
    { token: buyer, body: { seats, hold_seconds: 60 }, headers: key, kind: 'seat', expected: [409] });
  check(answer, { 'decided': r => [201, 202, 409].includes(r.status) });
  if (answer.status === 409) refused.add(1);
  if (answer.status === 202) undecided.add(1);
  if (answer.status !== 201) return;
  held.add(seats.length);
  const id = answer.json('id');
  if (Math.random() < 0.3) {
    const released = call('DELETE', `/reservations/${id}`, { token: buyer, kind: 'seat' });
    check(released, { 'released': r => r.status === 200 });
    return;
  }
  const confirmed = call('POST', `/reservations/${id}/confirm`, { token: buyer, headers: { Prefer: 'wait=20' }, kind: 'seat' });
  if (check(confirmed, { 'confirmed': r => r.status === 200 })) unaccounted.add(seats.length);
}

export function teardown({ show }) {
  // The map may be a moment behind the decisions: until it does not change any more.
  let before = -1;
  let confirmed = confirmedOn(show);
  for (let attempt = 0; attempt < 20 && confirmed !== before; attempt++) {
    sleep(1);
    before = confirmed;
    confirmed = confirmedOn(show);
  }
  unaccounted.add(-confirmed);
}

function confirmedOn(show) {
  const map = must('map read', call('GET', `/shows/${show.id}/seats`, { kind: 'read' }), 200);
  return map.seats.filter(seat => seat.state === 'confirmed').length;
}
