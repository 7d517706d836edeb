// A minute's check that a running Tailrace does its main jobs over HTTP: sign up, follow, post, read one's feed, measure,
// hold and confirm a seat, find, publish to a channel, and open that channel's stream at a cursor.
//
//   k6 run -e TOKEN=$(./tailrace token --sub k6 --role organizer --publish 'news:*') k6/smoke.js
import http from 'k6/http';
import { check, sleep } from 'k6';
import { call, createShow, must, signUp } from './api.js';
import { number, origin, summaryTrendStats, thresholds, token } from './options.js';

export const options = {
  vus: number('VUS', 2),
  iterations: number('ITERATIONS', 4),
  thresholds: thresholds.smoke,
  summaryTrendStats,
};

const service = token('TOKEN', "--sub k6 --role organizer --publish 'news:*'");

export default function () {
  const author = signUp('author');
  newsfeed(author);
  metrics();
  seats(author);
  channel();
}

function newsfeed(author) {
  const reader = signUp('reader');
  must('followed', call('PUT', `/follows/${author.id}`, { token: reader.token }), 204);
  const text = `smoke ${__VU}/${__ITER}`;
  const post = must('posted', call('POST', '/posts', { token: author.token, body: { text } }), 201);
  // The author's own feed: the answer waits until the projection has the post.
  const feed = call('GET', '/feed?limit=10', { token: author.token, kind: 'read' });
  check(feed, { 'feed answers': r => r.status === 200 && Array.isArray(r.json('posts')) });
  check(post, { 'the post is as it was sent': p => p.text === text });
  const found = call('GET', '/search/posts?q=smoke&limit=5', { token: author.token, kind: 'search' });
  check(found, { 'search answers': r => r.status === 200 && Array.isArray(r.json('hits')) });
}

function metrics() {
  const metric = must('metric created', call('POST', '/metrics', { token: service, body: { name: 'k6' } }), 201);
  const reading = { metric_id: metric.id, value: 1 + Math.random() };
  must('measured', call('POST', '/metrics/readings', { token: service, body: reading }), 201);
  must('metric read', call('GET', `/metrics/${metric.id}`, { token: service, kind: 'read' }), 200);
}

function seats(buyer) {
  const show = createShow(service, { rows: 2, seatsPerRow: 2 });
  const wanted = { seats: [show.seats[0]] };
  const held = must(
    'held', call('POST', `/shows/${show.id}/reservations`, { token: buyer.token, body: wanted, kind: 'seat' }), 201);
  must('confirmed', call('POST', `/reservations/${held.id}/confirm`, { token: buyer.token, kind: 'seat' }), 200);
  // The map is true at its position, which may be a moment behind the decision.
  const hasSeat = map => map.seats.some(s => s.id === show.seats[0] && s.state === 'confirmed');
  let map;
  for (let attempt = 0; attempt < 50 && !(map && hasSeat(map)); attempt++) {
    if (attempt > 0) sleep(0.2);
    map = must('map read', call('GET', `/shows/${show.id}/seats`, { kind: 'read' }), 200);
  }
  check(map, { 'the map has the seat': hasSeat });
}

function channel() {
  const name = `news:smoke-${__VU}-${__ITER}`;
  const publish = n => must(
    'published', call('POST', `/channels/${name}/events`, { token: service, body: { type: 'smoke', data: { n } } }), 202);
  const first = publish(1);
  publish(2);
  // k6 itself has no SSE client (sse.js has one): the stream never ends, so the request is cut after two seconds. A stream that
  // is refused is answered at once; one that was cut has no status.
  const stream = http.get(
    `${origin}/events?channels=${name}&last_event_id=${first.events[0].position}`,
    { timeout: '2s', responseType: 'none', responseCallback: null, tags: { name: 'GET /events', kind: 'stream' } });
  check(stream, { 'stream was not refused': r => r.status === 0 || r.status === 200 });
}
