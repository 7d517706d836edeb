// The channels of one connection: which are wanted, which are on the stream, and what has to be asked to bring the two
// together. Pure: it says what to ask, and is told what came.

import { errorsOf } from './http.js';

/** @typedef {import('./types.js').Start} Start */
/** @typedef {import('./types.js').Refusal} Refusal */
/** @typedef {import('./types.js').Added} Added */

/** The most channels of one request; the server's own bound is told per channel. */
export const MAX_NAMED = 1000;

/**
 * `new`: to be asked for. `asked`: the outcome is awaited. `pending`: on the stream, its log cannot be read yet. `on`.
 * `refused`: not asked for again before somebody subscribes to it anew.
 * @typedef {{name: string, start: Start, phase: 'new' | 'asked' | 'pending' | 'on' | 'refused', owners: Map<any, boolean>, past: boolean}} Entry
 *   `owners`: and which of them are to get what is kept first. `past`: it was subscribed to anew, to begin in the past, and has not yet
 */

export class ChannelSet {
  /** @type {Map<string, Entry>} */
  entries = new Map();
  /** What the open stream has, and what the cursor was made for. @type {Set<string>} */
  #there;
  /** @type {Set<string>} */
  #leaving = new Set();
  #limit = MAX_NAMED;
  /** @type {string[]} */
  #opening = [];
  #hadCursor = false;
  #isOpen = false;

