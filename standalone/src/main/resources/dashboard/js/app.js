// Puts the page together. What is looked at stands in the address, after the #, so that it can be sent to somebody, and the browser's
// back button zooms out again. Of a stored dashboard the address has the name alone, and what is changed is kept here until it is stored.

import { SharedClient } from '/live/client/shared/index.js';
import { call } from '/live/js/api.js';
import { untilAnswered } from '/live/js/backoff.js';
import { freshToken, scope, session, sessions } from '/live/js/session.js';
import { Connection } from './connection.js';
import { say } from './make.js';
import { Panel } from './panel.js';
import { RangeBar } from './range-bar.js';
import * as ranges from './range.js';
import { serverClock } from './server-clock.js';
import * as store from './store.js';
import { StoredBar } from './stored-bar.js';
import { emptyPanel, emptyView, formatHash, fromDashboard, isView, MOST_PANELS, parseHash } from './view.js';

const FIRST_METRICS = 4;
const SECOND_MS = 1_000;
const DRAW_EACH_MS = 150;

const find = id => document.querySelector(`#${id}`);
// The address says what is looked at, so the link that skips the controls leaves it as it is.
find('skip').addEventListener('click', clicked => {
  clicked.preventDefault();
  find('main').focus();
});
const now = await serverClock();
const client = new SharedClient({ url: '/', user: scope(), credentials: 'omit', token: session() ? ({ refused }) => freshToken(refused) : undefined });
const connection = new Connection(document, client, now, drawSoon);
const bar = new RangeBar(document, now, range => change({ range }));
const storedBar = new StoredBar(document, {
  open: id => { location.hash = id ? `#dashboard=${id}` : formatHash({ ...view, dashboard: undefined, link: undefined }); },
  saved: dashboard => {
    stored = dashboard;
    change({ dashboard: dashboard.id, link: undefined });
    render();
  },
  deleted: () => {
    stored = null;
    change({ dashboard: undefined });
  },
});

/** @type {Panel[]} */
let panels = [];
/** @type {import('./view.js').View & {dashboard?: string, link?: string}} */
let view = emptyView();
/** The dashboard that the address names, as the server has it. */
let stored = null;
/** The part of the address after the # that is shown, or is on its way. */
let address = '';
let isDrawing = false;
let drawnAt = 0;

addEventListener('hashchange', () => {
  if (isView(location.hash)) void show();
  else keep();
});
addEventListener('resize', drawSoon);
document.addEventListener('visibilitychange', drawSoon);
// Another person, or nobody: the stream of the one before is not theirs.
sessions.addEventListener('change', ({ detail: { how } }) => { if (how !== 'renewed') location.reload(); });
// What ends now moves on.
setInterval(() => { if (ranges.isLive(view.range)) drawSoon(); }, SECOND_MS);
find('add-panel').addEventListener('click', () => {
  change({ panels: [...view.panels, emptyPanel()] });
  panels.at(-1)?.element.scrollIntoView({ block: 'nearest' });
});

find('page').disabled = false;
if (!isView(location.hash)) await begin();
await show();
await storedBar.refresh();

/** Without anything to be looked at in the address: the first metrics there are. */
async function begin() {
  try {
    const { metrics } = await untilAnswered(() => call('GET', `/metrics?limit=${FIRST_METRICS}`));
    const first = metrics.map(({ id }) => ({ ...emptyPanel(), metrics: [id] }));
    history.replaceState(null, '', formatHash({ ...view, panels: first }));
  } catch (fault) {
    say(find('fault'), fault.message);
  }
}

/** @param {Partial<typeof view>} to */
function change(to) {
  view = { ...view, ...to };
  const hash = formatHash(view);
  if (hash !== location.hash) history.pushState(null, '', hash);
  address = location.hash;
  render();
}

/** The address names no view: what is shown stays, and the address says so again. */
function keep() {
  if (location.hash === '#main') find('main').focus();
  history.replaceState(null, '', address || `${location.pathname}${location.search}`);
}

/** Shows what the address says. */
async function show() {
  address = location.hash;
  const wanted = parseHash(address);
  const isSame = wanted.dashboard === view.dashboard && wanted.link === view.link;
  if (isSame && (stored || (!wanted.dashboard && !wanted.link))) {
    // Panels of a stored dashboard are not in the address.
    view = stored ? { ...wanted, panels: view.panels } : wanted;
  } else if (wanted.dashboard || wanted.link) {
    const loaded = await load(wanted);
    if (!loaded) return;
    const hasRange = new URLSearchParams(location.hash.slice(1)).has('range');
    stored = loaded;
    view = { ...fromDashboard(loaded), ...(hasRange && { range: wanted.range }), dashboard: wanted.dashboard, link: wanted.link };
    history.replaceState(null, '', formatHash(view));
    address = location.hash;
  } else {
    stored = null;
    view = wanted;
  }
  render();
}

/** @returns {Promise<object | null>} null if it cannot be shown, or something else is wanted meanwhile */
async function load({ dashboard, link }) {
  const { hash } = location;
  say(find('fault'), '');
  try {
    const loaded = await untilAnswered(() => (link ? store.readShared(link) : store.read(dashboard)), () => hash === location.hash);
    return hash === location.hash ? loaded : null;
  } catch (fault) {
    say(find('fault'), fault.status === 401 ? 'Sign in to see this dashboard.' : fault.message);
    return null;
  }
}

function render() {
  while (panels.length > view.panels.length) panels.pop().close();
  while (panels.length < view.panels.length) {
    const panel = newPanel();
    panels.push(panel);
    find('panels').append(panel.element);
  }
  const isOwn = !view.link;
  panels.forEach((panel, i) => panel.show(view.panels[i], view.range, isOwn));
  bar.show(view.range);
  storedBar.show(stored, view);
  find('shared-title').hidden = isOwn;
  say(find('shared-title'), isOwn ? '' : `${stored?.name ?? ''} (shared with you)`);
  find('add-panel').hidden = !isOwn;
  find('add-panel').disabled = panels.length >= MOST_PANELS;
  find('empty').hidden = panels.length > 0;
  drawSoon();
}

function newPanel() {
  const panel = new Panel(client, {
    range: (a, b) => change({ range: ranges.between(a, b, now()) }),
    zoom: (factor, around) => change({ range: ranges.zoom(view.range, now(), factor, around) }),
    pan: part => change({ range: ranges.pan(view.range, now(), part) }),
    live: () => bar.goLive(),
    edited: edited => change({ panels: view.panels.map((each, i) => (panels[i] === panel ? edited : each)) }),
    removed: () => remove(panel),
    dirty: drawSoon,
    now,
  });
  return panel;
}

function remove(panel) {
  const at = panels.indexOf(panel);
  // The others stay as they are, with what they have read.
  panels.splice(at, 1)[0].close();
  change({ panels: view.panels.filter((_, i) => i !== at) });
  (panels[Math.min(at, panels.length - 1)]?.element.querySelector('.stage') ?? find('add-panel')).focus();
}

/** Some times a second, however much has changed. A page that nobody sees is drawn when it is seen. */
function drawSoon() {
  if (isDrawing || document.hidden) return;
  isDrawing = true;
  setTimeout(() => requestAnimationFrame(() => {
    isDrawing = false;
    drawnAt = performance.now();
    for (const panel of panels) panel.draw(now(), connection.lostMs);
  }), Math.max(0, drawnAt + DRAW_EACH_MS - performance.now()));
}
