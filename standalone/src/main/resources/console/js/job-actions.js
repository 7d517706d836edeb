// What can be done with jobs, one and many.

import { call } from './access.js';

/** By the name that the server has for it: in words, from which states, and how many at once. */
export const ACTIONS = {
  retry: { verb: 'Retry', done: 'Retried', from: ['dead', 'cancelled'], tells: 'They are tried again, with as many attempts as a new job has.' },
  cancel: { verb: 'Cancel', done: 'Cancelled', from: ['scheduled', 'ready', 'running', 'retrying'],
    tells: 'Those that run are told to stop. A cancelled job can be retried.' },
  'run-now': { verb: 'Run now', done: 'Made ready', from: ['scheduled', 'retrying'], tells: 'They do not wait for their time any longer.' },
};

const MOST_AT_ONCE = 500;

/** @param {keyof typeof ACTIONS} action @param {string} id */
export function act(action, id) {
  return call('POST', `/jobs/${encodeURIComponent(id)}/${action}`);
}

/**
 * Does something with many jobs, a bounded number in each request.
 * @param {keyof typeof ACTIONS} action
 * @param {{ids: string[]} | {filter: object}} target
 * @param {(sum: {done: number, pending: number, refused: number}) => boolean} onProgress told after each request; false ends it
 */
export async function actOnMany(action, target, onProgress) {
  const sum = { done: 0, pending: 0, refused: 0 };
  const add = answer => {
    sum.done += answer.done;
    sum.pending += answer.pending;
    sum.refused += answer.refused.length;
    return onProgress(sum);
  };
  if (target.ids) {
    for (let from = 0; from < target.ids.length; from += MOST_AT_ONCE) {
      if (!add(await call('POST', '/jobs/bulk', { action, ids: target.ids.slice(from, from + MOST_AT_ONCE) }))) return;
    }
    return;
  }
  let before = null;
  do {
    const answer = await call('POST', '/jobs/bulk', { action, filter: target.filter, limit: MOST_AT_ONCE, before });
    if (!add(answer)) return;
    before = answer.next;
  } while (before);
}
