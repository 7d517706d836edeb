// The last of what came on the shared connection, for a tab that was away for a moment. Bounded by items and characters.

import { matches } from '../patterns.js';

/** @typedef {import('../types.js').Delivery} Delivery */

export const RING_ITEMS = 2_000;
export const RING_CHARS = 8_000_000;

export class Ring {
  /** @type {{seq: number, delivery: Delivery, chars: number}[]} */
  #entries = [];
  #chars = 0;
  /** Everything after this number is here. */
  completeSince = 0;

  /** @param {{maxItems?: number, maxChars?: number}} [bounds] */
  constructor({ maxItems = RING_ITEMS, maxChars = RING_CHARS } = {}) {
    this.maxItems = maxItems;
    this.maxChars = maxChars;
  }

  /** @param {number} seq @param {Delivery} delivery @returns {number} about how many characters it has */
  keep(seq, delivery) {
    const chars = delivery.kind === 'event' ? sizeOf(delivery.data) : 100;
    this.#entries.push({ seq, delivery, chars });
    this.#chars += chars;
    while (this.#entries.length > this.maxItems || this.#chars > this.maxChars) {
      const gone = this.#entries.shift();
      if (!gone) break;
      this.#chars -= gone.chars;
      this.completeSince = gone.seq;
    }
    return chars;
  }

  /** @param {number} seq @param {Iterable<string>} channels @returns {Delivery[]} */
  after(seq, channels) {
    const names = [...channels];
    return this.#entries.filter(each => each.seq > seq && concerns(each.delivery, names)).map(each => each.delivery);
  }
}

/** @param {Delivery} delivery @param {string[]} names */
function concerns(delivery, names) {
  if (delivery.kind !== 'event') return delivery.channels.length === 0 || delivery.channels.some(channel => names.some(name => matches(name, channel)));
  return names.some(name => matches(name, delivery.channel));
}

/** About how many characters a value has. @param {any} value @returns {number} */
function sizeOf(value) {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 2;
  for (const key in value) size += key.length + sizeOf(value[key]);
  return size;
}
