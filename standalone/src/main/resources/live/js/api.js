// The HTTP API, as the page needs it. A tab is a person: the tokens live in sessionStorage, and cookies are left out.

const KEY = 'tailrace.session';
const EARLY_MS = 60_000;

/** An answer that is not 2xx: a problem+json document (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    const fields = (body.errors ?? []).map(e => `${e.field}: ${e.message}`).join('; ');
    super(fields || body.detail || body.title || `HTTP ${status}`);
    this.status = status;
    this.slug = body.type?.split('/').at(-1);
    this.seats = body.seats ?? [];
  }
}

/** @returns {{id: string, email: string, roles: string[], access: string, refresh: string, expires: number} | null} */
export function session() {
  const text = sessionStorage.getItem(KEY);
  return text ? JSON.parse(text) : null;
}

export async function call(method, path, body, headers = {}) {
  const token = await freshToken();
  return send(method, path, body, token ? { ...headers, Authorization: `Bearer ${token}` } : { ...headers });
}

async function send(method, path, body, headers = {}) {
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(path, {
    method, headers, credentials: 'omit', body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Problem(answer.status, json);
  return json;
}

export async function register(email, password, name) {
  await send('POST', '/auth/register', { email, password, name });
  return signIn(email, password);
}

export async function signIn(email, password) {
  keep(email, await send('POST', '/auth/login', { email, password }));
  return session();
}

export function signOut() {
  sessionStorage.removeItem(KEY);
}

/** A token that lasts a little, renewed where it would not; null for nobody. */
export async function freshToken() {
  const now = session();
  if (!now || now.expires - EARLY_MS > Date.now()) return now?.access ?? null;
  try {
    keep(now.email, await send('POST', '/auth/refresh', { refresh_token: now.refresh }));
  } catch (fault) {
    if (!(fault instanceof Problem)) throw fault;
    signOut();
  }
  return session()?.access ?? null;
}

function keep(email, tokens) {
  const claims = JSON.parse(atob(tokens.access_token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
  sessionStorage.setItem(KEY, JSON.stringify({
    id: claims.sub,
    email,
    roles: claims.roles ?? [],
    access: tokens.access_token,
    refresh: tokens.refresh_token,
    expires: Date.now() + tokens.expires_in * 1000,
  }));
}
