// How several workflows stand, and the alerts of their workspace: many channels, one subscription.

import { useState } from 'react';
import { useSSESubscription } from '@tailrace/react';
import { Notice, Panel } from '@tailrace-examples/panel';

const PART = '[A-Za-z0-9._~\\-]{1,64}';
const SHOWN_ALERTS = 5;

/** @param {{workspace: string, workflows: string}} props `workflows`: their names, joined by commas */
export function Workflows({ workspace, workflows }) {
  const [names, setNames] = useState(() => [...new Set(workflows.split(','))]);
  const channels = [...names.map(name => `workflows:${workspace}:${name}`), `alerts:${workspace}`];
  const { data, error, clear } = useSSESubscription(channels, { accumulate: true, start: 'last:20' });
  const newest = new Map(data.filter(each => each.type === 'workflow').map(each => [each.channel, each]));
  const alerts = data.filter(each => each.type === 'alert').slice(-SHOWN_ALERTS).reverse();

  /** @param {FormData} form */
  function follow(form) {
    setNames([...new Set([...names, String(form.get('name'))])]);
  }

  return (
    <Panel title="Workflows" hint={`workspace ${workspace}`}>
      <Notice error={error} clear={clear} />
      <div className="scroll" tabIndex={0} role="region" aria-label="States of the workflows">
        <table>
          <thead><tr><th scope="col">Workflow</th><th scope="col">State</th><th scope="col">Step</th><th scope="col">Since</th></tr></thead>
          <tbody>{names.map(name => <Row key={name} name={name} event={newest.get(`workflows:${workspace}:${name}`)} />)}</tbody>
        </table>
      </div>
      <form className="follow" action={follow}>
        <label>Another workflow <input name="name" required pattern={PART} title="1 to 64 of A-Z a-z 0-9 . _ ~ -" autoComplete="off" /></label>
        <button type="submit">Follow</button>
      </form>
      <h3>Alerts</h3>
      {alerts.length === 0 && <p className="empty">None.</p>}
      <ul className="alerts" aria-live="polite">
        {alerts.map(each => <Alert key={each.id} {...each} />)}
      </ul>
    </Panel>
  );
}

/** @param {{name: string, event?: import('@tailrace/client').StreamEvent}} props */
function Row({ name, event }) {
  const { state = 'unknown', step = '–', progress } = event?.data ?? {};
  return (
    <tr>
      <th scope="row">{name}</th>
      <td><span className="state" data-state={state}>{String(state)}</span></td>
      <td className="text">{String(step)} {Number.isFinite(progress) && <progress value={progress} aria-label={`Progress of ${name}`} />}</td>
      <td className="time">{event && <time dateTime={event.time}>{clock(event.time)}</time>}</td>
    </tr>
  );
}

/** @param {import('@tailrace/client').StreamEvent} props */
function Alert({ time, data }) {
  const { severity = 'info', title = JSON.stringify(data) } = data ?? {};
  return (
    <li><span className="state" data-state={severity}>{String(severity)}</span> {String(title)} <time className="hint" dateTime={time}>{clock(time)}</time></li>
  );
}

/** @param {string} time */
const clock = time => new Date(time).toLocaleTimeString();
