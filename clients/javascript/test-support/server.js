// A local HTTP server that behaves as docs/protocol.md says, and whose streams are written by the test.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** One stream that a client has opened. */
export class TestStream {
  constructor(request, response, url) {
    Object.assign(this, { request, response, url });
    this.query = url.searchParams;
    this.channels = (this.query.get('channels') ?? '').split(',');
    this.cursor = request.headers['last-event-id'] ?? this.query.get('last_event_id');
    this.token = request.headers.authorization?.replace('Bearer ', '') ?? this.query.get('access_token');
    this.closed = once(response, 'close');
  }

  head(type = 'text/event-stream') {
    this.response.writeHead(200, { 'Content-Type': type });
    this.response.flushHeaders();
    return this;
  }

  open({ id = 'c0', at = 'live', connectionId = 'conn-1', retry = 5, channels = this.channels, start = {} } = {}) {
    this.head();
    const data = { connection_id: connectionId, resumed: Boolean(this.cursor), channels: channels.map(channel => ({ channel, start: { at, ...start } })) };
    return this.write(`retry: ${retry}\nid: ${id}\nevent: stream.open\ndata: ${JSON.stringify(data)}\n\n`);
  }

  control(name, data = {}, id = null) {
    return this.write(`${id ? `id: ${id}\n` : ''}event: stream.${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  event(channel, data, { id = null, type = 'counted', eventId = `e-${channel}-${JSON.stringify(data)}` } = {}) {
    const envelope = { channel, id: eventId, time: '2026-01-01T00:00:00Z', data };
    return this.write(`${id ? `id: ${id}\n` : ''}event: ${type}\ndata: ${JSON.stringify(envelope)}\n\n`);
  }

  write(text) {
    this.response.write(text);
    return this;
  }

  end() { this.response.end(); }

  /** Breaks the connection when what was written is on its way. */
  cut() {
    if (this.response.headersSent) this.response.write(':\n', () => this.response.destroy());
    else this.response.destroy();
  }

  refuse(status, problem = null, headers = {}) {
    const body = problem === null ? '' : JSON.stringify({ status, ...problem, type: `https://tailrace.io/problems/${problem.type}` });
    this.response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
    this.response.end(body);
  }
}

/** Loopback, on a free port. */
export class TestServer {
  /** Every request that is no stream: {method, path, headers, body, bytes}; `body` is null where it is no JSON. */
  requests = [];
  streams = [];
  #onStream = [];
  #waiting = [];
  #answers = () => ({ status: 202, body: null });

  async start() {
    this.server = createServer((request, response) => { void this.#handle(request, response); });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  /** What the next stream does, and the ones after it if nothing else is said. */
  onStream(...handlers) {
    this.#onStream.push(...handlers);
    return this;
  }

  /** Answers requests that are no streams: (request) => {status, body, headers}. */
  onRequest(answer) {
    this.#answers = answer;
    return this;
  }

  /** The stream with this number, from 1 on, as soon as it is there. */
  async stream(number) {
    while (this.streams.length < number) await new Promise(resolve => { this.#waiting.push(resolve); });
    return this.streams[number - 1];
  }

  /** As many requests that are no streams, as soon as they are there. */
  async requested(count) {
    while (this.requests.length < count) await new Promise(resolve => { this.#waiting.push(resolve); });
    return this.requests;
  }

  async #handle(request, response) {
    const url = new URL(request.url, this.url);
    if (request.method === 'GET' && url.pathname === '/events') {
      const stream = new TestStream(request, response, url);
      response.on('error', () => {});
      this.streams.push(stream);
      const handler = this.#onStream.length > 1 ? this.#onStream.shift() : this.#onStream[0];
      handler?.(stream);
    } else {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const isJson = bytes.length > 0 && request.headers['content-type']?.startsWith('application/json');
      const entry = { method: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, body: isJson ? JSON.parse(bytes) : null, bytes };
      this.requests.push(entry);
      const answer = await this.#answers(entry, this.requests.length);
      if (answer === 'cut') response.destroy();
      else {
        response.writeHead(answer.status, { 'Content-Type': 'application/json', ...answer.headers });
        response.end(answer.body == null ? '' : JSON.stringify(answer.body));
      }
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
