/**
 * Whose data it is: by what the page says, or by the token's subject. What is kept for one person is never for another one.
 * @module @tailrace/client/identity
 */

/**
 * @param {{token: string | null, user?: string, credentials?: string, headers?: Record<string, string>}} access
 * @returns {string | null} null if nothing says surely whose it is: then nothing is kept
 */
export function identityOf({ token, user, credentials, headers = {} }) {
  if (user !== undefined) return `user ${user}`;
  // A header can be a credential, and a cookie is one: neither says whose.
  if (Object.keys(headers).length > 0) return null;
  if (token === null) return credentials === 'omit' ? 'nobody' : null;
  try {
    const claims = new TextDecoder().decode(Uint8Array.from(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0)));
    const { iss = '', sub } = JSON.parse(claims);
    return typeof sub === 'string' && sub ? `subject ${JSON.stringify([iss, sub])}` : null;
  } catch {
    return null; // Not a JWT.
  }
}
