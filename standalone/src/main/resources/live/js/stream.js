// One stream of the server: where it is, what comes, and how it comes back by itself, always at its cursor. It is read by
// fetch and not by EventSource, which hides comments, statuses and Retry-After from scripts.

import { pauseMs, retryAfterMs } from './backoff.js';
import { SseParser } from './sse-parser.js';

/** Longer without a byte, and a connection counts as dead. The server sends something every 15 s at the latest. */
export const WATCHDOG_MS = 45_000;
const HEAD_MS = 8_000;
const WAKE_MS = 1_000;

/**
 * What a stream can go to from where. 'waiting' is the pause before the next attempt; 'cut' is ended by the owner,
 * 'closed' by the server, which says not to come back like this.
 */
const TRANSITIONS = {
  closed: ['connecting', 'cut'],
  cut: ['connecting', 'cut'],
  connecting: ['connecting', 'catching-up', 'waiting', 'closed', 'cut'],
  'catching-up': ['live', 'connecting', 'waiting', 'closed', 'cut'],
  live: ['connecting', 'waiting', 'closed', 'cut'],
  waiting: ['connecting', 'cut'],
};

/**
 * Emits 'state' and 'frame' (detail: {type, data, id}; type null where only the cursor moves). The cursor is moved before
 * the frame is emitted, as whoever handles it has had it.
 */
export class ResumableStream extends EventTarget {
  #state = 'closed';
  #detail = {};
  #attempt = null;
  #failures = 0;
  #timer = null;
  #ticking = null;

  /**
   * @param {() => {channels: string[], start?: string, token?: string}} subscription asked at each connect
   * @param {{watchdogMs?: number, fetch?: typeof fetch}} [settings]
   */
  constructor(subscription, { watchdogMs = WATCHDOG_MS, fetch = (...request) => globalThis.fetch(...request) } = {}) {
    super();
    this.subscription = subscription;
    this.watchdogMs = watchdogMs;
    this.fetch = fetch;
    this.cursor = null;
  }

