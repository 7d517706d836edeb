// Who uses the console: the bearer of a token that was typed in, or whoever is signed in with an account in this tab, as on the
// live page. A typed token is this tab's alone and goes with it.

import { send } from '/live/js/http.js';
import { freshToken, session, sessions, signIn, signOut } from '/live/js/session.js';

const KEY = 'tailrace.console.token';

/** Emits 'change' when it is somebody else, and 'refused' (detail: {status}) when the server does not let this one in. */
export const access = new EventTarget();

sessions.addEventListener('change', ({ detail }) => { if (detail.how !== 'renewed') changed(); });

/**
 * @returns {{subject: string, roles: string[], isAdmin: boolean, name: string, claims: object} | null} null for nobody; what the token
 *     says, which only the server can believe
 */
export function person() {
  const account = session();
  const text = typed() ?? account?.access;
  if (!text) return null;
  const claims = claimsOf(text);
  const roles = claims?.roles ?? [];
  return { subject: claims?.sub ?? '', roles, isAdmin: roles.includes('admin'), name: typed() ? claims?.sub ?? '' : account.email, claims };
}

/** @param {string} text @throws {Error} if it is no token */
export function useToken(text) {
  const token = text.trim().replace(/^Bearer\s+/i, '');
  if (!claimsOf(token)) throw new Error('That is no token: expected three parts with dots between them, as ./tailrace token prints it.');
  sessionStorage.setItem(KEY, token);
  changed();
}

/** @throws {import('/live/js/http.js').Problem | import('/live/js/http.js').Away} */
export async function useAccount(email, password) {
  await signIn(email, password);
}

export function leave() {
  sessionStorage.removeItem(KEY);
  if (session()) signOut();
  else changed();
}

/** A token that lasts a little; null for nobody. @param {?string} [refused] one that the server did not take */
export async function token(refused = null) {
  const own = typed();
  return own ?? freshToken(refused);
}

/**
 * Asks the server in the name of whoever uses the console.
 * @returns {Promise<object>}
 * @throws {import('/live/js/http.js').Problem | import('/live/js/http.js').Away}
 */
export async function call(method, path, body) {
  const first = await token();
  try {
    return await send(method, path, body, authorized(first));
  } catch (fault) {
    if (fault.status === 401 && !typed() && session()) return send(method, path, body, authorized(await token(first)));
    if (fault.status === 401 || fault.status === 403) {
      access.dispatchEvent(new CustomEvent('refused', { detail: { status: fault.status } }));
    }
    throw fault;
  }
}

/** What a token claims, or null if it is none. Its signature is for the server to check. */
export function claimsOf(text) {
  try {
    const bytes = Uint8Array.from(atob(text.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return text.split('.').length === 3 && typeof claims === 'object' ? claims : null;
  } catch {
    return null;
  }
}

function authorized(value) {
  return value ? { Authorization: `Bearer ${value}` } : {};
}

function typed() {
  return sessionStorage.getItem(KEY);
}

function changed() {
  access.dispatchEvent(new Event('change'));
}
