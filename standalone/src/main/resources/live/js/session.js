// Who is signed in. A tab is a person: sessionStorage names the session, and a duplicated tab has the same one. Its tokens
// are in localStorage under that name, because a refresh token works once: the tabs of one session need the newest, and a
// tab that is opened again after its tokens were used does, too.

import { Problem, send } from './http.js';

const NAME_KEY = 'tailrace.session';
const PREFIX = 'tailrace.session.';
const EARLY_MS = 60_000;
const KEPT_MS = 30 * 24 * 3600_000;
const LEASE_MS = 15_000;
const LEASE_POLL_MS = 200;

/**
 * Emits 'change' (detail: how): 'signed-in', 'signed-out' (here), 'signed-out-elsewhere' (in another tab of the same
 * session), 'lost' (the server takes the session no more) and 'renewed'.
 */
export const sessions = new EventTarget();

let renewing = null;

adopt();

/** @returns {{id: string, email: string, roles: string[], access: string, refresh: string, issued: number, expires: number} | null} */
export function session() {
  return read(name());
}

/** Whose this tab is, as a word that no other session has; 'guest' for nobody. */
export function scope() {
  return session() ? name() : 'guest';
}

export async function register(email, password, name) {
  await send('POST', '/auth/register', { email, password, name });
  return signIn(email, password);
}

export async function signIn(email, password) {
  const tokens = await send('POST', '/auth/login', { email, password });
  const fresh = newName();
  sweep();
  sessionStorage.setItem(NAME_KEY, fresh);
  keep(fresh, email, tokens);
  tell('signed-in');
  return session();
}

/** Signs out in all tabs of this session, and tells the server. */
export function signOut() {
  const refresh = session()?.refresh;
  forget();
  // Whatever becomes of this, nobody has the token any more.
  if (refresh) void send('POST', '/auth/logout', { refresh_token: refresh }).catch(() => {});
  tell('signed-out');
}

/**
 * A token that lasts a little, renewed where it would not; null for nobody.
 * @param {?string} [refused] an access token that the server did not take: it is renewed whatever its time
 * @throws what the renewal met, if the server is away and the token is over; the session stays
 */
export async function freshToken(refused = null) {
  const now = session();
  if (!now) return null;
  if (now.access !== refused && !isDue(now)) return now.access;
  renewing ??= exclusively(() => renew(now)).finally(() => { renewing = null; });
  try {
    await renewing;
  } catch (fault) {
    if (now.access === refused || now.expires <= Date.now()) throw fault;
  }
  return session()?.access ?? null;
}

function isDue({ issued = 0, expires }) {
  return expires - Math.min(EARLY_MS, (expires - issued) / 4) <= Date.now();
}

// Inside the lock: another tab may have renewed it while this one waited.
async function renew(before) {
  const now = session();
  if (!now || now.access !== before.access) return;
  const own = name();
  try {
    const tokens = await send('POST', '/auth/refresh', { refresh_token: now.refresh });
    // Signed out meanwhile, or signed in as somebody else: what came is of nobody.
    if (read(own)?.refresh !== now.refresh) return;
    keep(own, now.email, tokens);
    tell('renewed');
  } catch (fault) {
    const isRefused = fault instanceof Problem && (fault.status === 400 || fault.status === 401);
    if (!isRefused) throw fault;
    // Another tab that has no lock may have been faster.
    if (session()?.refresh !== now.refresh) return;
    forget();
    tell('lost', now.email);
  }
}

/** One renewal at a time of all tabs. Where two slip through all the same, the server's grace gives both one successor. */
async function exclusively(action) {
  const lock = PREFIX + name();
  if (navigator.locks) return navigator.locks.request(lock, action);
  // Without https there are no Web Locks: a lease, which a tab that dies leaves behind for some seconds.
  const key = `${lock}.lease`;
  const mine = `${Date.now() + LEASE_MS} ${Math.random()}`;
  while (Number(localStorage.getItem(key)?.split(' ')[0] ?? 0) > Date.now()) await pause();
  localStorage.setItem(key, mine);
  await pause();
  if (localStorage.getItem(key) !== mine) return exclusively(action);
  try {
    return await action();
  } finally {
    if (localStorage.getItem(key) === mine) localStorage.removeItem(key);
  }
}

function pause() {
  return new Promise(resolve => { setTimeout(resolve, LEASE_POLL_MS * (0.5 + Math.random())); });
}

function newName() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map(b => b.toString(16).padStart(2, '0')).join('');
}

// The page once kept the tokens themselves in sessionStorage.
function adopt() {
  const old = name();
  if (!old?.startsWith('{')) return;
  const fresh = newName();
  localStorage.setItem(PREFIX + fresh, old);
  sessionStorage.setItem(NAME_KEY, fresh);
}

function name() {
  return sessionStorage.getItem(NAME_KEY);
}

function read(name) {
  const text = name && localStorage.getItem(PREFIX + name);
  return text ? JSON.parse(text) : null;
}

function keep(name, email, tokens) {
  const claims = JSON.parse(atob(tokens.access_token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
  localStorage.setItem(PREFIX + name, JSON.stringify({
    id: claims.sub,
    email,
    roles: claims.roles ?? [],
    access: tokens.access_token,
    refresh: tokens.refresh_token,
    issued: Date.now(),
    expires: Date.now() + tokens.expires_in * 1000,
  }));
}

function forget() {
  localStorage.removeItem(PREFIX + name());
  sessionStorage.removeItem(NAME_KEY);
}

/** Sessions of tabs that were closed without signing out: what is left of them works no longer. */
function sweep() {
  for (const key of Object.keys(localStorage).filter(key => key.startsWith(PREFIX) && !key.endsWith('.lease'))) {
    if (JSON.parse(localStorage.getItem(key)).expires < Date.now() - KEPT_MS) localStorage.removeItem(key);
  }
}

function tell(how, email = null) {
  sessions.dispatchEvent(new CustomEvent('change', { detail: { how, email } }));
}

addEventListener('storage', ({ key, oldValue, newValue }) => {
  if (key === null || key !== PREFIX + name()) return;
  if (newValue !== null) {
    tell('renewed');
    return;
  }
  sessionStorage.removeItem(NAME_KEY);
  tell('signed-out-elsewhere', oldValue ? JSON.parse(oldValue).email : null);
});
