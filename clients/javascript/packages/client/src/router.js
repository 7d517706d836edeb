// Brings what comes on the connection to those who want it, and the channels that they want onto the stream.

import { pauseMs } from './backoff.js';
import { parsed, send } from './http.js';
import { matches } from './patterns.js';
import { Tail } from './tail.js';

/** @typedef {import('./types.js').Delivery} Delivery */
/** @typedef {import('./subscription.js').Subscription} Subscription */

/** How long the outcome of a change may take, in milliseconds; then the stream is opened anew with all channels. */
export const CHANGE_MS = 30_000;
const KEEP_EVENTS = 100;

export class Router {
  /** @type {Set<Subscription>} */
  #subscriptions = new Set();
  #sending = false;
  #renewDue = false;
  #failures = 0;
  /** Resets that a start on the open stream has told, by reason and channel; the `stream.reset` of each is still to come. */
  #toldByStart = new Set();
  /** @type {any} */
  #timer = null;
  /** @type {any} */
  #outcomeTimer = null;
  #tail;
  #client;
  #channels;
  #connection;
  #tokens;
  #options;
  #clock;
  #emit;

  /**
   * @param {{client: import('./client.js').TailraceClient, channels: import('./channel-set.js').ChannelSet,
   *   connection: import('./connection.js').Connection, tokens: import('./token-source.js').TokenSource,
   *   options: import('./client.js').Options & {fetch: typeof globalThis.fetch, clock: import('./types.js').Clock, pauses: import('./types.js').Pauses},
   *   emit: (name: string, detail: any) => void}} parts
   */
  constructor({ client, channels, connection, tokens, options, emit }) {
    this.#client = client;
    this.#channels = channels;
    this.#connection = connection;
    this.#tokens = tokens;
    this.#options = options;
    this.#clock = options.clock;
    this.#emit = emit;
    this.#tail = new Tail(options.keepEvents ?? KEEP_EVENTS);
  }

