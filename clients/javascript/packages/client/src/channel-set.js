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
 * @typedef {{name: string, start: Start, phase: 'new' | 'asked' | 'pending' | 'on' | 'refused', owners: Map<any, boolean>}} Entry
 *   `owners`: and which of them are to get what is kept first
 */

export class ChannelSet {
  /** @type {Map<string, Entry>} */
  entries = new Map();
  /**
   * What the open stream has. While there is none: what resumes at the cursor, that is, what was on the stream and has been wanted
   * ever since.
   * @type {Set<string>}
   */
  #there;
  /**
   * What is not there any more, and the cursor may still have a position on. Named with the cursor it would resume, whatever its start:
   * if it is wanted anew it is added to the open stream. Before the first stream that is all else, because the cursor is another's.
   * @type {{has: (name: string) => boolean, add: (name: string) => void}}
   */
  #left = { has: () => true, add: () => {} };
  /** @type {Set<string>} */
  #leaving = new Set();
  /** What has been added since the last cursor, which does not have it: whoever hears of a cursor empties it. @type {string[]} */
  since = [];
  #limit = MAX_NAMED;
  /** What the request names that opens the stream. @type {Entry[]} */
  #opening = [];
  #isOpen = false;

  /** @param {string[]} channels what the first cursor was made for */
  constructor(channels) { this.#there = new Set(channels); }

  get isEmpty() { return !this.#wanted[0]; }

  get #wanted() { return [...this.entries.values()].filter(entry => entry.phase !== 'refused'); }

  get #named() { return this.#opening.map(entry => entry.name); }

  /** Whether an outcome is awaited. */
  get isAwaiting() {
    return this.#leaving.size || this.#wanted.some(entry => entry.phase === 'asked');
  }

  /** @param {string} name @param {Start} start @param {object} owner */
  want(name, start, owner) {
    let entry = this.entries.get(name);
    let isLate = true;
    if (!entry || entry.phase === 'refused') {
      isLate = this.#isOpen && this.#there.has(name) && !this.#leaving.has(name);
      entry = { name, start, phase: isLate ? 'on' : 'new', owners: entry?.owners ?? new Map() };
      this.entries.set(name, entry);
    }
    entry.owners.set(owner, isLate && (start ?? 'live') !== 'live');
  }

  /** @param {string} name @param {object} owner */
  release(name, owner) {
    const entry = this.entries.get(name);
    if (!entry?.owners.delete(owner) || entry.owners.size) return;
    this.entries.delete(name);
    if (!this.#isOpen) this.#leave(name);
  }

  /**
   * What to name when a stream is opened: what resumes at the cursor, and of the others those that begin in the same way.
   * @param {boolean} hasCursor
   * @returns {{channels: string[], start: Start, resumes: boolean} | null} `resumes`: with the cursor
   */
  opening(hasCursor) {
    if (!hasCursor) this.#there.clear();
    const wanted = this.#wanted;
    const known = wanted.filter(entry => this.#there.has(entry.name));
    const resumes = known.length > 0;
    const fresh = wanted.filter(entry => !known.includes(entry) && !(resumes && this.#left.has(entry.name)));
    const start = fresh[0]?.start;
    this.#opening = [...known, ...fresh.filter(entry => entry.start === start)].slice(0, this.#limit);
    return this.#opening[0] ? { channels: this.#named, start, resumes } : null;
  }

  /**
   * The stream is open with these.
   * @param {any[]} channels
   * @returns {string[]} channels whose position is gone, because the server would not open the stream with all that resume
   */
  opened(channels) {
    const before = this.#there;
    this.#limit = MAX_NAMED;
    this.#isOpen = true;
    this.#left = new Set();
    this.#there = new Set(channels.map(c => c.channel));
    for (const { channel, start } of channels) {
      // One that is wanted anew since the request leaves the stream, and begins again as it says now.
      if (this.#opening.some(entry => entry === this.entries.get(channel))) this.#set(channel, start);
    }
    return [...before].filter(name => !this.#there.has(name));
  }

  /** There is no stream now: what is on the next one is for the server to say. @param {boolean} forgets whether the position is gone */
  closed(forgets) {
    for (const name of this.since) this.#there.delete(name);
    for (const name of this.#there) {
      if (forgets || (this.#isOpen && !this.#isOn(name))) this.#leave(name);
    }
    this.#isOpen = false;
    this.#leaving.clear();
    for (const entry of this.#wanted) entry.phase = 'new';
  }

  /** What to ask of the open stream now; null for nothing. @returns {{add: Added[], remove: string[]} | null} */
  changes() {
    const add = this.#wanted
      .filter(entry => entry.phase === 'new' && (!this.#there.has(entry.name) || this.#leaving.has(entry.name)))
      .slice(0, MAX_NAMED).map(({ name, start }) => ({ channel: name, start }));
    const remove = [...this.#there].filter(name => !this.#isOn(name) && !this.#leaving.has(name)).slice(0, MAX_NAMED);
    return add[0] || remove[0] ? { add, remove } : null;
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
   * `stream.channels` has come. It has no cursor if a `stream.reset` follows, and the connection may break before that.
   * @param {any} outcome
   * @returns {{refused: Refusal[], again: boolean}} what is told, and whether something should be asked again after a pause
   */
  changed({ added = [], removed = [], refused = [], available = [], dropped = 0 }) {
    /** @type {Refusal[]} */
    const told = [];
    let again = dropped > 0;
    for (const { channel, reason } of removed) {
      this.#leave(channel);
      if (!this.#leaving.delete(channel)) told.push(...this.#refuse(channel, reason ?? 'access_revoked'));
    }
    for (const { channel, start } of [...added, ...available]) {
      this.since.push(channel);
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
    const named = this.#named;
    const reason = status === 403 ? 'forbidden' : status === 404 ? 'undeclared' : 'invalid';
    const bad = new Set();
    for (const { field = '', message = '' } of errorsOf(problem)) {
      const name = named[Number(/^channels\[(\d+)]$/.exec(field)?.[1] ?? named.indexOf(message))];
      if (name) bad.add(name);
    }
    if (!bad.size) {
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
    if (entry && entry.phase !== 'refused') entry.phase = start?.at === 'pending' ? 'pending' : 'on';
  }

  /** Whether it is on the stream as it is wanted. @param {string} name */
  #isOn(name) { return /^(on|pending)/.test(`${this.entries.get(name)?.phase}`); }

  /** @param {string} name */
  #leave(name) {
    if (this.#there.delete(name)) this.#left.add(name);
  }

  /** @param {string} name @param {string} reason */
  #refuse(name, reason) {
    const entry = this.entries.get(name);
    if (!entry) return [];
    entry.phase = 'refused';
    if (!this.#isOpen) this.#leave(name);
    return [{ channel: name, reason }];
  }
}
