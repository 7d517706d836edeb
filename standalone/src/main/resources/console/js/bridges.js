// The bridges and their metrics: from where they copy, how far they are, and what is missing.

import { call } from './access.js';
import { Poll } from './poll.js';
import { say, Table } from './table.js';
import { count, many, moment } from './words.js';

export class Bridges {
  #state;
  #table;
  #poll;

  /** @param {Document} root */
  constructor(root) {
    this.#state = root.querySelector('#bridges-state');
    this.#table = new Table(root.querySelector('#bridges'), [
      { label: 'Bridge', text: ({ bridge }) => bridge.name },
      { label: 'Source', text: ({ bridge, remote }) => `${remote} of ${bridge.target}${bridge.tls ? ' over TLS' : ''}` },
      { label: 'Metric', text: ({ name }) => name },
      { label: 'State', text: ({ state, error }) => (error ? `${state}: ${error.message}` : state) },
      { label: 'Last sequence', isNumber: true, text: ({ last_sequence: sequence }) => (sequence === undefined ? '–' : count(sequence)) },
      { label: 'Last reading', text: ({ last_at: at }) => (at ? moment(at) : '–') },
      { label: 'Readings', isNumber: true, text: ({ readings }) => count(readings) },
      { label: 'Gaps', isNumber: true, text: ({ gaps }) => count(gaps) },
      { label: 'Reconnects', isNumber: true, text: ({ reconnects }) => count(reconnects) },
    ], ({ bridge, remote }) => `${bridge.name}/${remote}`);
    this.#poll = new Poll(isCurrent => this.#ask(isCurrent), fault => say(this.#state, fault.message));
  }

  start(again) { this.#poll.start(again); }

  stop() { this.#poll.stop(); }

  async #ask(isCurrent) {
    const { bridges } = await call('GET', '/bridges');
    if (!isCurrent()) return;
    this.#table.show(bridges.flatMap(bridge => bridge.metrics.map(metric => ({ bridge, ...metric }))));
    say(this.#state, bridges.length === 0 ? 'There are no bridges: PUT /bridges/NAME makes one.' : `${many(bridges.length, 'bridge')}, by name.`);
  }
}
