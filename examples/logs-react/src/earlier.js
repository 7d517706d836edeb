// The rows before those that the stream has brought, page by page from the API.

import { useState } from 'react';
import { history } from '@tailrace/client/history';
import { useTailraceClient } from '@tailrace/react';

/** @typedef {import('@tailrace/client').Delivery} Delivery */
/** @typedef {import('@tailrace/client').StreamEvent} StreamEvent */

const PAGE = 100;
const NOTHING = { first: /** @type {string | null} */ (null), rows: /** @type {Delivery[]} */ ([]), next: /** @type {string | null} */ (null) };

/**
 * @param {string} channel
 * @param {StreamEvent | undefined} first the first row that the stream has brought and that is still shown
 */
export function useEarlier(channel, first) {
  const client = useTailraceClient();
  const [pages, setPages] = useState(NOTHING);
  const [isLoading, setLoading] = useState(false);
  const [error, setError] = useState(/** @type {Error | null} */ (null));
  // The live rows are bounded: when their first one goes, there is a hole between them and these, which can be loaded again.
  const shown = first && pages.first === first.id ? pages : NOTHING;
  const { rows, next } = shown;
  const isAll = shown !== NOTHING && next === null;

  async function load() {
    if (!first || isLoading) return;
    setLoading(true);
    setError(null);
    try {
      const { deliveries, next: after } = await history(client(), channel, { limit: PAGE, before: next ?? first.cursor ?? undefined });
      // The newest is the first of them. The cursor of an event is behind it, so that event is there again.
      const known = deliveries.findIndex(each => each.kind === 'event' && each.id === first.id);
      setPages({ first: first.id, rows: [...deliveries.slice(known + 1).reverse(), ...rows], next: after });
    } catch (fault) {
      setError(fault instanceof Error ? fault : new Error(String(fault)));
    } finally {
      setLoading(false);
    }
  }
  return { rows, load, isLoading, isAll, error };
}
