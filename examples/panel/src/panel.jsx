// A part of a page: its title, the state of the connection, what goes wrong, and what it shows.

import { useId } from 'react';
import { useConnection, useTailraceClient } from '@tailrace/react';

const OFFLINE = 'This device is offline. What happens meanwhile is shown when it is back. ';
const WHY = {
  'token-callback': 'no token could be had',
  unauthorized: 'the token is not valid',
  'token-expired': 'the token has ended',
  'rate-limited': 'too many requests',
  'not-a-stream': 'something else than Tailrace answers',
  ended: 'the server or a proxy ended the stream',
  draining: 'the server restarts',
  buffered: 'a proxy collects the stream',
  network: 'the network or the server is away',
};

/** @param {{title: string, hint?: string, children: import('react').ReactNode}} props */
export function Panel({ title, hint, children }) {
  const id = useId();
  const { state, reason, error, isConnected, wake } = useConnection();
  const client = useTailraceClient();
  const cause = reason === 'token-callback' && error ? `: ${error.message ?? error}` : '';
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span className="state" data-state={state} role="status">{state}</span>
      </header>
      {hint && <p className="hint">{hint}</p>}
      {state === 'waiting' && (
        <p className="notice" role="alert">
          {navigator.onLine ? `Not connected: ${WHY[reason] ?? reason}${cause}. It goes on by itself where it was. ` : OFFLINE}
          <button type="button" className="quiet" onClick={wake}>Try now</button>
        </p>
      )}
      {children}
      <footer className="mono">Connection {isConnected ? client().connectionId : '–'}</footer>
    </section>
  );
}
