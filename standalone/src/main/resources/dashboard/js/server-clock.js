// The time as the server has it: readings are at its time, and a clock that goes wrong here would show an empty edge.

/** A difference that is less than this is the way there and the whole seconds of the header. */
const UNSEEN_MS = 2_000;

/** @returns {Promise<() => number>} milliseconds since the epoch */
export async function serverClock() {
  let aheadMs = 0;
  try {
    const begin = Date.now();
    const answer = await fetch('/dashboard/js/server-clock.js', { method: 'HEAD', cache: 'no-store', credentials: 'omit' });
    const end = Date.now();
    const differenceMs = Date.parse(answer.headers.get('Date')) + 500 - (begin + end) / 2;
    if (Math.abs(differenceMs) > UNSEEN_MS) aheadMs = differenceMs;
  } catch { /* Its own clock is what there is. */ }
  return () => Date.now() + aheadMs;
}
