// The client that a tree of components shares.

import { createContext, createElement, useContext, useEffect, useMemo, useRef } from 'react';
import { TailraceClient } from '@tailrace/client';
import { identityOf } from '@tailrace/client/identity';
import { Feeds } from './feeds.js';

/** @typedef {import('./feeds.js').Client} Client */
/** @typedef {{client: Client, feeds: Feeds, who: () => Promise<string | null>}} Held `who` it is, for what is kept */

/** @type {import('react').Context<(() => Held) | null>} */
const Context = createContext(/** @type {(() => Held) | null} */ (null));

/**
 * Gives everything below it one connection. It is made when a component subscribes, and never on a server.
 * @param {Omit<import('@tailrace/client').Options, 'url' | 'token'> & {
 *   gatewayUrl?: string,
 *   token?: string | import('@tailrace/client').TokenCallback,
 *   client?: Client,
 *   Client?: new (options: any) => Client,
 *   removeAfterMs?: number,
 *   user?: string,
 *   children?: import('react').ReactNode,
 * }} props `client` is one of your own, which the provider does not close; `Client` is the class of the one that it makes:
 *   `SharedClient` of `@tailrace/client/shared` for one connection of all tabs, else `TailraceClient`. `removeAfterMs`: how long a channel stays on the
 *   stream that no component has any more, 2,000 by default. `user` says for whom hooks keep what they keep, where the token's
 *   subject does not. A change of `gatewayUrl`, `user`, `client` or `Client` makes another connection; the newest
 *   `token` callback is the one that is called.
 */
export function SSEProvider({ gatewayUrl = '', client, Client = TailraceClient, removeAfterMs = 2000, children, token, user, ...options }) {
  const newest = useRef(token);
  newest.current = token;
  const isSigned = token !== undefined;
  const box = useMemo(() => {
    /** @type {Held | null} */
    let held = null;
    /** @type {string | null} */
    let given = null;
    let tell = () => {};
    /** @type {Promise<void>} */
    const told = new Promise(resolve => { tell = resolve; });
    // No call of the callback of its own: it waits for the token that the connection asks for.
    const who = async () => {
      if (isSigned && !client && user === undefined) await told;
      return identityOf({ token: given, user, credentials: client ? undefined : options.credentials, headers: options.headers });
    };
    /** @param {{refused: string | null}} why */
    const ask = async why => {
      const now = newest.current;
      given = (typeof now === 'function' ? await now(why) : now) ?? null;
      tell();
      return given;
    };
    return {
      users: 0,
      get: () => {
        if (held !== null && held.client.state !== 'closed') return held;
        const made = client ?? new Client({
          ...options,
          user,
          url: gatewayUrl,
          token: isSigned ? ask : undefined,
        });
        held = { client: made, feeds: new Feeds(made, removeAfterMs), who };
        return held;
      },
      close: () => {
        held?.feeds.close();
        if (!client) held?.client.close();
        held = null;
      },
    };
  // Options are read once: a literal in the props is another object at each rendering.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [gatewayUrl, client, Client, user, isSigned, removeAfterMs]);
  useEffect(() => {
    box.users++;
    return () => {
      box.users--;
      // StrictMode and fast refresh take effects down and put them up again at once: the connection stays over that.
      setTimeout(() => { if (box.users === 0) box.close(); }, 0);
    };
  }, [box]);
  return createElement(Context.Provider, { value: box.get }, children);
}

/** @returns {() => Held} */
export function useHeld() {
  const get = useContext(Context);
  if (get === null) throw new Error('there is no <SSEProvider> above this component');
  return get;
}

/** The client of the provider above, for what the hooks do not do. Call it in effects and handlers. @returns {() => Client} */
export function useTailraceClient() {
  const get = useHeld();
  return () => get().client;
}
