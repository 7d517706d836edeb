// The page of frames.js: a table of the last 200 events by one hook.

import { createRoot } from 'react-dom/client';
import { SSEProvider, useSSESubscription } from '@tailrace/react';
import { SharedClient } from '@tailrace/client/shared';
import { TailraceClient } from '@tailrace/client';

window.received = 0;
/** Events that were missing, repeated or out of order. */
window.faults = 0;

/** Looks at each event, those that are not shown included. */
function checked({ id, data }) {
  if (data.n !== window.received) window.faults++;
  window.received = data.n + 1;
  return { id, ...data };
}

function Logs() {
  const { data, error } = useSSESubscription('logs:bench:frames', { accumulate: true, maxItems: 200, start: 'earliest', transform: checked });
  if (error) window.faults++;
  return <table><tbody>{data.map(({ id, level, message, timestamp }) => <tr key={id}><td>{timestamp}</td><td>{level}</td><td>{message}</td></tr>)}</tbody></table>;
}

/** The lengths of the frames and of the long tasks while it goes on. */
function measureUntil(isOver) {
  const frames = [];
  const tasks = [];
  const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration)));
  observer.observe({ type: 'longtask' });
  const startedAt = performance.now();
  return new Promise(resolve => {
    let last = null;
    requestAnimationFrame(function next(now) {
      if (last !== null) frames.push(now - last);
      last = now;
      if (!isOver(performance.now() - startedAt)) requestAnimationFrame(next);
      else {
        observer.disconnect();
        resolve({ frames, tasks, ms: performance.now() - startedAt });
      }
    });
  });
}

window.measure = ms => measureUntil(passed => passed >= ms);

window.start = ({ shared, backlog }) => {
  const Client = shared ? SharedClient : TailraceClient;
  createRoot(document.getElementById('root')).render(<SSEProvider gatewayUrl="" user="bench" Client={Client}><Logs /></SSEProvider>);
  return measureUntil(() => window.received >= backlog);
};
