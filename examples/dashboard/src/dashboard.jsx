// The metrics of a workspace: of each the latest value, and how it came to be.

import { useSSESubscription } from '@tailrace/react';
import { Notice, Panel } from '@tailrace-examples/panel';

const POINTS = 60;
const START = 'last:100';

/** @param {{workspace: string, metrics: string}} props `metrics`: their names, joined by commas */
export function Dashboard({ workspace, metrics }) {
  const channel = `metrics:${workspace}`;
  return (
    <Panel title="Dashboard" hint={channel}>
      <div className="tiles">{metrics.split(',').map(name => <Tile key={name} channel={channel} name={name} />)}</div>
    </Panel>
  );
}

/** All tiles are of one channel, and what is not theirs is left out. @param {string} name */
const readings = name => (/** @type {import('@tailrace/client').StreamEvent} */ { data }) => (
  data?.name === name && Number.isFinite(data.value) ? data : undefined
);

/** @param {{channel: string, name: string}} props */
function Tile({ channel, name }) {
  const { data: latest, error } = useSSESubscription(channel, { start: START, transform: readings(name) });
  return (
    <article className="tile">
      <h3>{name}</h3>
      <output aria-label={name}>{latest ? `${latest.value.toLocaleString()} ${latest.unit ?? ''}` : '–'}</output>
      <Trend channel={channel} name={name} />
      <Notice error={error} />
    </article>
  );
}

/** @param {{channel: string, name: string}} props */
function Trend({ channel, name }) {
  const { data } = useSSESubscription(channel, { accumulate: true, maxItems: POINTS, start: START, transform: readings(name) });
  const values = data.map(each => each.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, i) => `${(i / Math.max(1, values.length - 1)) * 100},${38 - ((value - low) / (high - low || 1)) * 36}`);
  return (
    <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={values.length > 1 ? `The last ${values.length} values, from ${low} to ${high}` : 'No trend yet'}>
      <polyline points={points.join(' ')} />
    </svg>
  );
}