  /** @param {string[]} channels what the first cursor was made for */
  constructor(channels) { this.#there = new Set(channels); }

  get isEmpty() { return this.#wanted.length === 0; }

  get #wanted() { return [...this.entries.values()].filter(entry => entry.phase !== 'refused'); }

  /** Whether an outcome is awaited. */
  get isAwaiting() {
    return this.#leaving.size > 0 || this.#wanted.some(entry => entry.phase === 'asked');
  }

  /** @param {string} name @param {Start} start @param {object} owner */
  want(name, start, owner) {
    const past = (start ?? 'live') !== 'live';
    let entry = this.entries.get(name);
    let isLate = true;
    if (!entry || entry.phase === 'refused') {
      isLate = this.#isOpen && this.#there.has(name) && !this.#leaving.has(name);
      entry = { name, start, phase: isLate ? 'on' : 'new', owners: entry?.owners ?? new Map(), past: past && !isLate && this.#opening.length > 0 };
      this.entries.set(name, entry);
    }
    entry.owners.set(owner, isLate && past);
  }

  /** @param {string} name @param {object} owner */
  release(name, owner) {
    const entry = this.entries.get(name);
    if (entry?.owners.delete(owner) && entry.owners.size === 0) this.entries.delete(name);
  }

  /**
   * What to name when a stream is opened: what the cursor is for, and of the others those that begin in the same way.
   * @param {boolean} hasCursor
   * @returns {{channels: string[], start: Start} | null}
   */
  opening(hasCursor) {
    const wanted = this.#wanted;
    const known = hasCursor ? wanted.filter(entry => this.#there.has(entry.name)) : [];
    const fresh = wanted.filter(entry => !known.includes(entry));
    const start = fresh[0]?.start;
    const named = [...known, ...fresh.filter(entry => entry.start === start)].slice(0, this.#limit);
    this.#opening = named.map(entry => entry.name);
    this.#hadCursor = hasCursor;
    return named[0] ? { channels: this.#opening, start } : null;
  }

  /**
   * The stream is open with these.
   * @param {any[]} channels
   * @returns {string[]} channels whose position is gone, because the server would not open the stream with all that it was for, or that
   *   have a position again though they were to begin anew
   */
  opened(channels) {
    const before = this.#hadCursor ? [...this.#there] : [];
    this.#limit = MAX_NAMED;
    this.#isOpen = true;
    this.#leaving.clear();
    this.#there = new Set(channels.map(c => c.channel));
    for (const entry of this.#wanted) entry.phase = 'new';
    const lost = before.filter(name => this.entries.get(name)?.phase === 'new' && (!this.#there.has(name) || this.entries.get(name)?.past));
    for (const { channel, start } of channels) this.#set(channel, start);
    return lost;
  }

  /** There is no stream now: what is on the next one is for the server to say. @param {boolean} forgets whether the position is gone */
  closed(forgets) {
    this.#isOpen = false;
    this.#leaving.clear();
    if (forgets) this.#there.clear();
    for (const entry of this.#wanted) entry.phase = 'new';
  }

  /** What to ask of the open stream now; null for nothing. @returns {{add: Added[], remove: string[]} | null} */
  changes() {
    const add = this.#wanted
      .filter(({ phase, name }) => phase === 'new' && (!this.#there.has(name) || this.#leaving.has(name)))
      .slice(0, MAX_NAMED).map(({ name, start }) => (start ? { channel: name, start } : { channel: name }));
    const remove = [...this.#there].filter(name => !this.entries.has(name) && !this.#leaving.has(name)).slice(0, MAX_NAMED);
    return add.length + remove.length === 0 ? null : { add, remove };
  }

  /** @param {{add: Added[], remove: string[]}} change */
  asked({ add, remove }) {
    // The outcome can have come before the answer.
    for (const { channel } of add) {
      const entry = this.entries.get(channel);
      if (entry?.phase === 'new') entry.phase = 'asked';
    }
    for (const name of remove) if (this.#there.has(name)) this.#leaving.add(name);
  }

  /**
   * `stream.channels` has come.
   * @param {any} outcome
   * @returns {{refused: Refusal[], again: boolean}} what is told, and whether something should be asked again after a pause
   */
  changed({ added = [], removed = [], refused = [], available = [], dropped = 0 }) {
    /** @type {Refusal[]} */
    const told = [];
    let again = dropped > 0;
    for (const { channel, reason } of removed) {
      this.#there.delete(channel);
      const isOurs = this.#leaving.delete(channel);
      if (!isOurs && this.entries.has(channel)) told.push(...this.#refuse(channel, reason ?? 'access_revoked'));
    }
    for (const { channel, start } of [...added, ...available]) {
      this.#there.add(channel);
      this.#set(channel, start);
    }
    for (const { channel, reason = 'refused' } of refused) {
      const passes = reason === 'unavailable' || reason === 'too_many_changes';
      this.#leaving.delete(channel);
      const entry = this.entries.get(channel);
      if (passes && entry && !this.#there.has(channel)) entry.phase = 'new';
      else if (!passes) told.push(...this.#refuse(channel, reason));
      again ||= passes;
    }
    if (dropped > 0) {
      for (const entry of this.#wanted) if (entry.phase === 'asked') entry.phase = 'new';
      this.#leaving.clear();
    }
    return { refused: told, again };
  }

  /**
   * The whole request was refused.
   * @param {number} status @param {any} problem
   * @returns {Refusal[] | null} what is taken out; empty to try with fewer; null if it is not about channels
   */
  refusedOpening(status, problem) {
    const named = this.#opening;
    const reason = status === 403 ? 'forbidden' : status === 404 ? 'undeclared' : 'invalid';
    const bad = new Set();
    for (const { field = '', message = '' } of errorsOf(problem)) {
      const name = named[Number(/^channels\[(\d+)]$/.exec(field)?.[1] ?? named.indexOf(message))];
      if (name) bad.add(name);
    }
    if (bad.size === 0) {
      // A proxy's own page says nothing about channels.
      if (!/\/(forbidden|undeclared-namespace|too-many-channels)$/.test(problem?.type)) return null;
      if (named.length > 1) {
        this.#limit = Math.ceil(named.length / 2);
        return [];
      }
      bad.add(named[0]);
    }
    this.#limit = MAX_NAMED;
    return [...bad].flatMap(name => this.#refuse(name, reason));
  }

  /** @param {string} name @param {any} start */
  #set(name, start) {
    const entry = this.entries.get(name);
    if (entry && entry.phase !== 'refused') {
      entry.phase = start?.at === 'pending' ? 'pending' : 'on';
      entry.past = false;
    }
  }

  /** @param {string} name @param {string} reason */
  #refuse(name, reason) {
    const entry = this.entries.get(name);
    if (!entry) return [];
    entry.phase = 'refused';
    return [{ channel: name, reason }];
  }
}