  get state() { return this.#state; }

  /** Why it is in this state: {reason?, status?, retryMs?}. */
  get detail() { return this.#detail; }

  /** Connects (again) at the cursor, or where the subscription says if there is none yet. */
  connect() {
    this.#release();
    const attempt = { abort: new AbortController(), token: null, headAt: null, byteAt: performance.now(), retryMs: 0 };
    attempt.startedAt = attempt.byteAt;
    this.#attempt = attempt;
    this.#enter('connecting');
    this.#ticking = setInterval(() => this.#tick(attempt), Math.min(1000, this.watchdogMs / 4));
    this.#run(attempt).catch(fault => this.#failed(attempt, { reason: 'network', message: fault.message }));
  }

  /** Ends the connection on purpose. The cursor stays. */
  cut() {
    this.#release();
    this.#enter('cut');
  }

  /** The network or the person is back: what waits tries now. */
  wake() {
    const waitedMs = this.#attempt === null ? Infinity : performance.now() - this.#attempt.startedAt;
    if (this.#state === 'waiting' && waitedMs >= WAKE_MS) this.connect();
  }

  #release() {
    clearTimeout(this.#timer);
    clearInterval(this.#ticking);
    const attempt = this.#attempt;
    this.#attempt = null;
    attempt?.abort.abort();
  }

  #enter(state, detail = {}) {
    if (!TRANSITIONS[this.#state].includes(state)) throw new Error(`a stream cannot go from ${this.#state} to ${state}`);
    this.#state = state;
    this.#detail = detail;
    this.dispatchEvent(new Event('state'));
  }

  // A connection that died without a word looks like a quiet one: only time tells.
  #tick(attempt) {
    if (attempt !== this.#attempt) return;
    const silentMs = performance.now() - attempt.byteAt;
    if (silentMs >= this.watchdogMs) {
      this.#failed(attempt, { reason: attempt.headAt === null ? 'no-answer' : 'silent' });
    } else if (attempt.headAt === null && silentMs >= Math.min(HEAD_MS, this.watchdogMs / 2) && !this.#detail.reason) {
      this.#enter('connecting', { reason: 'no-answer' });
    }
  }

  async #run(attempt) {
    const { channels, start, token } = this.subscription();
    const query = new URLSearchParams({
      // A refusal by its status, which a script can read, and not by an event as an EventSource needs it.
      channels: channels.join(','), heartbeat: String(this.#heartbeatSeconds()), refusal: 'status',
    });
    if (start) query.set('start', start);
    const headers = { Accept: 'text/event-stream' };
    if (this.cursor) headers['Last-Event-ID'] = this.cursor;
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await this.fetch(`/events?${query}`, {
      headers, signal: attempt.abort.signal, cache: 'no-store', credentials: 'omit',
    });
    if (attempt !== this.#attempt) return;
    attempt.headAt = attempt.byteAt = performance.now();
    if (answer.status !== 200 || !answer.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      await this.#refused(attempt, answer);
      return;
    }
    await this.#read(attempt, answer.body.pipeThrough(new TextDecoderStream()).getReader());
  }

  #heartbeatSeconds() {
    return Math.min(300, Math.max(1, Math.floor(this.watchdogMs / 3000)));
  }

  async #refused(attempt, answer) {
    const { status } = answer;
    const askedMs = retryAfterMs(answer.headers.get('Retry-After'));
    const problem = status === 400 ? await answer.json().catch(() => ({})) : {};
    if (attempt !== this.#attempt) return;
    // Never to be used again: what comes instead begins where the subscription says.
    if (problem.type?.endsWith('/invalid-cursor') && this.cursor) {
      this.cursor = null;
      this.#emit({ type: 'stream.reset', data: '{"reason":"malformed","channels":[]}', id: null });
    }
    this.#failed(attempt, { reason: status === 401 ? 'unauthorized' : 'status', status, askedMs });
  }

  async #read(attempt, reader) {
    const parser = new SseParser();
    for (;;) {
      const { value, done } = await reader.read();
      if (attempt !== this.#attempt) return;
      if (done) break;
      attempt.byteAt = performance.now();
      for (const frame of parser.push(value)) {
        this.#take(attempt, frame);
        if (attempt !== this.#attempt) return;
      }
    }
    this.#failed(attempt, { reason: 'ended', askedMs: attempt.retryMs });
  }

  #take(attempt, { type, data, id: sent, retryMs }) {
    if (retryMs !== null) attempt.retryMs = retryMs;
    // The cursor of a start that is a reset is behind it, and the event that tells the reset is still to come.
    const id = type === 'stream.open' && JSON.parse(data).channels.some(({ start }) => start.reset) ? null : sent;
    if (id) this.cursor = id;
    if (type === 'stream.open') this.#enter('catching-up');
    // Only what has brought something counts as a success: a server that drains lets in and closes.
    if (type === 'stream.caught_up' || (type !== null && !type.startsWith('stream.'))) this.#failures = 0;
    if (type === 'stream.caught_up') {
      if (this.#state === 'catching-up') this.#enter('live');
    }
    const isHeartbeat = type === 'stream.heartbeat';
    if (!isHeartbeat || id) this.#emit({ type: isHeartbeat ? null : type, data, id });
    if (type === 'stream.closing' && attempt === this.#attempt) this.#closing(JSON.parse(data));
  }

  // One that asks to come back ends by itself, a little later.
  #closing({ reason, reconnect }) {
    if (reconnect !== false) return;
    this.#release();
    this.#enter('closed', { reason });
  }

  #emit(frame) {
    if (frame.type !== null || frame.id) this.dispatchEvent(new CustomEvent('frame', { detail: frame }));
  }

  #failed(attempt, { askedMs = 0, ...why }) {
    if (attempt !== this.#attempt) return;
    attempt.abort.abort();
    clearInterval(this.#ticking);
    const retryMs = Math.round(pauseMs(++this.#failures, askedMs));
    this.#timer = setTimeout(() => this.connect(), retryMs);
    this.#enter('waiting', { ...why, retryMs });
  }
}
