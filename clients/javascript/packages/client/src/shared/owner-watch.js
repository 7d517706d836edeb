// Whether the owner of a shared connection lives: it is asked, and answers.

/** How often it is asked, and how long it may be silent while a tab is looked at, in milliseconds. */
const PING_MS = 5_000;
const DEAD_MS = 15_000;

export class OwnerWatch {
  #heardAt = 0;
  /** @type {any} */
  #timer = null;
  #clock;

  /** @param {import('../types.js').Clock} clock */
  constructor(clock) { this.#clock = clock; }

  /** It has said something. */
  heard() { this.#heardAt = this.#clock.now(); }

  /** @param {import('./carriers.js').Link} link */
  start(link) {
    this.heard();
    this.#wait(link);
  }

  stop() {
    this.#clock.clearTimer(this.#timer);
    this.#timer = null;
  }

  /** @param {import('./carriers.js').Link} link */
  #wait(link) {
    const since = this.#clock.now();
    const timer = this.#timer = this.#clock.setTimer(() => {
      const now = this.#clock.now();
      // The timers of a hidden page come when they like, and what was said to a frozen one is still on its way.
      const wasAsleep = globalThis.document?.hidden || now - since > 2 * PING_MS;
      const isDead = !wasAsleep && now - this.#heardAt > DEAD_MS;
      if (wasAsleep || isDead) this.heard();
      if (isDead) link.dead();
      // Unless it was stopped by that.
      if (timer !== this.#timer) return;
      link.post({ op: 'ping' });
      this.#wait(link);
    }, PING_MS);
  }
}
