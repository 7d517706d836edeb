// One's own seats of the open show: what is chosen, asked for, held (with the time left) and bought.

import { countdown, seatCount, seatNames } from './seat-words.js';

const TICK_MS = 250;

/** Emits 'hold', 'unchoose', 'confirm' and 'release' (detail: the reservation's id). */
export class SeatBasket extends EventTarget {
  #root;
  #items = new Map();
  #timer = null;
  #timeLeft = () => 0;

  constructor(root) {
    super();
    this.#root = root;
    this.#find('hold').addEventListener('click', () => this.dispatchEvent(new Event('hold')));
    this.#find('unchoose').addEventListener('click', () => this.dispatchEvent(new Event('unchoose')));
  }

  /**
   * Shows what is so now. Items stay the same elements, so that the focus stays where it is.
   * @param {(expiresAt: string) => number} timeLeft milliseconds until then
   */
  show(book, signedIn, timeLeft) {
    this.#timeLeft = timeLeft;
    const chosen = book.chosen;
    this.#find('hold').disabled = chosen.length === 0 || !signedIn;
    this.#find('hold').textContent = chosen.length === 0 ? 'Hold' : `Hold ${seatCount(chosen.length)}`;
    this.#find('unchoose').disabled = chosen.length === 0;
    this.#find('chosen').textContent = chosen.length === 0 ? 'No seats chosen.' : seatNames(chosen);
    this.#find('seats-sign-in').hidden = signedIn;
    this.#showReservations(book.reservations);
  }

  #showReservations(reservations) {
    const gone = new Set(this.#items.keys());
    for (const reservation of reservations) {
      gone.delete(reservation.id);
      if (!this.#items.has(reservation.id)) this.#add(reservation);
      update(this.#items.get(reservation.id), reservation);
    }
    for (const id of gone) this.#remove(id);
    this.#find('reservations-empty').hidden = this.#items.size > 0;
    this.#tick();
    const counts = reservations.some(r => r.state === 'held');
    if (counts && this.#timer === null) this.#timer = setInterval(() => this.#tick(), TICK_MS);
    if (!counts) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  #tick() {
    for (const item of this.#items.values()) {
      if (item.reservation.state !== 'held') continue;
      const left = this.#timeLeft(item.reservation.expires_at);
      // The log ends a hold, not this clock.
      item.time.textContent = left > 0 ? countdown(left) : 'ending…';
      item.time.classList.toggle('soon', left < 30_000);
    }
  }

  #add(reservation) {
    const item = {
      reservation,
      node: element('li', 'reservation'),
      state: element('strong', ''),
      time: element('span', 'time'),
      seats: element('span', 'seats-of'),
      confirm: button('Confirm', '', () => this.#emit('confirm', item)),
      release: button('Release', 'quiet', () => this.#emit('release', item)),
    };
    item.time.setAttribute('role', 'timer');
    item.time.setAttribute('aria-label', 'Time left');
    const head = element('span', 'head');
    head.append(item.state, item.time);
    const buttons = element('div', 'buttons');
    buttons.append(item.confirm, item.release);
    item.node.append(head, item.seats, buttons);
    item.buttons = buttons;
    this.#items.set(reservation.id, item);
    this.#find('reservations').prepend(item.node);
  }

  #remove(id) {
    const { node } = this.#items.get(id);
    const hadFocus = node.contains(document.activeElement);
    node.remove();
    this.#items.delete(id);
    if (hadFocus) this.#find('basket-title').focus();
  }

  #emit(type, item) {
    this.dispatchEvent(new CustomEvent(type, { detail: item.reservation.id }));
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

const STATES = { pending: 'Asked for, not decided yet', held: 'Held', confirmed: 'Bought' };

function update(item, reservation) {
  const hadFocus = item.buttons.contains(document.activeElement);
  const held = reservation.state === 'held';
  const names = seatNames(reservation.seats);
  item.reservation = reservation;
  item.node.dataset.state = reservation.state;
  item.state.textContent = STATES[reservation.state];
  item.seats.textContent = names;
  item.time.hidden = !held;
  item.buttons.hidden = !held;
  // Not disabled while one is under way: that would take the focus away from whoever pressed it.
  item.confirm.setAttribute('aria-disabled', String(Boolean(reservation.busy)));
  item.release.setAttribute('aria-disabled', String(Boolean(reservation.busy)));
  item.confirm.setAttribute('aria-label', `Confirm ${names}`);
  item.release.setAttribute('aria-label', `Release ${names}`);
  if (hadFocus && !held) {
    item.node.tabIndex = -1;
    item.node.focus();
  }
}

function element(name, className) {
  const node = document.createElement(name);
  node.className = className;
  return node;
}

function button(text, className, pressed) {
  const node = element('button', className);
  node.type = 'button';
  node.textContent = text;
  node.addEventListener('click', () => {
    if (node.getAttribute('aria-disabled') !== 'true') pressed();
  });
  return node;
}
