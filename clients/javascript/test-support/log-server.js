// A local server with a log of one channel, news:a, whose streams go on at their cursor.

import { TestServer } from './server.js';

/** A log of one channel, whose streams go on at their cursor. */
export async function logServer() {
  const server = await new TestServer().start();
  const log = [];
  const open = new Set();
  server.onStream(stream => {
    const from = stream.cursor ? Number(stream.cursor.slice(1)) : 0;
    stream.open({ id: `c${from}`, at: 'offset', connectionId: `conn-${server.streams.length}` });
    log.slice(from).forEach((n, i) => stream.event('news:a', n, { id: `c${from + i + 1}` }));
    stream.control('caught_up');
    open.add(stream);
    const beat = setInterval(() => stream.control('heartbeat'), Number(stream.query.get('heartbeat')) * 1000);
    stream.closed.then(() => {
      open.delete(stream);
      clearInterval(beat);
    });
  });
  return {
    server,
    open,
    publish: n => {
      log.push(n);
      for (const stream of open) stream.event('news:a', n, { id: `c${log.length}` });
    },
  };
}
