// The events of a channel, the newest first, with gaps and resets at their places.

import { make } from './table.js';
import { when } from './words.js';

/** The most that is shown; the oldest go first, and can be read again. Somebody who reads those is shown more. */
const MAX_SHOWN = 500;
const MAX_READ = 5_000;
const SUMMARY_CHARACTERS = 160;

const GAPS = {
  retention: 'retention has removed them',
  'slow-reader': 'this page did not keep up',
  'position-lost': 'the server would not resume here',
  'joined-late': 'fewer past events were kept than asked for',
  unreadable: 'the data is not JSON',
};

export class EventList {
  #list;
  /** Of each item what it shows, in the same order. */
  #shown = [];
  #most = MAX_SHOWN;

  constructor(list) {
    this.#list = list;
  }

  get size() { return this.#shown.length; }

  /** The oldest event that is shown and says where it stands. */
  get oldest() { return this.#shown.findLast(({ kind, cursor }) => kind === 'event' && cursor) ?? null; }

  clear() {
    this.#shown = [];
    this.#most = MAX_SHOWN;
    this.#list.replaceChildren();
  }

  /** @param {import('/live/client/types.js').Delivery} delivery newer than all that are here */
  add(delivery) {
    this.#shown.unshift(delivery);
    this.#list.prepend(item(delivery));
    while (this.#shown.length > this.#most) {
      this.#shown.pop();
      this.#list.lastElementChild.remove();
    }
  }

  /** @param {import('/live/client/types.js').Delivery[]} deliveries the newest first @returns {number} how many events were added */
  addOlder(deliveries) {
    const room = deliveries.slice(0, Math.max(0, MAX_READ - this.#shown.length));
    this.#most = Math.min(MAX_READ, this.#most + room.length);
    this.#shown.push(...room);
    this.#list.append(...room.map(item));
    return room.filter(({ kind }) => kind === 'event').length;
  }
}

function item(delivery) {
  if (delivery.kind === 'gap') {
    const lost = delivery.lost === null ? 'Events' : `Up to ${delivery.lost} events`;
    return make('li', { className: 'loss', textContent: `Gap: ${lost} are missing here: ${GAPS[delivery.reason] ?? delivery.reason}.` });
  }
  if (delivery.kind === 'reset') {
    return make('li', { className: 'loss', textContent: `Reset: the position could not be used (${delivery.reason}).` });
  }
  const { type, id, time, data, cursor } = delivery;
  const text = JSON.stringify(data) ?? '';
  const short = text.length > SUMMARY_CHARACTERS ? `${text.slice(0, SUMMARY_CHARACTERS)}…` : text;
  const details = make('details', {}, make('summary', {},
    make('time', { dateTime: time, textContent: when(time) }), make('b', { textContent: type }), make('span', { textContent: short })));
  // A thousand of them are cheap as long as nobody has opened them.
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      details.append(make('pre', { textContent: JSON.stringify(data, null, 2) }),
        make('pre', { textContent: `id ${id}\ncursor ${cursor ?? 'not known'}` }));
    }
  });
  return make('li', {}, details);
}
