// Where the server is, for all pages and workers alike.

/** @param {string} url @returns {string} absolute, so that a worker and other pages mean the same */
export function absolute(url) {
  return new URL(url || '/', globalThis.location?.href).href.replace(/\/+$/, '');
}
