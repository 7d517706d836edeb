// What wakes a connection that waits: the network is back, the page is looked at again.

/** @param {() => void} wake @returns {() => void} stops listening */
export function wakeSources(wake) {
  const { document } = globalThis;
  if (typeof globalThis.addEventListener !== 'function') return () => {};
  const listener = () => { if (!document?.hidden) wake(); };
  /** @type {[EventTarget, string][]} */
  const sources = [[globalThis, 'online'], [globalThis, 'focus'], [globalThis, 'pageshow']];
  if (document) sources.push([document, 'visibilitychange']);
  for (const [target, type] of sources) target.addEventListener(type, listener);
  return () => { for (const [target, type] of sources) target.removeEventListener(type, listener); };
}
