// Follows a stream with the npm package `eventsource` and prints a line of JSON for each event: {channel, id}.
// Arguments: URL, event types joined by commas. It never gives up; whoever started it ends it.
import { EventSource } from 'eventsource';

const [url, types] = process.argv.slice(2);

function follow(target) {
  const source = new EventSource(target);
  let last = '';
  for (const type of types.split(',')) {
    source.addEventListener(type, event => {
      last = event.lastEventId;
      if (type === 'stream.open') {
        console.log(JSON.stringify({ opened: true }));
        return;
      }
      const { channel, id } = JSON.parse(event.data);
      console.log(JSON.stringify({ channel, id }));
    });
  }
  source.addEventListener('error', () => {
    // The package, like a browser, gives up for good when an answer is not 200; a client of ours would not.
    if (source.readyState === EventSource.CLOSED) {
      const next = new URL(url);
      if (last) next.searchParams.set('last_event_id', last);
      setTimeout(() => follow(next.toString()), 200);
    }
  });
}

follow(url);
