// The hook.

import { useCallback, useRef, useState, useSyncExternalStore } from 'react';
import { NOTHING, NOTHING_YET } from './feeds.js';
import { useHeld } from './provider.js';
import { itemStorage } from './storage.js';

/** @typedef {import('./feeds.js').Snapshot} Snapshot */

/** How many events are kept unless `maxItems` says otherwise. */
export const MAX_ITEMS = 1000;

/**
 * Follows channels for as long as the component is there. Components that ask for the same share one subscription; all share
 * one connection.
 * @param {string | string[] | null | undefined} channels nothing is followed for null and for none
 * @param {{
 *   accumulate?: boolean,
 *   maxItems?: number,
 *   start?: string,
 *   persistence?: boolean,
 *   persistenceKey?: string,
 *   transform?: (event: import('@tailrace/client').StreamEvent) => any,
 * }} [options] `accumulate`: `data` is an array of what came, the newest last, at most `maxItems` (1,000); without it `data` is the last.
 *   `transform` makes what is kept of an event; undefined leaves it out; the function of the newest rendering is called.
 *   `persistence` keeps `data` in IndexedDB under `persistenceKey` (by default the channels' names) and begins with `last:N` unless `start` says otherwise, so that what came in between is there, too, and nothing twice.
 * @returns {Snapshot & {clear: () => void}} `error` is the last refusal of a channel, gap, reset or fault of `transform`, or a `Disconnected`
 *   while the connection is down
 */
export function useSSESubscription(channels, options = {}) {
  const { accumulate = false, maxItems = MAX_ITEMS, persistence = false, persistenceKey } = options;
  // What is kept is held against what the server has of the same time: nothing between the two is missing.
  const start = options.start ?? (persistence ? `last:${accumulate ? maxItems : 1}` : undefined);
  const get = useHeld();
  const names = [channels ?? []].flat();
  const key = JSON.stringify([names, start ?? null, accumulate, maxItems, persistence && (persistenceKey ?? names.join(','))]);
  const empty = accumulate ? NOTHING_YET : NOTHING;
  const newest = useRef(options.transform);
  newest.current = options.transform;
  // An inline function is another one at each rendering: the hook has one of its own, which calls the newest.
  const [own] = useState(() => (/** @type {import('@tailrace/client').StreamEvent} */ event) => newest.current?.(event));
  const isTransformed = options.transform !== undefined;
  const feed = useRef(/** @type {{key: string, feed: import('./feeds.js').Feed} | null} */ (null));

  const subscribe = useCallback((/** @type {() => void} */ changed) => {
    const [wanted, from, isAccumulated, max, kept] = JSON.parse(key);
    if (wanted.length === 0) return () => {};
    // Here and not while rendering: a rendering may be thrown away, and on a server it is all there is.
    const mine = get().feeds.get(key, () => ({
      channels: wanted, start: from ?? undefined, accumulate: isAccumulated, maxItems: max,
      transform: isTransformed ? own : undefined, storage: kept ? itemStorage(kept, get().who) : null,
    }));
    feed.current = { key, feed: mine };
    const stop = mine.listen(changed);
    changed();
    return () => {
      stop();
      if (feed.current?.feed === mine) feed.current = null;
    };
  }, [get, key, isTransformed, own]);

  const snapshot = useSyncExternalStore(subscribe, () => (feed.current?.key === key ? feed.current.feed.snapshot : empty), () => empty);
  const clear = useCallback(() => feed.current?.feed.clear(), []);
  return { ...snapshot, clear };
}
