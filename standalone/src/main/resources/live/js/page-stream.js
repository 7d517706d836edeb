// The stream as a page sees it: one for everything the page shows, and by a SharedWorker one for all pages of the same
// person in this browser. A browser has six connections to a server over HTTP/1.1 for all of its tabs together.

import { pauseMs } from './backoff.js';
import { StreamHub } from './stream-hub.js';
import { ResumableStream } from './stream.js';

const HERE_MS = 10_000;
const DEAD_MS = 25_000;

// A worker of an older page lives on with its tabs: one that speaks otherwise has another number.
const WORKER = 'tailrace 1';

/**
 * States: connecting, catching-up, live, waiting (for the next attempt), cut (by the user), closed.
 * Emits 'state', 'cursor', 'channels', 'event' (detail: {type, envelope}), 'control' (detail: {type, data}).
 */
export class PageStream extends EventTarget {
  #link = null;
  #state = 'closed';
  #detail = {};
  #openedAt = 0;
  #sinceOpen = 0;
  #resumed = false;
  #joining = [];
  #renewing = false;

  /**
   * @param {() => {scope: string, channels: Record<string, number>, token: ?{value: string, expires: number}}} subscription
   *     asked at each connect and update: whose stream it is, and how many earlier events of each channel are wanted
   * @param {{watchdogMs: number, shared: boolean, renew: (refused: ?string) => Promise<?string>}} settings
   */
  constructor(subscription, { watchdogMs, shared, renew }) {
    super();
    this.subscription = subscription;
    this.watchdogMs = watchdogMs;
    this.shared = shared && 'SharedWorker' in globalThis;
    this.renew = renew;
    this.cursor = null;
    this.received = 0;
    this.connectionId = null;
    this.channels = [];
    addEventListener('pagehide', () => this.#leave());
    addEventListener('pageshow', ({ persisted }) => { if (persisted && this.#state !== 'cut') this.connect(); });
    const wake = () => { if (!document.hidden) this.#link?.post({ op: 'wake' }); };
    for (const [target, type] of [[globalThis, 'online'], [globalThis, 'focus'], [document, 'visibilitychange']]) {
      target.addEventListener(type, wake);
    }
  }

  get state() { return this.#state; }

  /** Why it is in this state: {reason?, status?, retryMs?}. */
  get detail() { return this.#detail; }

  /** Whether other pages have the same connection. */
  get isShared() { return this.#link?.isShared ?? false; }

  /** Follows at the cursor, or from the beginning of what is wanted if there is none. */
  connect() {
    this.#follow(this.shared);
  }

  /** Ends it on purpose. The cursor stays. */
  cut() {
    this.#leave();
    this.#enter('cut');
  }

  /** Forgets the cursor, for another person. */
  forget() {
    this.cursor = null;
  }

  /** The subscription has other channels. */
  update() {
    if (this.#state === 'cut' || !this.#link) return;
    this.#link.post({ op: 'change', channels: this.subscription().channels });
  }

  /** The subscription has a newer token. */
  renewed() {
    this.#link?.post({ op: 'renew', token: this.subscription().token });
  }

  /**
   * Waits until the stream has some channels; for ever while it cannot be reached.
   * @returns {Promise<string>} a cursor: every event of them after it comes, or has come since
   */
  joined(channels) {
    return new Promise(resolve => { this.#joining.push({ channels, resolve }); });
  }

  #follow(shared) {
    this.#leave();
    const { scope, channels, token } = this.subscription();
    const link = shared ? sharedLink(`${WORKER} ${scope} ${this.watchdogMs}`) : ownLink(this.watchdogMs);
    this.#link = link;
    this.#resumed = this.cursor !== null;
    this.#openedAt = performance.now();
    this.#sinceOpen = 0;
    this.#enter('connecting');
    link.open(message => { if (link === this.#link) this.#onMessage(message); }, () => {
      if (link === this.#link) this.#follow(false);
    });
    link.post({ op: 'attach', channels, cursor: this.cursor, token });
  }

  #leave() {
    this.#link?.close();
    this.#link = null;
  }

  #enter(state, detail = {}) {
    this.#state = state;
    this.#detail = detail;
    this.dispatchEvent(new Event('state'));
  }

  #onMessage(message) {
    switch (message.op) {
      case 'state': this.#onState(message); break;
      case 'frame': this.#onFrame(message); break;
      case 'cursor': this.#moveTo(message.id); break;
      case 'joined': this.#onJoined(message); break;
      case 'apart': this.#follow(false); break;
    }
  }

  #onState({ state, detail }) {
    if (state === 'connecting' && this.#state !== 'connecting') {
      this.#resumed = this.cursor !== null;
      this.#openedAt = performance.now();
      this.#sinceOpen = 0;
    }
    if (state === 'cut') return;
    this.#enter(state, detail);
    const needsToken = detail.reason === 'unauthorized' || (state === 'closed' && detail.reason === 'token_expired');
    if (needsToken && !this.#renewing) void this.#renew();
  }

  // The server takes no more of this token. Whoever renews says so if the person is signed out by that.
  async #renew() {
    this.#renewing = true;
    const link = this.#link;
    for (let failures = 1; link === this.#link; failures++) {
      try {
        await this.renew(this.subscription().token?.value ?? null);
        if (link === this.#link) this.renewed();
        break;
      } catch {
        await new Promise(resolve => { setTimeout(resolve, pauseMs(failures)); });
      }
    }
    this.#renewing = false;
  }

  #onFrame({ type, data, id }) {
    const content = data ? JSON.parse(data) : {};
    if (type.startsWith('stream.')) this.#onControl(type, content, id);
    else {
      this.received++;
      this.#sinceOpen++;
      this.dispatchEvent(new CustomEvent('event', { detail: { type, envelope: content } }));
      this.#moveTo(id);
    }
  }

  #onControl(type, data, id) {
    if (type === 'stream.open') this.connectionId = data.connection_id;
    if (type === 'stream.caught_up') {
      data = { events: this.#sinceOpen, ms: Math.round(performance.now() - this.#openedAt), resumed: this.#resumed };
    }
    this.#moveTo(id);
    this.dispatchEvent(new CustomEvent('control', { detail: { type, data } }));
  }

  #onJoined({ channels, cursor }) {
    this.channels = channels;
    this.#moveTo(cursor);
    this.dispatchEvent(new Event('channels'));
    const isHere = waiting => waiting.channels.every(channel => channels.includes(channel));
    const here = this.#joining.filter(isHere);
    this.#joining = this.#joining.filter(waiting => !isHere(waiting));
    for (const waiting of here) waiting.resolve(cursor);
  }

  #moveTo(id) {
    if (!id) return;
    this.cursor = id;
    this.dispatchEvent(new Event('cursor'));
  }
}

/** A place in the worker's stream. */
function sharedLink(name) {
  let worker = null;
  let ticking = null;
  return {
    isShared: true,
    open(receive, died) {
      worker = new SharedWorker(new URL('./stream-worker.js', import.meta.url), { type: 'module', name });
      let heardAt = performance.now();
      let askedAt = heardAt;
      worker.onerror = died;
      worker.port.onmessage = ({ data }) => {
        heardAt = performance.now();
        receive(data);
      };
      // A worker that has crashed says nothing. Time counts only while this page runs, too.
      ticking = setInterval(() => {
        const nowMs = performance.now();
        if (nowMs - askedAt > 2 * HERE_MS) heardAt = nowMs;
        askedAt = nowMs;
        if (nowMs - heardAt > DEAD_MS) died();
        else worker.port.postMessage({ op: 'here' });
      }, HERE_MS);
    },
    post(message) { worker.port.postMessage(message); },
    close() {
      clearInterval(ticking);
      worker.port.postMessage({ op: 'detach' });
      worker.port.close();
    },
  };
}

/** A stream of this page alone. */
function ownLink(watchdogMs) {
  const hub = new StreamHub(subscription => new ResumableStream(subscription, { watchdogMs }));
  let port = null;
  return {
    isShared: false,
    open(receive) { port = { post: message => { if (port) receive(message); } }; },
    post(message) {
      switch (message.op) {
        case 'attach': hub.attach(port, message); break;
        case 'change': hub.change(port, message); break;
        case 'renew': hub.renew(message.token); break;
        case 'wake': hub.wake(); break;
      }
    },
    close() {
      hub.detach(port);
      port = null;
    },
  };
}
