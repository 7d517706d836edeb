// What a view of jobs is made of: what the server says now, then everything that happens. The stream is opened first, what it brings
// waits until the server's answer is shown, and is then applied to it in its order. So nothing is missing between the two. What is in
// both is applied twice, which changes nothing: each event says how its job stands.

import { TailraceClient } from '/live/client/index.js';
import { pauseMs } from '/live/client/backoff.js';
import { token } from './access.js';

/** How many events wait at most while the server's answer is under way; with more of them it is asked again. */
const MAX_HELD = 10_000;

const STATES = { idle: 'not following', 'catching-up': 'catching up', waiting: 'reconnecting', closed: 'not following' };

export class JobStream {
  #client;
  #load;
  #told;
  #subscription = null;
  #round = 0;
  #held = null;
  #overflowed = false;
  #timer = null;
  /** What the server does not let this page follow. */
  #refusal = null;

  /**
   * @param {object} told
   * @param {() => Promise<object>} told.load asks the server
   * @param {(answer: object) => void} told.loaded shows its answer
   * @param {(event: import('/live/client/types.js').StreamEvent) => void} told.event applies an event to what is shown
   * @param {(state: string, words: string) => void} told.state how the stream is
   * @param {(fault: Error | null) => void} told.fault what is wrong, or nothing any more
   * @param {TailraceClient} [client] by default one in the name of whoever uses the console; it is closed with this
   */
  constructor({ load, loaded, event, state, fault }, client = new TailraceClient({ url: '/', credentials: 'omit', token: ({ refused }) => token(refused) })) {
    this.#load = load;
    this.#told = { loaded, event, state, fault };
    this.#client = client;
    client.on('state', change => state(change.state, `${STATES[change.state] ?? change.state}${change.status ? `, the server answers ${change.status}` : ''}`));
  }

  /** @param {string[]} channels @param {string} [start] where they begin */
  async open(channels, start = 'live') {
    this.#held = [];
    const round = ++this.#round;
    this.#subscription = this.#client.subscribe(channels, { start }, each => this.#take(each));
    const { refused } = await this.#subscription.ready;
    if (round !== this.#round) return;
    this.#refusal = refused.length > 0 ? new Error(refusal(refused)) : null;
    await this.#refresh(round);
  }

  /** Asks the server again, because something else is to be shown, or events are missing. */
  reload() {
    if (!this.#subscription) return;
    this.#held = [];
    this.#overflowed = false;
    void this.#refresh(++this.#round);
  }

  close() {
    this.#round++;
    clearTimeout(this.#timer);
    this.#subscription = null;
    this.#client.close();
  }

  #take(each) {
    if (each.kind !== 'event') {
      // Events are missing: what is shown is made anew of what the server says now.
      if (this.#held === null) this.reload();
      return;
    }
    if (this.#held === null) this.#told.event(each);
    else if (this.#held.length < MAX_HELD) this.#held.push(each);
    else this.#overflowed = true;
  }

  async #refresh(round) {
    for (let failures = 0; round === this.#round;) {
      try {
        const answer = await this.#load();
        if (round !== this.#round) return;
        if (this.#overflowed) {
          await this.#pause(++failures, 0);
          if (round !== this.#round) return;
          // What came until now is in the next answer.
          this.#overflowed = false;
          this.#held = [];
          continue;
        }
        this.#told.fault(this.#refusal);
        this.#told.loaded(answer);
        const held = this.#held ?? [];
        this.#held = null;
        for (const each of held) this.#told.event(each);
        return;
      } catch (fault) {
        if (round !== this.#round) return;
        this.#told.fault(fault);
        if (fault.status >= 400 && fault.status < 500 && ![408, 429].includes(fault.status)) return;
        await this.#pause(++failures, fault.retryAfterMs ?? 0);
      }
    }
  }

  #pause(failures, askedMs) {
    return new Promise(resolve => { this.#timer = setTimeout(resolve, pauseMs(failures, askedMs, Math.random())); });
  }
}

function refusal(refused) {
  const names = refused.map(({ channel }) => channel).join(', ');
  return refused.some(({ reason }) => reason === 'forbidden')
    ? `This token may not follow ${names}, so nothing moves here. Make one with --subscribe 'jobs:*' --subscribe 'job:*', under Tokens.`
    : `${names}: the server does not let this page follow (${refused[0].reason}), so nothing moves here.`;
}
