// One connection: what it is doing, what it waits for, and how it comes back by itself, always at its cursor and for ever.

import { pauseMs } from './backoff.js';
import { parsed } from './http.js';
import { TokenFault } from './token-source.js';

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').Reason} Reason */
/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {import('./types.js').StateChange} StateChange */
/** @typedef {{status?: number, askedMs?: number, error?: unknown}} Why */

/** How long a request may take until its head, and from there to the first frame, in milliseconds. */
export const OPEN_MS = 10_000;
/** What a page that was frozen gives a connection to show that it lives, in milliseconds. */
const GRACE_MS = 5_000;
const WAKE_MS = 1_000;
const EARLY_TIMER_MS = 500;
/** So often a transport may fail to bring a first frame before the next one is tried. */
const STUCK = 2;

/**
 * @typedef {object} Attempt
 * @property {number} heardAt
 * @property {boolean} headed
 * @property {boolean} opened
 * @property {number} retryMs
 * @property {string | null} token
 * @property {import('./types.js').OpenStream | null} stream
 */

/**
 * What a connection is for.
 * @typedef {object} Target
 * @property {() => Omit<import('./types.js').StreamRequest, 'token' | 'cursor'> | null} plan what to open; null for nothing
 * @property {(frame: Frame, control: any) => void} frame `control` is the parsed data of a control frame
 * @property {(change: StateChange) => void} state
 * @property {(status: number, problem: any) => boolean} refused whether it has taken out what was refused
 * @property {() => void} renew the token of the open stream is due
 */

export class Connection {
  /** @type {Attempt | null} */
  #attempt = null;
  /** @type {any} */
  #timer = null;
  /** @type {any} */
  #ticking = null;
  /** @type {any} */
  #renewing = null;
  #failures = 0;
  #stuck = 0;
  #transport = 0;
  #tickedAt = 0;
  #target;
  #transports;
  #tokens;
  #clock;
  #watchdogMs;
  #openMs;
  #pauses;

  /**
   * @param {Target} target
   * @param {{transports: import('./types.js').Transport[], tokens: import('./token-source.js').TokenSource,
   *   clock: import('./types.js').Clock, watchdogMs: number, openMs: number, pauses: import('./types.js').Pauses}} options
   */
  constructor(target, { transports, tokens, clock, watchdogMs, openMs, pauses }) {
    this.#target = target;
    this.#transports = transports;
    this.#tokens = tokens;
    this.#clock = clock;
    this.#watchdogMs = watchdogMs;
    this.#openMs = openMs;
    this.#pauses = pauses;
    /** @type {string | null} */
    this.cursor = null;
    /** @type {string | null} */
    this.connectionId = null;
    /** @type {StateChange} */
    this.detail = { state: 'idle', previous: 'idle', reason: 'created' };
  }

  get state() { return this.detail.state; }

