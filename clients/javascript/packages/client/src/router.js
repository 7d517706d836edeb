// Brings what comes on the connection to those who want it, and the channels that they want onto the stream.

import { pauseMs, PAUSES } from './backoff.js';
import { Problem, send } from './http.js';
import { isPattern, matches } from './patterns.js';
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

  /**
   * @param {{client: import('./client.js').TailraceClient, channels: import('./channel-set.js').ChannelSet,
   *   connection: import('./connection.js').Connection, tokens: import('./token-source.js').TokenSource,
   *   options: import('./client.js').Options & {fetch: typeof globalThis.fetch, clock: import('./types.js').Clock},
   *   emit: (name: string, detail: any) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.#tail = new Tail(parts.options.keepEvents ?? KEEP_EVENTS);
  }

  /** @param {Subscription} subscription @param {string[]} names @param {import('./types.js').Start} start */
  want(subscription, names, start) {
    this.#subscriptions.add(subscription);
    const { channels, client } = this.parts;
    const late = names.filter(name => channels.want(name, start, subscription));
    if (late.length > 0 && start && start !== 'live') queueMicrotask(() => this.#joinLate(subscription, late, start));
    client.changed();
  }

  /** @param {Subscription} subscription @param {string[]} names */
  release(subscription, names) {
    const { channels, client } = this.parts;
    for (const name of names) {
      channels.release(name, subscription);
      if (!channels.entries.has(name)) this.#tail.forget(name);
    }
    if (subscription.closed) this.#subscriptions.delete(subscription);
    client.changed();
  }

  /** @param {string} name */
  isOn(name) { return this.parts.channels.entries.get(name)?.phase === 'on'; }

  /** @param {unknown} error */
  fault(error) { this.parts.emit('error', error); }

  /** Others have these channels already: what was kept is all there is before what comes now. */
  #joinLate(/** @type {Subscription} */ subscription, /** @type {string[]} */ names, /** @type {string} */ start) {
    for (const name of names) {
      const { events, isWhole } = this.#tail.from(name, start);
      // Where the stream has not brought the channel yet, all of it is still to come.
      if (!this.isOn(name) && events.length === 0) continue;
      if (!isWhole) subscription.deliver({ kind: 'gap', reason: 'joined-late', channels: [name], lost: null });
      for (const event of events) subscription.deliver(event);
    }
  }

  /** @param {import('./types.js').Frame} frame @param {any} control */
  frame({ type, data, id }, control) {
    if (type === null) return;
    if (control) this.#control(type, control);
    else this.#event(type, data, id);
  }

  /** @param {string} type @param {string} data @param {string | null} cursor */
  #event(type, data, cursor) {
    const { channels } = this.parts;
    let envelope;
    try {
      envelope = JSON.parse(data);
    } catch { /* Told below. */ }
    if (typeof envelope?.channel !== 'string') {
      this.#tell({ kind: 'gap', reason: 'unreadable', channels: [], lost: 1, raw: data });
      return;
    }
    const { channel, id, time } = envelope;
    /** @type {import('./types.js').StreamEvent} */
    const event = { kind: 'event', channel, type, id, time, data: envelope.data, cursor };
    // Before anybody is told: a handler that subscribes to the same channel gets it once, from the tail.
    const owners = [...channels.entries.get(channel)?.owners ?? []];
    for (const [name, entry] of channels.entries) {
      if (!isPattern(name) || !matches(name, channel)) continue;
      for (const owner of entry.owners) if (!owners.includes(owner)) owners.push(owner);
    }
    if (owners.length > 0) this.#tail.keep(event, data.length);
    for (const owner of owners) owner.deliver(event);
  }

  /** @param {string} type @param {any} control */
  #control(type, control) {
    const { channels, connection } = this.parts;
    switch (type) {
      case 'stream.open': {
        const lost = channels.opened(control.channels ?? []);
        if (lost.length > 0) this.#tell({ kind: 'gap', reason: 'position-lost', channels: lost, lost: null });
        this.#toldByStart.clear();
        this.#tellStarts(control.channels);
        this.#failures = 0;
        this.#settle();
        break;
      }
      case 'stream.channels': {
        const { refused, again } = channels.changed(control);
        this.#tellStarts([...(control.added ?? []), ...(control.available ?? [])]);
        this.#refuse(refused);
        if (!channels.isAwaiting) this.parts.options.clock.clearTimer(this.#outcomeTimer);
        this.#settle();
        // One that was given up while its outcome was awaited is on the stream now, and has to leave.
        if (again) this.#later();
        else void this.sync();
        if (channels.isEmpty) connection.rest('no-channels');
        break;
      }
      case 'stream.gap':
        this.#tell({ kind: 'gap', reason: 'retention', channels: named(control.channels), lost: control.lost ?? null });
        break;
      case 'stream.reset': {
        const reason = control.reason ?? 'malformed';
        const all = named(control.channels);
        const untold = all.filter(name => !this.#toldByStart.delete(`${reason} ${name}`));
        if (untold.length > 0 || all.length === 0) this.#tell({ kind: 'reset', reason, channels: untold });
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
    const { channels, emit } = this.parts;
    for (const name of what.channels.length > 0 ? what.channels : channels.entries.keys()) this.#tail.forget(name);
    for (const subscription of this.#subscriptions) {
      if (what.channels.length === 0 || what.channels.some(name => subscription.has(name))) subscription.deliver(what);
    }
    emit(what.kind, what);
  }

  /** @param {number} status @param {any} problem */
  refusedOpening(status, problem) {
    const refused = this.parts.channels.refusedOpening(status, problem);
    if (refused === null) return false;
    this.#refuse(refused);
    return true;
  }

  /** @param {import('./types.js').Refusal[]} refused */
  #refuse(refused) {
    for (const refusal of refused) {
      for (const owner of this.parts.channels.entries.get(refusal.channel)?.owners ?? []) owner.refuse(refusal);
      this.parts.emit('refused', refusal);
    }
    if (refused.length > 0) this.#settle();
  }

  #settle() {
    for (const subscription of this.#subscriptions) subscription.check();
  }

  /** @param {import('./types.js').StateChange} change */
  stateChanged({ state, reason }) {
    if (reason === 'opened') this.sync();
    else if (state !== 'live' && state !== 'catching-up') {
      this.#clearTimers();
      this.parts.channels.closed(state === 'idle');
    }
  }

  #clearTimers() {
    const { clock } = this.parts.options;
    clock.clearTimer(this.#timer);
    clock.clearTimer(this.#outcomeTimer);
    this.#renewDue = false;
  }

  /** The token is due, or another one is wanted now. @param {boolean} [anew] */
  async renew(anew = false) {
    if (anew) this.parts.tokens.refuse(this.parts.connection.token);
    this.#renewDue = true;
    await this.sync();
  }

  /** Asks the open stream for what it does not have yet: one request at a time, so that changes stay in their order. */
  async sync() {
    const { channels, connection, tokens, options, client } = this.parts;
    if (this.#sending || !connection.isOpen) return;
    const change = channels.changes();
    if (change === null && !this.#renewDue) return;
    const { connectionId, stream } = connection;
    this.#sending = true;
    this.#renewDue = false;
    let token = null;
    try {
      token = await tokens.get();
      if (connectionId !== connection.connectionId) return;
      if (stream?.change) stream.change(change ?? { add: [], remove: [] }, token);
      else {
        await send(options.fetch, `${client.url}/events/${connectionId}`, {
          method: 'PATCH', token, headers: options.headers, credentials: options.credentials, body: change ?? {},
        });
      }
      if (connectionId !== connection.connectionId) return;
      this.#failures = 0;
      connection.renewed(token);
      if (change) {
        channels.asked(change);
        options.clock.clearTimer(this.#outcomeTimer);
        this.#outcomeTimer = options.clock.setTimer(() => this.#outcomeMissing(), options.changeMs ?? CHANGE_MS);
      }
    } catch (fault) {
      if (connectionId !== connection.connectionId) return;
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
    const { connection, tokens } = this.parts;
    const status = fault instanceof Problem ? fault.status : 0;
    // Another subject than the stream's, or a stream that the edge does not have: it is opened anew, at its cursor.
    if (status === 404) connection.fail('change-lost', { status, error: fault });
    else {
      if (status === 401) tokens.refuse(token);
      this.#later(fault instanceof Problem ? fault.retryAfterMs : 0);
    }
  }

  #outcomeMissing() {
    if (this.parts.channels.isAwaiting) this.parts.connection.fail('change-lost');
  }

  /** @param {number} [askedMs] */
  #later(askedMs = 0) {
    const { clock, pauses } = this.parts.options;
    clock.clearTimer(this.#timer);
    const ms = pauseMs(++this.#failures, askedMs, clock.random(), { ...PAUSES, ...pauses });
    this.#timer = clock.setTimer(() => void this.sync(), ms);
  }

  close() {
    this.#clearTimers();
    for (const subscription of [...this.#subscriptions]) subscription.close();
  }
}

/** @param {any[]} [channels] @returns {string[]} */
function named(channels = []) {
  return channels.map(each => (typeof each === 'string' ? each : each.channel));
}
