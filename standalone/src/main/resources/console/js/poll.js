// Asks the server again and again while a view is looked at. One question at a time; after a failure it waits as long as the
// client does.

import { pauseMs } from '/live/client/backoff.js';

const EVERY_MS = 2_000;

/** Whether the same question will be refused again. */
function isRefusal({ status }) {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

export class Poll {
  #ask;
  #onFault;
  #round = 0;
  #timer = null;
  #failures = 0;
  #running = false;
  #again = true;

  /**
   * @param {(isCurrent: () => boolean) => Promise<void>} ask what it shows when `isCurrent()` is false is of a question that is over
   * @param {(fault: Error) => void} onFault
   */
  constructor(ask, onFault) {
    this.#ask = ask;
    this.#onFault = onFault;
    document.addEventListener('visibilitychange', () => { if (this.#running && !document.hidden) this.now(); });
  }

  /** Asks now, and again if `again`. */
  start(again) {
    this.#running = true;
    this.#again = again;
    this.now();
  }

  stop() {
    this.#running = false;
    this.#round++;
    clearTimeout(this.#timer);
  }

  /** Asks at once, because something has changed. */
  now() {
    if (!this.#running) return;
    clearTimeout(this.#timer);
    void this.#turn(++this.#round);
  }

  async #turn(round) {
    const isCurrent = () => round === this.#round;
    let waitMs = EVERY_MS;
    try {
      await this.#ask(isCurrent);
      this.#failures = 0;
    } catch (fault) {
      if (!isCurrent()) return;
      this.#onFault(fault);
      if (isRefusal(fault)) return;
      waitMs = Math.max(EVERY_MS, pauseMs(++this.#failures, fault.retryAfterMs ?? 0, Math.random()));
    }
    // A page that nobody looks at asks nothing: it is told when that has changed.
    if (isCurrent() && this.#again && !document.hidden) this.#timer = setTimeout(() => this.now(), waitMs);
  }
}
