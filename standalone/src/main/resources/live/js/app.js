// Puts the page together: one stream, and the panels that look at it; the seats have one of their own while a show is open.

import { freshToken, session } from './api.js';
import { Charts } from './charts.js';
import { ConnectionPanel } from './connection-panel.js';
import { Feed } from './feed.js';
import { Search, searchChannels } from './search.js';
import { Seats } from './seats.js';
import { ResumableStream } from './stream.js';

const RENEW_MS = 30_000;

const charts = new Charts(document.querySelector('#charts'), document.querySelector('#charts-empty'));
const feed = new Feed(document);
const search = new Search(document);
const seats = new Seats(document);

const stream = new ResumableStream(() => {
  const person = session();
  return {
    channels: person ? ['metrics', `feed:${person.id}`, ...searchChannels(person)] : ['metrics'],
    types: ['metric_created', 'metric_reading_created', 'post_published', 'documents_indexed'],
    // The newest readings fill the charts at once.
    start: 'last:500',
    token: person?.access,
  };
});
new ConnectionPanel(document, stream);

stream.addEventListener('event', ({ detail: { type, envelope } }) => {
  switch (type) {
    case 'metric_created': charts.name(envelope.data); break;
    case 'metric_reading_created': charts.add(envelope.data); break;
    case 'post_published': feed.add(envelope.data); break;
    case 'documents_indexed': search.fresh(envelope.data.index); break;
  }
});

feed.addEventListener('person', () => {
  stream.forget();
  stream.connect();
  search.person();
  seats.person();
});

// One connection to whoever looks at it: cut here is cut there.
let wasCut = false;
stream.addEventListener('state', () => {
  const isCut = stream.state === 'cut';
  if (isCut && !wasCut) seats.cut();
  if (!isCut && wasCut) seats.resume();
  wasCut = isCut;
});

// A stream ends no later than its token: renew the token before, and go on at the cursor with the new one.
setInterval(async () => {
  const before = session()?.access;
  const after = await freshToken();
  if (before && before !== after && stream.state !== 'cut') {
    stream.connect();
    seats.resume();
  }
}, RENEW_MS);

await freshToken();
search.person();
stream.connect();
await Promise.all([feed.show(), seats.start()]);