  /** Whether frames are coming. */
  get isOpen() { return this.#attempt?.opened; }

  /** The open stream of the transport, where it can change channels by itself. */
  get stream() { return this.#attempt?.stream; }

  /** The token that the open stream has. */
  get token() { return this.#attempt?.token ?? null; }

  /** @param {Reason} reason */
  open(reason) {
    if (this.state === 'closed') return;
    this.#release();
    const now = this.#clock.now();
    /** @type {Attempt} */
    const attempt = { heardAt: now, headed: false, opened: false, retryMs: 0, token: null, stream: null };
    this.#attempt = attempt;
    this.#enter('connecting', reason);
    this.#tickedAt = now;
    this.#tick(attempt);
    this.#start(attempt).catch(error => this.#failed(attempt, error instanceof TokenFault ? 'token-callback' : 'network', { error }));
  }

  /** Nobody wants a channel: the next one begins anew. @param {Reason} reason */
  rest(reason) {
    if (this.state === 'closed') return;
    this.#release();
    this.cursor = null;
    if (this.state !== 'idle') this.#enter('idle', reason);
  }

  close() {
    this.#release();
    if (this.state !== 'closed') this.#enter('closed', 'closed-by-owner');
  }

  /** The network or the person is back: what waits tries now. */
  wake() {
    if (this.state === 'waiting' && this.#clock.now() - this.#tickedAt >= WAKE_MS) this.open('woken');
  }

  /** Tells when the stream's token should be renewed. */
  scheduleRenewal() {
    this.#clock.clearTimer(this.#renewing);
    // A timer can fire a little early, when the token at hand is not due yet; one of more than 2^31 ms fires at once. A token that
    // does not say when it is over is told again after that time, which harms nobody.
    this.#renewing = this.#clock.setTimer(() => this.#target.renew(), Math.min(Math.max(this.#tokens.dueInMs + EARLY_TIMER_MS, 1000), 2 ** 31 - 1));
  }

  /** The stream goes on with this token. @param {string | null} token */
  renewed(token) {
    if (this.#attempt) this.#attempt.token = token;
    this.scheduleRenewal();
  }

  /** Gives up what is open and comes back after a pause. @param {Reason} reason @param {Why} [why] */
  fail(reason, why = {}) {
    if (this.#attempt) this.#failed(this.#attempt, reason, why);
  }

  #release() {
    for (const timer of [this.#timer, this.#ticking, this.#renewing]) this.#clock.clearTimer(timer);
    const attempt = this.#attempt;
    this.#attempt = null;
    this.connectionId = null;
    attempt?.stream?.close();
  }

  /** @param {State} state @param {Reason} reason @param {Partial<StateChange>} [more] */
  #enter(state, reason, more = {}) {
    const previous = this.state;
    this.detail = { state, previous, reason, transport: this.#transports[this.#transport].name, ...more };
    this.#target.state(this.detail);
  }

  /** A connection that died without a word looks like a quiet one: only time tells. @param {Attempt} attempt */
  #tick(attempt) {
    if (attempt !== this.#attempt) return;
    const now = this.#clock.now();
    const everyMs = Math.min(1000, this.#watchdogMs / 4);
    const limitMs = attempt.opened ? this.#watchdogMs : this.#openMs;
    // While the page was frozen nobody listened: what lives shows it soon.
    if (now - this.#tickedAt > 5 * everyMs + 1000) attempt.heardAt = Math.max(attempt.heardAt, now - limitMs + Math.min(GRACE_MS, limitMs));
    this.#tickedAt = now;
    if (now - attempt.heardAt >= limitMs) this.#failed(attempt, attempt.opened ? 'silent' : attempt.headed ? 'buffered' : 'no-answer');
    else this.#ticking = this.#clock.setTimer(() => this.#tick(attempt), everyMs);
  }

  /** @param {Attempt} attempt */
  async #start(attempt) {
    const token = await this.#tokens.get();
    if (attempt !== this.#attempt) return;
    attempt.token = token;
    attempt.heardAt = this.#clock.now();
    const plan = this.#target.plan();
    if (plan === null) return this.rest('no-channels');
    const isThis = () => attempt === this.#attempt;
    const stream = this.#transports[this.#transport].open({ ...plan, token, cursor: this.cursor }, {
      head: () => { attempt.headed = true; attempt.heardAt = this.#clock.now(); },
      // Bytes without a frame are what a page of HTML or a proxy sends, too.
      alive: () => { if (attempt.opened) attempt.heardAt = this.#clock.now(); },
      frame: frame => { if (isThis()) this.#frame(attempt, frame); },
      refused: refusal => { if (isThis()) this.#refused(attempt, refusal); },
      ended: (reason, error) => {
        // A transport that cannot read a 401 may have had one.
        if (isThis() && !attempt.headed && this.#transport > 0) this.#tokens.refuse(attempt.token);
        this.#failed(attempt, reason, { error, askedMs: attempt.retryMs });
      },
    });
    if (isThis()) attempt.stream = stream;
    else stream.close();
  }

  /** @param {Attempt} attempt @param {Frame} frame */
  #frame(attempt, frame) {
    const { type, data, id, retryMs } = frame;
    if (retryMs !== null) attempt.retryMs = retryMs;
    const control = type?.startsWith('stream.') ? parsed(data) ?? {} : null;
    if (type === 'stream.open') {
      attempt.opened = true;
      this.#stuck = 0;
      this.connectionId = control.connection_id ?? null;
      this.scheduleRenewal();
    } else if (type !== null && type !== 'stream.closing') {
      // Only what has brought something counts as a success: a server that drains lets in and closes.
      this.#failures = 0;
    }
    if (id) this.cursor = id;
    this.#target.frame(frame, control);
    if (attempt !== this.#attempt) return;
    if (type === 'stream.open') {
      const isLive = (control.channels ?? []).every((/** @type {any} */ c) => c.start?.at === 'live');
      this.#enter(isLive ? 'live' : 'catching-up', 'opened');
    } else if (type === 'stream.caught_up' && this.state === 'catching-up') this.#enter('live', 'caught-up');
    else if (type === 'stream.closing') this.#closing(attempt, control);
  }

  /** @param {Attempt} attempt @param {{reason?: string, status?: number}} closing */
  #closing(attempt, { reason = '', status }) {
    if (reason === 'no_channels') this.rest('no-channels');
    else if (reason === 'token_expired') this.#needsToken(attempt, 'token-expired', {});
    else this.#failed(attempt, /** @type {Reason} */ (reason.replaceAll('_', '-')), { status, askedMs: attempt.retryMs });
  }

  /** @param {Attempt} attempt @param {{status: number, askedMs: number, problem: any}} refusal */
  #refused(attempt, { status, askedMs, problem }) {
    if (status === 401) return this.#needsToken(attempt, 'unauthorized', { status, askedMs });
    if (problem?.type?.endsWith?.('/invalid-cursor') && this.cursor) {
      // Never to be used again: what comes instead begins as the subscriptions say.
      this.cursor = null;
      this.#target.frame({ type: 'stream.reset', data: '', id: null, retryMs: null }, { reason: 'malformed' });
      return attempt === this.#attempt && this.open('invalid-cursor');
    }
    if ([400, 403, 404].includes(status) && this.#target.refused(status, problem)) {
      return attempt === this.#attempt && this.open('channels-refused');
    }
    this.#failed(attempt, status === 429 ? 'rate-limited' : status === 403 ? 'forbidden' : 'status', { status, askedMs });
  }

  /** @param {Attempt} attempt @param {Reason} reason @param {Why} why */
  #needsToken(attempt, reason, why) {
    this.#tokens.refuse(attempt.token);
    // At once the first time: the position is kept, and nothing is wrong with the server.
    if (this.#tokens.renews && this.#failures === 0) {
      this.#failures++;
      this.open(reason);
    } else this.#failed(attempt, reason, why);
  }

  /** @param {Attempt} attempt @param {Reason} reason @param {Why} [why] */
  #failed(attempt, reason, { askedMs = 0, status, error } = {}) {
    if (attempt !== this.#attempt) return;
    if (!attempt.opened) this.#nextTransport(reason);
    this.#release();
    this.#tickedAt = this.#clock.now();
    const retryMs = pauseMs(++this.#failures, askedMs, this.#clock.random(), this.#pauses);
    this.#timer = this.#clock.setTimer(() => this.open('retry'), retryMs);
    this.#enter('waiting', reason, { retryMs, status, error });
  }

  /** @param {Reason} reason */
  #nextTransport(reason) {
    const concerns = ['no-answer', 'buffered', this.#transport > 0 ? 'network' : ''];
    if (!concerns.includes(reason) || ++this.#stuck < STUCK) return;
    this.#stuck = 0;
    this.#transport = ++this.#transport % this.#transports.length;
  }
}
