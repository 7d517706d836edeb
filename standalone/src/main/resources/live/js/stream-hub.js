// One stream for many pages: each page has channels of its own and its place among what came. Pure but for the stream that
// is passed in. The last events of each channel are kept, so that a page that comes later, or comes back, goes on exactly
// where it was; one that was away for longer than that is told to follow the server by itself ('apart').

const KEPT_EVENTS = 500;
const KEPT_CHARS = 8_000_000;
const KEPT_CURSORS = 4_000;

/** What the hub keeps of a channel: everything after 'complete', a number in its own count of what came. */
class Ring {
  entries = [];
  trimmed = false;
  live = false;

  /** @param {boolean} history whether it begins with what the channel had, and not at a page's cursor */
  constructor(complete, history) {
    this.complete = complete;
    this.history = history;
  }

  /** Forgets the oldest; gives its size. */
  drop() {
    const entry = this.entries.shift();
    this.complete = entry.seq;
    this.trimmed = true;
    return entry.data.length;
  }

  after(seq) { return this.entries.filter(entry => entry.seq > seq); }

  last(count) { return count === 0 ? [] : this.entries.slice(-count); }

  /** Whether the last so many events of the channel are here, or all that it had. */
  hasLast(count) { return count === 0 || this.entries.length >= count || (this.history && !this.trimmed); }
}

export class StreamHub {
  #ports = new Map();
  #rings = new Map();
  #marks = new Map();
  #seq = 0;
  #chars = 0;
  #token = null;
  #connectionId = null;
  #upstream;
  #keptEvents;
  #keptCursors;

