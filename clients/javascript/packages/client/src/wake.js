// What wakes a connection that waits: the network is back, the page is looked at again.

/** @param {() => void} wake @returns {() => void} stops listening */
export function wakeSources(wake) {
  const stop = new AbortController();
  const { document } = globalThis;
  const listener = () => { if (!document?.hidden) wake(); };
  // visibilitychange bubbles up to the window.
  for (const type of ['online', 'focus', 'pageshow', 'visibilitychange']) globalThis.addEventListener?.(type, listener, stop);
  return () => stop.abort();
}
