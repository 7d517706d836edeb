// The channels that are read at the edge that answers, and how fast events come on each.

import { call } from './access.js';
import { Poll } from './poll.js';
import { make, say, Table } from './table.js';
import { count, many, rate } from './words.js';

const PAGE = 100;
const TYPING_MS = 250;
/** A rate of less than a second is chance. */
const MIN_SPAN_MS = 900;

export class Channels {
  #root;
  #poll;
  #table;
  #after = '';
  #next = null;
  #timer = null;
  #rates = new Rates();

  /** @param {Document} root @param {(channel: string) => string} linkTo where a channel is inspected */
  constructor(root, linkTo) {
    this.#root = root;
    this.#table = new Table(this.#find('channels'), [
      { label: 'Channel', fill: (cell, { channel }) => {
        if (!cell.firstChild) cell.append(make('a', { href: linkTo(channel), textContent: channel }));
      } },
      { label: 'Subscribers', isNumber: true, text: subscribers },
      { label: 'Rate', isNumber: true, text: ({ perSecond }) => rate(perSecond) },
      { label: 'Head', isNumber: true, text: ({ head, partition }) => `${count(head)} of partition ${partition}` },
      { label: 'Behind', isNumber: true, text: ({ behind }) => count(behind) },
      { label: 'Log', text: ({ available }) => (available ? 'can be read' : 'cannot be read now') },
    ], row => row.channel);
    this.#poll = new Poll(isCurrent => this.#ask(isCurrent), fault => say(this.#find('channels-state'), fault.message));
    this.#find('channels-find').addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#go(''), TYPING_MS);
    });
    this.#find('channels-more').addEventListener('click', () => this.#go(this.#next ?? ''));
    this.#find('channels-first').addEventListener('click', () => {
      this.#find('channels-title').focus();
      this.#go('');
    });
  }

  start(again) { this.#poll.start(again); }

  stop() { this.#poll.stop(); }

  #go(after) {
    this.#after = after;
    this.#poll.now();
  }

  async #ask(isCurrent) {
    const q = this.#find('channels-find').value.trim();
    const query = new URLSearchParams({ limit: PAGE, after: this.#after, q });
    const { node, channels, next } = await call('GET', `/admin/channels?${query}`);
    if (!isCurrent()) return;
    const nowMs = performance.now();
    this.#next = next;
    this.#table.show(channels.map(each => ({ ...each, perSecond: this.#rates.of(node, each, nowMs) })));
    this.#rates.keep(channels);
    const found = q ? ` with “${q}”` : '';
    say(this.#find('channels-state'), `${many(channels.length, 'channel')}${found}${next ? ' and more' : ''}, by name, at the edge ${node}.`);
    this.#find('channels-more').hidden = !next;
    this.#find('channels-first').hidden = this.#after === '';
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

/** Events a second, from what the edge has counted at two times. */
export class Rates {
  #seen = new Map();

  /** @returns {number | null} null if there is nothing to compare with yet */
  of(node, { channel, events }, nowMs) {
    const before = this.#seen.get(channel);
    // Another edge has answered, or counting has begun anew.
    if (!before || before.node !== node || before.events > events) {
      this.#seen.set(channel, { node, events, nowMs, perSecond: null });
      return null;
    }
    if (nowMs - before.nowMs < MIN_SPAN_MS) return before.perSecond;
    const perSecond = (events - before.events) * 1000 / (nowMs - before.nowMs);
    this.#seen.set(channel, { node, events, nowMs, perSecond });
    return perSecond;
  }

  /** Forgets all others. */
  keep(channels) {
    const names = new Set(channels.map(({ channel }) => channel));
    for (const channel of this.#seen.keys()) if (!names.has(channel)) this.#seen.delete(channel);
  }
}

function subscribers({ subscribers: all, live }) {
  return live === all ? count(all) : `${count(all)}, ${count(live)} of them live`;
}
