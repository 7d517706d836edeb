// The log of a workflow: what comes, below what was there before, in one table.

import { useSSESubscription } from '@tailrace/react';
import { Notice, Panel } from '@tailrace-examples/panel';
import { useEarlier } from './earlier.js';

const LIVE_ROWS = 500;

/** @param {{workspace: string, workflow: string}} props */
export function Logs({ workspace, workflow }) {
  const channel = `logs:${workspace}:${workflow}`;
  const { data, error, clear } = useSSESubscription(channel, { accumulate: true, maxItems: LIVE_ROWS, start: 'last:50' });
  const earlier = useEarlier(channel, data[0]);
  const rows = [...earlier.rows, ...data];
  return (
    <Panel title="Logs" hint={channel}>
      <Notice error={error} clear={clear} />
      <Notice error={earlier.error} />
      <div className="scroll" tabIndex={0} role="region" aria-label={`Log of ${workflow}`}>
        <table>
          <thead><tr><th scope="col">Time</th><th scope="col">Level</th><th scope="col">Message</th></tr></thead>
          <tbody>{rows.map((row, i) => (row.kind === 'event' ? <Row key={row.id} {...row} /> : <Missing key={`missing ${i}`} {...row} />))}</tbody>
        </table>
      </div>
      {rows.length === 0 && <p className="empty">Nothing yet. Start a run, and it is shown here.</p>}
      {data.length > 0 && (
        <p><button type="button" className="quiet" disabled={earlier.isLoading || earlier.isAll} onClick={earlier.load}>
          {earlier.isAll ? 'These are all' : earlier.isLoading ? 'Loading…' : 'Show earlier rows'}
        </button></p>
      )}
    </Panel>
  );
}

/** @param {import('@tailrace/client').StreamEvent} props */
function Row({ time, data }) {
  // Whoever may publish here says what is in it.
  const { level = 'INFO', message = JSON.stringify(data) } = data ?? {};
  return (
    <tr>
      <td className="time"><time dateTime={time}>{new Date(time).toLocaleTimeString()}</time></td>
      <td><span className="state" data-state={level}>{String(level)}</span></td>
      <td className="text">{String(message)}</td>
    </tr>
  );
}

/** @param {import('@tailrace/client').Gap | import('@tailrace/client').Reset} props */
function Missing({ reason }) {
  return <tr><td className="text" colSpan={3}>Rows are missing here ({reason}).</td></tr>;
}
