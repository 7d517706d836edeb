// Dashboards that the server keeps: one's own, and those that others have shared by a link.

import { call } from '/live/js/api.js';

const PAGE = 200;

/** @returns {Promise<{id: string, name: string}[]>} the newest first */
export async function list() {
  const all = [];
  for (let before = null; ;) {
    const { dashboards, next } = await call('GET', `/dashboards?limit=${PAGE}${before ? `&before=${before}` : ''}`);
    all.push(...dashboards);
    if (!next) return all;
    before = next;
  }
}

/** @param {string} id */
export const read = id => call('GET', `/dashboards/${id}`);

/** @param {string} link */
export const readShared = link => call('GET', `/dashboards/shared/${link}`);

/**
 * Makes one, or changes one. Sent again with the same key it happens once.
 * @param {string | null} id @param {object} dashboard @param {string} key
 * @returns {Promise<object>} as it is now, with its link
 */
export async function save(id, dashboard, key) {
  const headers = { 'Idempotency-Key': `"${key}"` };
  const saved = id ? await call('PUT', `/dashboards/${id}`, dashboard, headers) : await call('POST', '/dashboards', dashboard, headers);
  return saved.shared ? read(saved.id) : saved;
}

/** @param {string} id */
export const remove = id => call('DELETE', `/dashboards/${id}`);
