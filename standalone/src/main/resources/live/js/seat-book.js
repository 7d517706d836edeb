// What is known of a show's seats and of one's own reservations, and how a seat looks because of that. Pure.
// Seats change only by the channel of the show; reservations by answers and by one's own channel, in any order.

const AFTER = { seat_held: 'held', seat_confirmed: 'confirmed', seat_released: 'free', seat_expired: 'free' };
const RANK = { pending: 0, held: 1, confirmed: 2, released: 2, expired: 2, refused: 2 };
const LOOK_OF_MINE = { pending: 'asked', held: 'held-by-me', confirmed: 'mine' };
const LOOK_OF_OTHERS = { free: 'free', held: 'held', confirmed: 'sold' };

/** The types of the show's channel. */
export const SEAT_TYPES = Object.keys(AFTER);

/** Whether what is told of a reservation is newer than what is known. Answers and events overtake one another. */
export function isNews(known, told) {
  return !known || RANK[told.state] > RANK[known.state];
}

export class SeatBook {
  #states = new Map();
  #reservations = new Map();
  #mine = new Map();
  #chosen = new Set();

  /** @param {{id: string, state: string}[]} seats the snapshot */
  constructor(seats) {
    for (const seat of seats) this.#states.set(seat.id, seat.state);
  }

  /** One of: free, chosen, asked, held-by-me, mine, held, sold. */
  look(id) {
    const mine = this.#mine.get(id);
    if (mine) return LOOK_OF_MINE[mine.state];
    return this.#chosen.has(id) ? 'chosen' : LOOK_OF_OTHERS[this.#states.get(id)];
  }

  /** How many seats look like what. */
  counts() {
    const counts = {};
    for (const id of this.#states.keys()) counts[this.look(id)] = (counts[this.look(id)] ?? 0) + 1;
    return counts;
  }

  /** The seats chosen and not yet asked for, in the order of choosing. */
  get chosen() { return [...this.#chosen]; }

  /** Those that are asked for, held or bought. */
  get reservations() { return [...this.#reservations.values()].filter(r => LOOK_OF_MINE[r.state]); }

  reservation(id) { return this.#reservations.get(id); }

  /** Chooses a seat or lets it go; false if it cannot be had. */
  toggle(id) {
    if (this.#chosen.delete(id)) return true;
    if (this.look(id) !== 'free') return false;
    this.#chosen.add(id);
    return true;
  }

  /** Lets all chosen seats go, and gives them. */
  unchoose() {
    const seats = this.chosen;
    this.#chosen.clear();
    return seats;
  }

  /** An event of the show's channel. Gives the chosen seats that somebody else was faster at. */
  change(type, seats) {
    const lost = [];
    for (const id of seats) {
      this.#states.set(id, AFTER[type]);
      if (AFTER[type] !== 'free' && this.#chosen.delete(id) && !this.#mine.has(id)) lost.push(id);
    }
    return lost;
  }

  /**
   * What is now known of a reservation. Answers and events overtake one another: an older state changes nothing.
   * @returns {boolean} whether this was news
   */
  put(reservation) {
    const before = this.#reservations.get(reservation.id);
    if (!isNews(before, reservation)) return false;
    this.#reservations.set(reservation.id, { ...before, ...reservation, busy: false });
    this.#index();
    return true;
  }

  /** A request that has no answer yet goes under its key, and is forgotten when it has one. */
  forget(id) {
    this.#reservations.delete(id);
    this.#index();
  }

  /** Marks a reservation whose next step is under way. */
  setBusy(id, busy) {
    const reservation = this.#reservations.get(id);
    if (reservation) reservation.busy = busy;
  }

  #index() {
    this.#mine.clear();
    for (const reservation of this.reservations) {
      for (const seat of reservation.seats) this.#mine.set(seat, reservation);
    }
  }
}

/**
 * The log's clock, by which holds end. The time of an event is never later than the log's now, so the largest difference
 * to ours that was seen is the best guess. Ours is `performance.now()`, which nobody sets: by a time of day that was set back the
 * log would seem to be ahead for ever.
 */
export class LogClock {
  #ahead = -Infinity;

  observe(time, now) {
    this.#ahead = Math.max(this.#ahead, Date.parse(time) - now);
  }

  /** Milliseconds until then, at least 0. */
  until(time, now) {
    const ahead = Number.isFinite(this.#ahead) ? this.#ahead : Date.now() - now;
    return Math.max(0, Date.parse(time) - now - ahead);
  }
}
