// How the stream is, for whoever looks at charts: whether what they see is what is.

import { stateInWords } from '/live/js/connection-panel.js';
import { say } from './make.js';

export class Connection {
  #client;
  #find;
  #paused = false;
  #isQuiet = false;
  /** Since when nothing is heard, in milliseconds; null while it is live. @type {number | null} */
  lostMs = null;

  /** @param {Document} root @param {import('/live/client/shared/index.js').SharedClient} client @param {() => number} now @param {() => void} dirty */
  constructor(root, client, now, dirty) {
    this.#client = client;
    this.#find = id => root.querySelector(`#${id}`);
    client.on('state', change => {
      this.#isQuiet = change.reason === 'no-channels' || change.reason === 'created';
      const isHeard = change.state === 'live' || this.#isQuiet;
      this.lostMs = isHeard ? null : this.lostMs ?? now();
      this.#show(change);
      dirty();
    });
    this.#find('pause').addEventListener('click', () => {
      this.#paused = !this.#paused;
      if (this.#paused) client.pause();
      else client.resume();
      this.#show(client.detail);
    });
  }

  #show(detail) {
    const { state } = this.#client;
    const { name, reason } = stateInWords({ state, detail });
    const chip = this.#find('stream');
    say(chip, this.#paused ? 'paused' : state === 'idle' ? 'nothing to follow' : name);
    chip.dataset.state = this.#paused ? 'cut' : state;
    say(this.#find('stream-reason'), !this.#paused && state === 'waiting' && reason ? `${reason[0].toUpperCase()}${reason.slice(1)}. Values stand still until it is back.` : '');
    say(this.#find('pause'), this.#paused ? 'Go on' : 'Pause');
  }
}
