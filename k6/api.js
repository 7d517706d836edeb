// Calls of the HTTP contract, as all scripts make them. A test looks at each of them: METHOD, then the path of
// docs/protocol.md with ${..} for what varies.
import http from 'k6/http';
import { check, fail } from 'k6';
import { Counter } from 'k6/metrics';
import { origin } from './options.js';

const serverFaults = new Counter('server_faults');
const limited = new Counter('limited');

/**
 * One request. `kind` (write, read, search, seat, account) is what thresholds are about; `name` keeps k6 from making a
 * series of every id.
 */
export function call(method, path, { token, body, kind = 'write', headers = {}, expected = [], timeout = '30s' } = {}) {
  const name = `${method} ${path.replace(/\?.*/, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[a-z]+:[^/]*/g, '{}')}`;
  const response = http.request(method, origin + path, body === undefined ? null : JSON.stringify(body), {
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    timeout,
    tags: { name, kind },
    responseCallback: http.expectedStatuses({ min: 200, max: 299 }, ...expected),
  });
  count(response, name);
  return response;
}

/** Counts what is the server's fault, and what was refused for being too much. */
export function count(response, name) {
  if (response.status === 0 || response.status >= 500) {
    serverFaults.add(1, { name, status: String(response.status) });
    console.warn(`${name}: ${response.status} ${response.error || String(response.body).slice(0, 200)}`);
  } else if (response.status === 429) {
    limited.add(1, { name });
  }
}

/** The call must have this status; its JSON is given back. */
export function must(what, response, status) {
  if (!check(response, { [what]: r => r.status === status })) {
    fail(`${what}: ${response.status} ${String(response.body).slice(0, 200)}`);
  }
  return response.body ? response.json() : null;
}

export const password = 'correct horse battery';
let signedUp = 0;

/** A new person of any name, signed in: {id, token}. */
export function signUp(name) {
  const email = `${name}-${__VU}-${++signedUp}-${Date.now()}@example.org`;
  const account = call('POST', '/auth/register', { body: { email, password, name }, kind: 'account' });
  const { id } = must('registered', account, 201);
  return { id, email, token: signIn(email) };
}

/** Signs in and gives the access token. */
export function signIn(email) {
  const answer = call('POST', '/auth/login', { body: { email, password }, kind: 'account' });
  return must('signed in', answer, 200).access_token;
}

/** People for a test's setup. Passwords are slow on purpose, so this takes a while. */
export function people(amount, name) {
  return Array.from({ length: amount }, () => signUp(name));
}

export function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}

/** A key for one write, which stays the same when it is sent again. */
export function idempotencyKey(...parts) {
  return ['k6', Date.now().toString(36), ...parts].join('-');
}

/** A show that begins tomorrow; `organizer` is a token with that role. */
export function createShow(organizer, { rows = 10, seatsPerRow = 20, perUser = 100, name = 'k6' } = {}) {
  const starts = new Date(Date.now() + 86_400_000).toISOString();
  const show = call('POST', '/shows', {
    token: organizer,
    body: {
      name,
      starts_at: starts,
      max_seats_per_user: perUser,
      sections: [{ name: 'A', rows, seats_per_row: seatsPerRow, price: 40 }],
    },
  });
  return must('show created', show, 201);
}