  /**
   * @param {(subscription: () => object) => ResumableStream} open makes the stream
   * @param {{keptEvents?: number, keptCursors?: number}} [bounds] of each channel, and of all
   */
  constructor(open, { keptEvents = KEPT_EVENTS, keptCursors = KEPT_CURSORS } = {}) {
    this.#keptEvents = keptEvents;
    this.#keptCursors = keptCursors;
    this.#upstream = open(() => ({
      channels: [...this.#rings.keys()], start: `last:${keptEvents}`, token: this.#token?.value,
    }));
    this.#upstream.addEventListener('state', () => this.#onState());
    this.#upstream.addEventListener('frame', ({ detail }) => this.#onFrame(detail));
  }

  /**
   * A page begins to follow, or goes on at its cursor.
   * @param {{post: (message: object) => void}} port
   * @param {{channels: Record<string, number>, cursor: string | null, token: ?{value: string, expires: number}}} request
   *     with how many earlier events of each channel it wants if it has no cursor
   */
  attach(port, { channels, cursor, token }) {
    const alone = this.#ports.size === 0;
    this.#take(token);
    const from = cursor === null ? null : this.#marks.get(cursor);
    if (!this.#canServe(channels, from)) {
      if (!alone) {
        port.post({ op: 'apart' });
        return;
      }
      this.#startAt(cursor);
    }
    const page = { port, channels: new Map(Object.entries(channels)), awaited: new Set(), resumed: cursor !== null };
    this.#ports.set(port, page);
    const isNew = this.#want(page, page.channels.keys(), cursor === null);
    if (!isNew && ['live', 'catching-up'].includes(this.#upstream.state)) this.#open(page);
    const known = [...page.channels].filter(([channel]) => this.#rings.has(channel));
    this.#replay(page, known.flatMap(([channel, history]) => {
      const ring = this.#rings.get(channel);
      return from === null || from === undefined ? ring.last(history) : ring.after(from);
    }));
    if (!isNew && this.#upstream.state === 'live') this.#caughtUp(page);
    if (isNew || !['live', 'catching-up', 'connecting'].includes(this.#upstream.state)) this.#upstream.connect();
    else this.#post(page, { op: 'state', state: this.#upstream.state, detail: this.#upstream.detail });
  }

  /** A page wants other channels than before. It is told by 'joined' when the stream has all of them. */
  change(port, { channels }) {
    const page = this.#ports.get(port);
    if (!page) return;
    const before = page.channels;
    page.channels = new Map(Object.entries(channels));
    const added = [...page.channels].filter(([channel]) => !before.has(channel));
    if (added.some(([channel, history]) => this.#rings.get(channel)?.hasLast(history) === false)) {
      this.detach(port);
      port.post({ op: 'apart' });
      return;
    }
    const isNew = this.#want(page, added.map(([channel]) => channel), true);
    this.#replay(page, added.flatMap(([channel, history]) => this.#rings.get(channel).last(history)));
    if (isNew) this.#upstream.connect();
    else this.#tellJoined(page);
  }

  /** Another token of the same person. */
  renew(token) {
    const isNewer = this.#take(token);
    if (isNewer && this.#ports.size > 0) this.#upstream.connect();
  }

  /** A page goes, for a while or for ever. What came is kept for the others and for its return. */
  detach(port) {
    if (!this.#ports.delete(port)) return;
    if (this.#ports.size === 0) this.#upstream.cut();
  }

  wake() { this.#upstream.wake(); }

  #take(token) {
    if (!token || (this.#token && (token.value === this.#token.value || token.expires <= this.#token.expires))) return false;
    this.#token = token;
    return true;
  }

  #canServe(channels, from) {
    if (from === undefined) return false;
    return Object.entries(channels).every(([channel, history]) => {
      const ring = this.#rings.get(channel);
      if (from === null) return ring === undefined || ring.hasLast(history);
      return ring !== undefined && ring.complete <= from;
    });
  }

  #startAt(cursor) {
    this.#rings.clear();
    this.#marks.clear();
    this.#chars = 0;
    this.#upstream.cursor = cursor;
    if (cursor) this.#mark(cursor);
  }

  // Channels that nobody wants any more go when the stream is opened anew anyway.
  #want(page, channels, history) {
    let isNew = false;
    for (const channel of channels) {
      if (this.#rings.get(channel)?.live !== true) page.awaited.add(channel);
      if (this.#rings.has(channel)) continue;
      this.#rings.set(channel, new Ring(this.#seq, history));
      isNew = true;
    }
    if (isNew) this.#prune();
    return isNew;
  }

  #prune() {
    const wanted = new Set([...this.#ports.values()].flatMap(page => [...page.channels.keys()]));
    for (const [channel, ring] of this.#rings) {
      if (wanted.has(channel)) continue;
      this.#rings.delete(channel);
      this.#chars -= ring.entries.reduce((sum, entry) => sum + entry.data.length, 0);
    }
  }

  #onState() {
    const { state, detail } = this.#upstream;
    for (const page of this.#ports.values()) this.#post(page, { op: 'state', state, detail });
  }

  #onFrame({ type, data, id }) {
    this.#seq++;
    if (id) this.#mark(id);
    if (type === null) {
      for (const page of this.#ports.values()) this.#post(page, { op: 'cursor', id });
    } else if (type.startsWith('stream.')) {
      this.#onControl(type, JSON.parse(data), id);
    } else {
      const { channel } = JSON.parse(data);
      const entry = { seq: this.#seq, type, data, id };
      this.#keep(channel, entry);
      for (const page of this.#ports.values()) if (page.channels.has(channel)) this.#send(page, entry);
    }
  }

  #mark(id) {
    this.#marks.delete(id);
    this.#marks.set(id, this.#seq);
    if (this.#marks.size > this.#keptCursors) this.#marks.delete(this.#marks.keys().next().value);
  }

  #keep(channel, entry) {
    const ring = this.#rings.get(channel);
    if (!ring) return;
    ring.entries.push(entry);
    this.#chars += entry.data.length;
    if (ring.entries.length > this.#keptEvents) this.#chars -= ring.drop();
    while (this.#chars > KEPT_CHARS) {
      const largest = [...this.#rings.values()].reduce((a, b) => (a.entries.length >= b.entries.length ? a : b));
      this.#chars -= largest.drop();
    }
  }

  #onControl(type, data, id) {
    const pages = [...this.#ports.values()];
    switch (type) {
      case 'stream.open':
        this.#connectionId = data.connection_id;
        for (const page of pages) this.#open(page, data, id);
        break;
      case 'stream.caught_up':
        for (const ring of this.#rings.values()) ring.live = true;
        for (const page of pages) this.#caughtUp(page);
        break;
      case 'stream.gap':
      case 'stream.reset': {
        // What follows is no continuation: who comes back with an older cursor asks the server what is missing.
        const concerned = (data.channels ?? []).map(c => c.channel ?? c);
        for (const [channel, ring] of this.#rings) {
          if (concerned.length === 0 || concerned.includes(channel)) Object.assign(ring, { complete: this.#seq, history: false });
        }
        for (const page of pages) {
          if (concerned.length > 0 && !concerned.some(channel => page.channels.has(channel))) continue;
          this.#send(page, { type, data: JSON.stringify(data), id });
        }
        break;
      }
      default:
        for (const page of pages) this.#send(page, { type, data: JSON.stringify(data), id });
    }
  }

  #open(page, data = { resumed: page.resumed, channels: [] }, id = null) {
    const starts = new Map((data.channels ?? []).map(c => [c.channel, c]));
    const channels = [...page.channels.keys()].map(channel => starts.get(channel) ?? { channel });
    this.#send(page, {
      type: 'stream.open', id, data: JSON.stringify({ ...data, connection_id: this.#connectionId, channels }),
    });
  }

  #caughtUp(page) {
    this.#send(page, { type: 'stream.caught_up', data: '{}', id: this.#upstream.cursor });
    this.#tellJoined(page);
  }

  #tellJoined(page) {
    for (const channel of page.awaited) if (this.#rings.get(channel)?.live) page.awaited.delete(channel);
    if (page.awaited.size === 0) {
      this.#post(page, { op: 'joined', channels: [...page.channels.keys()], cursor: this.#upstream.cursor });
    }
  }

  #replay(page, entries) {
    // Without their cursors: those are older than what the page has seen of its other channels.
    for (const entry of entries.sort((a, b) => a.seq - b.seq)) this.#send(page, { ...entry, id: null });
    if (this.#upstream.cursor) this.#post(page, { op: 'cursor', id: this.#upstream.cursor });
  }

  #send(page, { type, data, id }) { this.#post(page, { op: 'frame', type, data, id }); }

  #post(page, message) { page.port.post(message); }
}
