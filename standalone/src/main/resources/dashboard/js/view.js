// What is looked at, as the address and a stored dashboard have it. Pure.

import { formatRange, parseRange } from './range.js';

/** @typedef {{title: string, metrics: string[], resolution: string}} PanelView */
/** @typedef {{range: import('./range.js').Range, panels: PanelView[]}} View */

/** The bounds of the server. */
export const MOST_PANELS = 24;
export const MOST_METRICS = 8;
export const MOST_TITLE = 100;

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const RESOLUTION = /^(auto|[1-9]\d{0,8}[smhd])$/;

/** @returns {View} */
export const emptyView = () => ({ range: { last: 900_000 }, panels: [] });

/** @returns {PanelView} */
export const emptyPanel = () => ({ title: '', metrics: [], resolution: 'auto' });

/**
 * Reads the part of an address after the #. What makes no sense there is left out: an address can be typed.
 * @param {string} text
 * @returns {View & {dashboard?: string, link?: string}}
 */
export function parseHash(text) {
  const values = new URLSearchParams(text.replace(/^#/, ''));
  const view = emptyView();
  view.range = parseRange(values.get('range') ?? '') ?? view.range;
  for (const panel of values.getAll('panel').slice(0, MOST_PANELS)) {
    const [metrics, resolution = 'auto', ...title] = panel.split('~');
    view.panels.push({
      title: title.join('~').slice(0, MOST_TITLE),
      metrics: unique(metrics.split(',').filter(id => ID.test(id))),
      resolution: RESOLUTION.test(resolution) ? resolution : 'auto',
    });
  }
  const [dashboard, link] = [values.get('dashboard'), values.get('link')];
  return { ...view, ...(dashboard && ID.test(dashboard) && { dashboard }), ...(link && /^[\w-]{1,100}$/.test(link) && { link }) };
}

/**
 * Whether the part of an address after the # says what is to be looked at. What does not is the target of a link within the page, or was
 * mistyped.
 * @param {string} text
 */
export function isView(text) {
  const values = new URLSearchParams(text.replace(/^#/, ''));
  const { dashboard, link } = parseHash(text);
  if (values.has('dashboard') || values.has('link')) return Boolean(dashboard ?? link);
  return values.has('panel') || parseRange(values.get('range') ?? '') !== null;
}

/**
 * @param {View & {dashboard?: string, link?: string}} view
 * @returns {string} the part of an address after the #. What is stored is named, and only what differs from it stands there, too
 */
export function formatHash({ range, panels, dashboard, link }) {
  const values = new URLSearchParams();
  if (dashboard) values.set('dashboard', dashboard);
  if (link) values.set('link', link);
  values.set('range', formatRange(range));
  if (!dashboard && !link) for (const { metrics, resolution, title } of panels) values.append('panel', `${metrics.join(',')}~${resolution}~${title}`);
  // Such as a person can read and send.
  return `#${values.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')}`;
}

/** What is stored of a view. @param {View} view @param {string} name */
export function toDashboard({ range, panels }, name) {
  return { name, range: formatRange(range), panels: panels.map(({ title, metrics, resolution }) => ({ ...(title && { title }), metrics, resolution })) };
}

/** @param {{range: string, panels: any[]}} stored @returns {View} */
export function fromDashboard({ range, panels }) {
  return {
    range: parseRange(range) ?? emptyView().range,
    panels: panels.map(({ title = '', metrics, resolution = 'auto' }) => ({ title: title ?? '', metrics: [...metrics], resolution: resolution ?? 'auto' })),
  };
}

/**
 * What is stored, as it is, and shared or not: what is changed and not stored yet stays out of it.
 * @param {{name: string, range: string, panels: any[]}} stored @param {boolean} shared
 */
export function withSharing({ name, range, panels }, shared) {
  return { ...toDashboard(fromDashboard({ range, panels }), name), range, shared };
}

/** @param {string[]} ids */
function unique(ids) {
  return [...new Set(ids.map(id => id.toLowerCase()))].slice(0, MOST_METRICS);
}
