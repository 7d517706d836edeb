// A clock that goes faster than the machine's, so that seconds of the client's patience are moments of a test.

/** @param {number} factor */
export function fastClock(factor, random = Math.random) {
  let jumped = 0;
  return {
    now: () => performance.now() * factor + jumped,
    /** It goes on by so many milliseconds at once. */
    jump: ms => { jumped += ms; },
    setTimer: (callback, ms) => setTimeout(callback, ms / factor),
    clearTimer: timer => clearTimeout(timer),
    random,
  };
}

/** Waits until something holds, at most so long. */
export async function until(holds, what = String(holds), limitMs = 30_000) {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise(resolve => { setTimeout(resolve, 5); });
  }
}
