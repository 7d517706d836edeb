// For components that are no functions.

import { createElement } from 'react';
import { useSSESubscription } from './use-sse-subscription.js';

/**
 * Gives a component the property `sse`: what `useSSESubscription` gives.
 * @template {object} P
 * @param {import('react').ComponentType<P & {sse: ReturnType<typeof useSSESubscription>}>} Component
 * @param {string[] | ((props: P) => string | string[] | null)} channels
 * @param {Parameters<typeof useSSESubscription>[1]} [options]
 * @returns {import('react').FunctionComponent<P>}
 */
export function withSSE(Component, channels, options) {
  /** @param {P} props */
  function WithSSE(props) {
    const sse = useSSESubscription(typeof channels === 'function' ? channels(props) : channels, options);
    return createElement(Component, { ...props, sse });
  }
  WithSSE.displayName = `withSSE(${Component.displayName ?? Component.name ?? 'Component'})`;
  return WithSSE;
}
