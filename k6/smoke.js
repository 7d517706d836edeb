// A minute's check that a running Tailrace does its main jobs over HTTP: sign up, follow, post, read one's feed,
// publish to a channel, and read that channel's stream from a cursor.
//
//   k6 run -e ORIGIN=http://localhost:8080 -e TOKEN=$(./tailrace token --sub k6 --publish 'news:*') k6/smoke.js
import http from 'k6/http';
import { check, fail } from 'k6';
import { options as shared, origin } from './options.js';

export const options = shared;

const json = { 'Content-Type': 'application/json' };

function bearer(token) {
  return { headers: { ...json, Authorization: `Bearer ${token}` } };
}

function signUp(name) {
  const email = `${name}-${__VU}-${__ITER}-${Date.now()}@example.org`;
  const password = 'correct horse battery';
  const registered = http.post(`${origin}/auth/register`, JSON.stringify({ email, password, name }), { headers: json });
  if (!check(registered, { 'registered': r => r.status === 201 })) fail(`register: ${registered.status}`);
  const signedIn = http.post(`${origin}/auth/login`, JSON.stringify({ email, password }), { headers: json });
  if (!check(signedIn, { 'signed in': r => r.status === 200 })) fail(`login: ${signedIn.status}`);
  return { id: registered.json('id'), token: signedIn.json('access_token') };
}

export default function () {
  newsfeed();
  channel();
}

function newsfeed() {
  const author = signUp('author');
  const reader = signUp('reader');
  check(http.put(`${origin}/follows/${author.id}`, null, bearer(reader.token)), { 'followed': r => r.status === 204 });
  const text = `smoke ${__VU}/${__ITER}`;
  const post = http.post(`${origin}/posts`, JSON.stringify({ text }), bearer(author.token));
  check(post, { 'posted': r => r.status === 201 && r.json('text') === text });
  // The author's own feed: the answer waits until the projection has the post.
  const feed = http.get(`${origin}/feed?limit=10`, bearer(author.token));
  check(feed, { 'feed answers': r => r.status === 200 });
}

function channel() {
  const name = `news:smoke-${__VU}-${__ITER}`;
  const publish = n => http.post(
    `${origin}/channels/${name}/events`, JSON.stringify({ type: 'smoke', data: { n } }), bearer(__ENV.TOKEN));
  const first = publish(1);
  if (!check(first, { 'published': r => r.status === 202 })) fail(`publish: ${first.status} ${first.body}`);
  publish(2);
  // k6 has no SSE client: the stream never ends, so the request is cut after two seconds and what came is looked at.
  const cursor = first.json('events.0.position');
  const stream = http.get(
    `${origin}/events?channels=${name}&last_event_id=${cursor}`,
    { timeout: '2s', responseType: 'none', responseCallback: null, tags: { name: 'stream' } });
  // A stream that is refused is answered at once; one that was cut has no status.
  check(stream, { 'stream was not refused': r => r.status === 0 || r.status === 200 });
}
