// Puts the page together: one stream for all of it, and the panels that look at it.
//
// Settings in the address: ?watchdog=SECONDS after which a silent connection counts as dead (default 45, at least 7),
// and ?share=no for a connection of this tab's own.

import { Asking } from './asking.js';
import { untilAnswered } from './backoff.js';
import { Charts } from './charts.js';
import { ConnectionPanel } from './connection-panel.js';
import { Feed } from './feed.js';
import { Files } from './files.js';
import { PageStream, WATCHDOG_MS } from './page-stream.js';
import { Search, searchChannels } from './search.js';
import { Seats } from './seats.js';
import { freshToken, scope, session, sessions } from './session.js';

const RENEW_MS = 10_000;
const READINGS = 500;

const settings = new URLSearchParams(location.search);
const watchdogMs = Number(settings.get('watchdog')) * 1000 || WATCHDOG_MS;

const stream = new PageStream(subscription, { watchdogMs, shared: settings.get('share') !== 'no', token: tokenOf });
const charts = new Charts(document.querySelector('#charts'), document.querySelector('#charts-empty'));
const feed = new Feed(document);
const search = new Search(document);
const seats = new Seats(document, stream);
const files = new Files(document, stream);
const asking = new Asking(document, stream, files);
new ConnectionPanel(document, stream);

function subscription() {
  const person = session();
  // The newest readings fill the charts at once.
  const channels = { metrics: READINGS };
  if (person) {
    channels[`feed:${person.id}`] = 100;
    for (const channel of searchChannels(person)) channels[channel] = 0;
  }
  Object.assign(channels, seats.channels());
  return { scope: scope(), channels };
}

/** The client asks this tab for a token; while it is somebody else's meanwhile, it is given none. */
function tokenOf(whose) {
  if (!session()) return undefined;
  return async ({ refused }) => {
    const token = await freshToken(refused);
    return scope() === whose ? token : null;
  };
}

stream.addEventListener('event', ({ detail: { type, envelope } }) => {
  switch (type) {
    case 'metric_created': charts.name(envelope.data); break;
    case 'metric_reading_created': charts.add(envelope.data); break;
    case 'post_published': feed.add(envelope.data); break;
    case 'post_deleted': feed.remove(envelope.data); break;
    case 'documents_indexed': search.fresh(envelope.data.index); break;
    case 'upload_stored':
    case 'extraction_progress':
    case 'upload_ready':
    case 'upload_failed': files.heard(type, envelope.data, envelope.time); break;
  }
});

sessions.addEventListener('change', ({ detail: { how, email } }) => {
  // The client renews the stream's token by itself, and asks for it here.
  if (how === 'renewed') return;
  feed.notice(how, email);
  void feed.show();
  // The stream of somebody else is another stream. One that was cut on purpose stays cut.
  stream.forget();
  if (stream.state !== 'cut') stream.connect();
  search.person();
  seats.person();
  void files.person();
  asking.person(how);
});

// A stream ends no later than its token: renew it before. While the server is away, the session stays.
setInterval(() => { freshToken().catch(() => { /* The next time. */ }); }, RENEW_MS);

void untilAnswered(() => freshToken()).catch(() => {});
search.person();
stream.connect();
document.querySelector('#page').disabled = false;
void files.person();
asking.person('opened');
await Promise.all([feed.show(), seats.start()]);
