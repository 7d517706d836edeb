// The connection itself, and publishing.

import { useCallback, useRef, useSyncExternalStore } from 'react';
import { useHeld } from './provider.js';

/** @typedef {import('@tailrace/client').StateChange} StateChange */

/** @type {StateChange} */
const IDLE = Object.freeze({ state: 'idle', previous: 'idle', reason: 'created' });

/**
 * The state of the connection, and why it is so.
 * @returns {StateChange & {isConnected: boolean, wake: () => void}} `wake` tries now if it waits for its next attempt
 */
export function useConnection() {
  const get = useHeld();
  const shown = useRef(IDLE);
  const subscribe = useCallback((/** @type {() => void} */ changed) => {
    const { client } = get();
    shown.current = client.detail;
    changed();
    return client.on('state', change => { shown.current = change; changed(); });
  }, [get]);
  const change = useSyncExternalStore(subscribe, () => shown.current, () => IDLE);
  const wake = useCallback(() => get().client.wake(), [get]);
  return { ...change, isConnected: change.state === 'live' || change.state === 'catching-up', wake };
}

/**
 * A function that publishes: `await publish('news:today', 'headline', {…})`. It stays the same one.
 * @returns {import('@tailrace/client').TailraceClient['publish']}
 */
export function usePublish() {
  const get = useHeld();
  return useCallback((channel, type, data, options) => get().client.publish(channel, type, data, options), [get]);
}
