// A transport whose streams the test writes, without a network. By default each opens at once, live.

export class FakeTransport {
  name = 'fake';
  /** The streams, the newest last: {request, sink, closed}. */
  streams = [];

  constructor(onOpen = stream => stream.open(), onChange = stream => stream.outcome()) { Object.assign(this, { onOpen, onChange }); }

  get openStreams() { return this.streams.filter(stream => !stream.closed); }

  get last() { return this.streams.at(-1); }

  open = (request, sink) => {
    const stream = {
      request,
      closed: false,
      changes: [],
      frame: (type, data, id = null) => sink.frame({ type, data: JSON.stringify(data), id, retryMs: null }),
      open: (channels = request.channels) => {
        sink.head();
        stream.frame('stream.open', { connection_id: `conn-${this.streams.length}`, channels: channels.map(({ channel }) => ({ channel, start: { at: 'live' } })) }, 'c0');
      },
      /** Of the last change. */
      outcome: (id = `c-change-${stream.changes.length}`) => {
        const { add, remove } = stream.changes.at(-1);
        const added = add.map(({ channel }) => ({ channel, start: { at: 'live' } }));
        stream.frame('stream.channels', { added, removed: remove.map(channel => ({ channel })) }, id);
      },
      event: (channel, data, id = `e${Math.random()}`, type = 'counted') => stream.frame(type, { channel, id, time: '2026-01-01T00:00:00Z', data }, `c-${id}`),
      end: () => { stream.closed = true; sink.ended('ended'); },
    };
    this.streams.push(stream);
    queueMicrotask(() => { if (!stream.closed) this.onOpen(stream); });
    return {
      close: () => { stream.closed = true; },
      change: change => {
        stream.changes.push(change);
        queueMicrotask(() => this.onChange(stream));
      },
    };
  };
}
