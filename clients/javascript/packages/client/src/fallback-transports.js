// The transports that cannot see everything that fetch sees: a refusal is to them a connection that fails. They tell a sink the
// same frames.

/** @typedef {import('./types.js').Transport} Transport */

/**
 * @param {'websocket' | 'eventsource'} name
 * @param {string[]} [types]
 * @returns {Transport}
 */
export function fallbackTransport(name, types = []) {
  return name === 'websocket' ? webSocketTransport(WebSocket) : eventSourceTransport(EventSource, types);
}

/**
 * @param {typeof globalThis.WebSocket} WebSocket
 * @returns {Transport}
 */
export function webSocketTransport(WebSocket) {
  return {
    name: 'websocket',
    open(request, sink) {
      const socket = new WebSocket(withSecrets(request).replace(/^http/, 'ws'), 'tailrace.v1.json');
      let opened = false;
      socket.onopen = () => { opened = true; sink.head(); };
      socket.onmessage = ({ data }) => {
        sink.alive();
        let message;
        try {
          message = JSON.parse(String(data));
        } catch {
          message = { event: 'unreadable', data: String(data) };
        }
        const text = message.data === undefined ? '' : typeof message.data === 'string' ? message.data : JSON.stringify(message.data);
        sink.frame({ type: message.event ?? null, data: text, id: message.id ?? null, retryMs: message.retry ?? null });
      };
      socket.onclose = () => sink.ended(opened ? 'ended' : 'network');
      return { close: () => { socket.onclose = socket.onmessage = socket.onopen = null; socket.close(); } };
    },
  };
}

const CONTROLS = ['open', 'caught_up', 'gap', 'reset', 'channels', 'heartbeat', 'closing'].map(name => `stream.${name}`);

/**
 * @param {typeof globalThis.EventSource} EventSource
 * @param {string[]} types a script behind an EventSource hears of the types alone that it names
 * @returns {Transport}
 */
export function eventSourceTransport(EventSource, types) {
  return {
    name: 'eventsource',
    open(request, sink) {
      const source = new EventSource(withSecrets(request), { withCredentials: request.credentials === 'include' });
      let last = request.cursor;
      source.onopen = () => sink.head();
      for (const type of [...CONTROLS, ...types]) {
        source.addEventListener(type, ({ data, lastEventId }) => {
          sink.alive();
          // A browser repeats the last id with frames that have none.
          const id = lastEventId && lastEventId !== last ? lastEventId : null;
          last = lastEventId || last;
          sink.frame({ type, data, id, retryMs: null });
        });
      }
      // It would come back by itself, at its own pace: the connection does that for all transports in the same way.
      source.onerror = () => { source.close(); sink.ended('network'); };
      return { close: () => source.close() };
    },
  };
}

/** @param {import('./types.js').StreamRequest} request */
function withSecrets({ url, token, cursor }) {
  const target = new URL(url, globalThis.location?.href);
  if (token) target.searchParams.set('access_token', token);
  if (cursor) target.searchParams.set('last_event_id', cursor);
  return target.href;
}
