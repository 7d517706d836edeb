// Requests for seats. Each has an idempotency key, so that one whose answer was lost is sent again and not done twice.

import { call, Problem } from './api.js';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 400;

/** The answer (its state is pending if it was not decided in time), or a Problem, or no answer at all as another Error. */
export const hold = (showId, seats, key) => ask('POST', `/shows/${showId}/reservations`, { seats }, key);
export const confirm = id => ask('POST', `/reservations/${id}/confirm`, undefined, newKey());
export const release = id => ask('DELETE', `/reservations/${id}`, undefined, newKey());

/** Not crypto.randomUUID: that is missing where the page does not come from localhost or over https. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('');
}

async function ask(method, path, body, key) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(method, path, body, { 'Idempotency-Key': key });
    } catch (fault) {
      const answered = fault instanceof Problem && fault.status < 500 && fault.status !== 429;
      if (answered || attempt === ATTEMPTS) throw fault;
    }
    await new Promise(resolve => { setTimeout(resolve, FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random())); });
  }
}
