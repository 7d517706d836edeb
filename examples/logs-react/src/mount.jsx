// Shows the example in an element of any page, whoever that page is of.

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SSEProvider } from '@tailrace/react';
import { SharedClient } from '@tailrace/client/shared';
import { fetchToken, ofAddress } from '@tailrace-examples/panel';
import { Logs } from './logs.jsx';

/**
 * @param {Element} element
 * @returns {() => void} takes it away again
 */
export function mount(element) {
  const root = createRoot(element);
  const shown = ofAddress({ workspace: 'workspace123', workflow: 'workflow456' });
  // One connection for all that this browser shows of Tailrace: the other examples on the page, and the other tabs.
  root.render(
    <StrictMode>
      <SSEProvider gatewayUrl="/api" token={fetchToken} Client={SharedClient}><Logs {...shown} /></SSEProvider>
    </StrictMode>,
  );
  return () => root.unmount();
}
