// What wakes a connection that waits: the network is back, the page is looked at again.

/** @param {() => void} wake @returns {() => void} stops listening */
export function wakeSources(wake) {
  const stop = new AbortController();
  const { document } = globalThis;
  const listener = () => { if (!document?.hidden) wake(); };
  for (const type of ['online', 'focus', 'pageshow']) globalThis.addEventListener?.(type, listener, { signal: stop.signal });
  document?.addEventListener('visibilitychange', listener, { signal: stop.signal });
  return () => stop.abort();
}
