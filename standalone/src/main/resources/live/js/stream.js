// A stream that resumes: the browser's own EventSource, plus what it cannot do by itself: start again at a known
// cursor after it was closed, and say how a catch-up went.

const CONTROL = ['stream.open', 'stream.channels', 'stream.gap', 'stream.reset', 'stream.caught_up', 'stream.closing'];
const RETRY_MS = 2000;

/**
 * States: connecting, catching-up, live, cut (by the user), closed.
 * Emits 'state', 'cursor', 'event' (detail: {type, envelope}), 'control' (detail: {type, data}).
 */
export class ResumableStream extends EventTarget {
  #source = null;
  #timer = null;
  #state = 'closed';
  #openedAt = 0;
  #sinceOpen = 0;
  #resumed = false;

  /**
   * @param {() => {channels: string[], types: string[], start?: string, token?: string}} subscription asked at each connect
   */
  constructor(subscription) {
    super();
    this.subscription = subscription;
    this.cursor = null;
    this.received = 0;
    this.connectionId = null;
  }

  get state() { return this.#state; }

  /** Connects at the cursor, or where the subscription says if there is none yet. */
  connect() {
    this.#release();
    const { channels, types, start, token } = this.subscription();
    const query = new URLSearchParams({ channels: channels.join(',') });
    if (this.cursor) query.set('last_event_id', this.cursor);
    if (start) query.set('start', start);
    if (token) query.set('access_token', token);
    this.#resumed = this.cursor !== null;
    this.#openedAt = performance.now();
    this.#sinceOpen = 0;
    this.#enter('connecting');
    const source = new EventSource(`/events?${query}`);
    this.#source = source;
    source.onerror = () => this.#onError(source);
    for (const type of CONTROL) source.addEventListener(type, e => this.#onControl(type, e));
    for (const type of types) source.addEventListener(type, e => this.#onEvent(type, e));
  }

  /** Ends the connection on purpose. The cursor stays. */
  cut() {
    this.#release();
    this.#enter('cut');
  }

  /** Forgets the cursor, for a different set of channels or another person. */
  forget() {
    this.cursor = null;
  }

  #release() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #enter(state) {
    this.#state = state;
    this.dispatchEvent(new Event('state'));
  }

  #onError(source) {
    if (source !== this.#source) return;
    this.#enter('connecting');
    // CLOSED means that the browser has given up (it does on every answer but 200): then it is our turn.
    if (source.readyState === EventSource.CLOSED) {
      this.#timer = setTimeout(() => this.connect(), RETRY_MS * (0.5 + Math.random()));
    } else {
      this.#resumed = true;
      this.#openedAt = performance.now();
      this.#sinceOpen = 0;
    }
  }

  #moveTo(id) {
    if (!id) return;
    this.cursor = id;
    this.dispatchEvent(new Event('cursor'));
  }

  #onControl(type, message) {
    const data = message.data ? JSON.parse(message.data) : {};
    if (type === 'stream.open') {
      this.connectionId = data.connection_id;
      this.#enter('catching-up');
    }
    if (type === 'stream.caught_up') {
      data.events = this.#sinceOpen;
      data.ms = Math.round(performance.now() - this.#openedAt);
      data.resumed = this.#resumed;
      this.#enter('live');
    }
    if (type === 'stream.closing' && data.reconnect === false) {
      this.#release();
      this.#enter('closed');
    }
    this.#moveTo(message.lastEventId);
    this.dispatchEvent(new CustomEvent('control', { detail: { type, data } }));
  }

  #onEvent(type, message) {
    this.received++;
    this.#sinceOpen++;
    this.dispatchEvent(new CustomEvent('event', { detail: { type, envelope: JSON.parse(message.data) } }));
    this.#moveTo(message.lastEventId);
  }
}
