// Passes bytes on to a server and breaks its connections after random many of them.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * @param {string} origin @param {() => number} random @param {number} minBytes @param {number} maxBytes
 * @param {boolean} [isUp] whether what the client sends is counted, and not what it is sent
 */
export async function cuttingProxy(origin, random, minBytes, maxBytes, isUp = false) {
  const { hostname, port } = new URL(origin);
  const sockets = new Set();
  const proxy = { cuts: 0, url: '', stop: async () => {} };
  const server = createServer(client => {
    const upstream = connect(Number(port), hostname);
    let left = minBytes + random() * (maxBytes - minBytes);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => { sockets.delete(socket); client.destroy(); upstream.destroy(); });
    }
    const [from, to] = isUp ? [client, upstream] : [upstream, client];
    to.pipe(from);
    from.on('data', bytes => {
      to.write(bytes.subarray(0, Math.floor(left)));
      left -= bytes.length;
      if (left > 0) return;
      proxy.cuts++;
      to.destroySoon();
      from.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.url = `http://127.0.0.1:${server.address().port}`;
  proxy.stop = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return proxy;
}
