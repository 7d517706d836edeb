// The HTTP API in the name of whoever is signed in in this tab.

import { Problem, send } from './http.js';
import { freshToken } from './session.js';

export { Away, Problem } from './http.js';
export { session } from './session.js';

/** @throws {Problem | Away} */
export async function call(method, path, body, headers = {}) {
  const token = await freshToken();
  try {
    return await send(method, path, body, authorized(headers, token));
  } catch (fault) {
    if (!token || !(fault instanceof Problem) || fault.status !== 401) throw fault;
  }
  // The server knows better than this clock: once with another token, or as nobody.
  return send(method, path, body, authorized(headers, await freshToken(token)));
}

function authorized(headers, token) {
  return token ? { ...headers, Authorization: `Bearer ${token}` } : { ...headers };
}
