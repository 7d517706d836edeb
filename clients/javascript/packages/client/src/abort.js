// Waiting that an AbortSignal ends.

/**
 * @template T
 * @param {Promise<T>} promise @param {AbortSignal | undefined} signal
 * @returns {Promise<T>} rejected with the signal's reason when it is aborted
 */
export async function aborted(promise, signal) {
  if (!signal) return promise;
  let stop = () => {};
  try {
    return await Promise.race([promise, new Promise((_, reject) => {
      stop = () => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    })]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** @param {import('./types.js').Clock} clock @param {number} ms @param {AbortSignal | undefined} signal */
export async function pause(clock, ms, signal) {
  let timer;
  try {
    await aborted(new Promise(resolve => { timer = clock.setTimer(() => resolve(undefined), ms); }), signal);
  } finally {
    clock.clearTimer(timer);
  }
}
