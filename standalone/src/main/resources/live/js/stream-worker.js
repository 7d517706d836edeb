// A SharedWorker: the one stream of all pages that show one person (or nobody) in this browser. It lives as long as one of
// them does, whichever that is. Its name says whose it is, so that two people never share one.

import { StreamHub } from './stream-hub.js';
import { ResumableStream } from './stream.js';

const GONE_MS = 300_000;

const watchdogMs = Number(self.name.split(' ').at(-1));
const hub = new StreamHub(subscription => new ResumableStream(subscription, { watchdogMs }));
const pages = new Map();

self.addEventListener('connect', ({ ports: [messages] }) => {
  const port = { post: message => messages.postMessage(message) };
  messages.onmessage = ({ data }) => {
    pages.set(port, performance.now());
    switch (data.op) {
      case 'attach': hub.attach(port, data); break;
      case 'change': hub.change(port, data); break;
      case 'renew': hub.renew(data.token); break;
      case 'wake': hub.wake(); break;
      case 'detach': pages.delete(port); hub.detach(port); break;
      case 'here': port.post({ op: 'here' }); break;
    }
  };
});

// A page that crashed says no goodbye. A hidden one is heard once a minute at least.
setInterval(() => {
  for (const [port, heardMs] of pages) {
    if (performance.now() - heardMs < GONE_MS) continue;
    pages.delete(port);
    hub.detach(port);
    port.post({ op: 'apart' });
  }
}, GONE_MS / 5);
