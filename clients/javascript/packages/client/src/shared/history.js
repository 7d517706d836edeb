// What a tab remembers of the events that it has had, so that the next connection, which may begin a little earlier, repeats nothing.

/** How many events are remembered. */
export const REMEMBERED = 2_000;

export class History {
  /** @type {{seq: number, id: string, channel: string}[]} */
  #had = [];
  /** @type {Set<string>} */
  #skip = new Set();
  #forgottenUpTo = 0;

  /** @param {number} seq the position with it, or after it @param {import('../types.js').StreamEvent} event */
  add(seq, { id, channel }) {
    this.#had.push({ seq, id, channel });
    if (this.#had.length <= 2 * REMEMBERED) return;
    const gone = this.#had.splice(0, this.#had.length - REMEMBERED);
    this.#forgottenUpTo = gone[gone.length - 1].seq;
  }

  /** Whether everything after this position is remembered. @param {number} seq */
  covers(seq) { return this.#forgottenUpTo <= seq; }

  /** A new connection counts anew; until it is live, what was had already is left out. */
  skipHad() {
    for (const { id } of this.#had) this.#skip.add(id);
    this.#had = this.#had.map(each => ({ ...each, seq: 0 }));
    this.#forgottenUpTo = 0;
  }

  /** @param {string} id */
  wasHad(id) { return this.#skip.has(id); }

  isLive() { this.#skip.clear(); }

  /** What is asked for again, or what follows a reset, may come again. @param {(channel: string) => boolean} isConcerned */
  forget(isConcerned) {
    for (const { id, channel } of this.#had) if (isConcerned(channel)) this.#skip.delete(id);
    this.#had = this.#had.filter(each => !isConcerned(each.channel));
  }
}