  /** @param {Subscription} subscription @param {string[]} names @param {import('./types.js').Start} start */
  want(subscription, names, start) {
    this.#subscriptions.add(subscription);
    for (const name of names) this.#channels.want(name, start, subscription);
    queueMicrotask(() => this.#joinLate(subscription, names, start));
    this.#client.changed();
  }

  /** @param {Subscription} subscription @param {string[]} names */
  release(subscription, names) {
    for (const name of names) {
      this.#channels.release(name, subscription);
      if (!this.#channels.entries.has(name)) this.#tail.forget(name);
    }
    if (subscription.closed) this.#subscriptions.delete(subscription);
    this.#client.changed();
  }

  /** @param {string} name */
  isOn(name) { return this.#channels.entries.get(name)?.phase === 'on'; }

  /** @param {unknown} error */
  fault(error) { this.#emit('error', error); }

  /** Others have these channels already: what was kept is all there is before what comes now. */
  #joinLate(/** @type {Subscription} */ subscription, /** @type {string[]} */ names, /** @type {import('./types.js').Start} */ start) {
    for (const name of names) {
      const entry = this.#channels.entries.get(name);
      if (!entry?.owners.get(subscription)) continue;
      entry.owners.set(subscription, false);
      const { events, isWhole } = this.#tail.from(name, start);
      // Where the stream has not brought the channel yet, all of it is still to come, if it was asked for the same.
      if (entry.phase !== 'on' && events.length === 0 && entry.start === start) continue;
      if (!isWhole) subscription.deliver(gap('joined-late', [name]));
      for (const event of events) subscription.deliver(event);
    }
  }

  /** @param {import('./types.js').Frame} frame @param {any} control */
  frame({ type, data, id }, control) {
    if (control) this.#control(/** @type {string} */ (type), control);
    else if (type) this.#event(type, data, id);
    if (id) this.#channels.since = [];
  }

  /** @param {string} type @param {string} data @param {string | null} cursor */
  #event(type, data, cursor) {
    const envelope = parsed(data);
    if (typeof envelope?.channel !== 'string') {
      this.#tell({ ...gap('unreadable', [], 1), raw: data });
      return;
    }
    const { channel, id, time } = envelope;
    /** @type {import('./types.js').StreamEvent} */
    const event = { kind: 'event', channel, type, id, time, data: envelope.data, cursor };
    // Before anybody is told: a handler that subscribes to the same channel gets it once, from the tail.
    /** @type {Set<Subscription>} */
    const owners = new Set();
    for (const [name, entry] of this.#channels.entries) {
      // One that is on its way out, or was asked for anew meanwhile, is not on.
      if (entry.phase === 'on' && matches(name, channel)) {
        for (const [owner, isLate] of entry.owners) if (!isLate) owners.add(owner);
      }
    }
    if (owners.size) this.#tail.keep(event, data.length);
    for (const owner of owners) owner.deliver(event);
  }

  /** @param {string} type @param {any} control */
  #control(type, control) {
    switch (type) {
      case 'stream.open': {
        const lost = this.#channels.opened(control.channels ?? []);
        if (lost[0]) this.#tell(gap('position-lost', lost));
        this.#toldByStart.clear();
        this.#tellStarts(control.channels);
        this.#failures = 0;
        this.#settle();
        break;
      }
      case 'stream.channels': {
        const { refused, again } = this.#channels.changed(control);
        this.#tellStarts([...(control.added ?? []), ...(control.available ?? [])]);
        this.#refuse(refused);
        if (!this.#channels.isAwaiting) this.#clock.clearTimer(this.#outcomeTimer);
        // One that was given up while its outcome was awaited is on the stream now, and has to leave.
        if (again) this.#later();
        else void this.sync();
        if (this.#channels.isEmpty) this.#connection.rest('no-channels');
        break;
      }
      case 'stream.gap':
        this.#tell(gap('retention', named(control.channels), control.lost));
        break;
      case 'stream.reset': {
        const reason = control.reason ?? 'malformed';
        const all = named(control.channels);
        const untold = all.filter(name => !this.#toldByStart.delete(`${reason} ${name}`));
        if (untold[0] || !all[0]) this.#tell({ kind: 'reset', reason, channels: untold });
        break;
      }
      default: // Heartbeats, and what a newer server says.
    }
  }

  /**
   * A start can be a reset, and the cursor of its frame is behind that already: if the connection breaks before the `stream.reset`
   * that follows, nobody would ever hear of it. @param {any[]} [starts]
   */
  #tellStarts(starts = []) {
    const reset = starts.filter(each => each.start?.reset);
    for (const reason of new Set(reset.map(each => each.start.reset))) {
      const channels = named(reset.filter(each => each.start.reset === reason));
      for (const name of channels) this.#toldByStart.add(`${reason} ${name}`);
      this.#tell({ kind: 'reset', reason, channels });
    }
  }

  /** @param {import('./types.js').Gap | import('./types.js').Reset} what */
  #tell(what) {
    for (const name of what.channels[0] ? what.channels : this.#channels.entries.keys()) this.#tail.forget(name);
    for (const subscription of this.#subscriptions) {
      if (!what.channels[0] || what.channels.some(name => subscription.has(name))) subscription.deliver(what);
    }
    this.#emit(what.kind, what);
  }

  /** @param {number} status @param {any} problem */
  refusedOpening(status, problem) {
    const refused = this.#channels.refusedOpening(status, problem);
    if (refused) this.#refuse(refused);
    return refused !== null;
  }

  /** @param {import('./types.js').Refusal[]} refused */
  #refuse(refused) {
    for (const refusal of refused) {
      for (const owner of this.#channels.entries.get(refusal.channel)?.owners.keys() ?? []) owner.refuse(refusal);
      this.#emit('refused', refusal);
    }
    this.#settle();
  }

  #settle() {
    for (const subscription of this.#subscriptions) subscription.check();
  }

  /** @param {import('./types.js').StateChange} change */
  stateChanged({ state, reason }) {
    if (reason === 'opened') this.sync();
    else if (state !== 'live' && state !== 'catching-up') {
      this.#clearTimers();
      this.#channels.closed(state === 'idle');
    }
  }

  #clearTimers() {
    this.#clock.clearTimer(this.#timer);
    this.#clock.clearTimer(this.#outcomeTimer);
    this.#renewDue = false;
  }

  /** The token is due, or another one is wanted now. @param {boolean} [anew] */
  async renew(anew = false) {
    if (anew) this.#tokens.refuse(this.#connection.token);
    this.#renewDue = true;
    await this.sync();
  }

  /** Asks the open stream for what it does not have yet: one request at a time, so that changes stay in their order. */
  async sync() {
    if (this.#sending || !this.#connection.isOpen) return;
    const change = this.#channels.changes();
    if (change === null && !this.#renewDue) return;
    const { connectionId, stream } = this.#connection;
    const isOver = () => connectionId !== this.#connection.connectionId;
    this.#sending = true;
    this.#renewDue = false;
    let token = null;
    try {
      token = await this.#tokens.get();
      if (isOver()) return;
      if (stream?.change) stream.change(change ?? { add: [], remove: [] }, token);
      else {
        await send(this.#options.fetch, `${this.#client.url}/events/${connectionId}`, {
          method: 'PATCH', token, headers: this.#options.headers, credentials: this.#options.credentials, body: change ?? {},
        });
      }
      if (isOver()) return;
      this.#failures = 0;
      this.#connection.renewed(token);
      if (change) {
        this.#channels.asked(change);
        this.#clock.clearTimer(this.#outcomeTimer);
        this.#outcomeTimer = this.#clock.setTimer(() => {
          if (this.#channels.isAwaiting) this.#connection.fail('change-lost');
        }, this.#options.changeMs ?? CHANGE_MS);
      }
    } catch (fault) {
      if (isOver()) return;
      if (change === null) this.#renewDue = true;
      this.#notTaken(fault, token);
      return;
    } finally {
      this.#sending = false;
    }
    void this.sync();
  }

  /** @param {unknown} fault @param {string | null} token */
  #notTaken(fault, token) {
    const { status, retryAfterMs } = /** @type {any} */ (fault);
    // Another subject than the stream's, or a stream that the edge does not have: it is opened anew, at its cursor.
    if (status === 404) this.#connection.fail('change-lost', { status, error: fault });
    else {
      if (status === 401) this.#tokens.refuse(token);
      this.#later(retryAfterMs);
    }
  }

  /** @param {number} [askedMs] */
  #later(askedMs = 0) {
    this.#clock.clearTimer(this.#timer);
    const ms = pauseMs(++this.#failures, askedMs, this.#clock.random(), this.#options.pauses);
    this.#timer = this.#clock.setTimer(() => void this.sync(), ms);
  }

  close() {
    this.#clearTimers();
    for (const subscription of [...this.#subscriptions]) subscription.close();
  }
}

/** @param {import('./types.js').Gap['reason']} reason @param {string[]} channels @param {number | null} [lost] @returns {import('./types.js').Gap} */
const gap = (reason, channels, lost = null) => ({ kind: 'gap', reason, channels, lost });

/** @param {any[]} [channels] @returns {string[]} */
function named(channels = []) {
  return channels.map(each => (typeof each === 'string' ? each : each.channel));
}
