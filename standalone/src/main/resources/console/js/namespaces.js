// The namespaces that the edge knows.

import { call } from './access.js';
import { Poll } from './poll.js';
import { say, Table } from './table.js';
import { length, many } from './words.js';

export class Namespaces {
  #state;
  #table;
  #poll;

  /** @param {Document} root */
  constructor(root) {
    this.#state = root.querySelector('#namespaces-state');
    this.#table = new Table(root.querySelector('#namespaces'), [
      { label: 'Namespace', text: ({ name }) => name },
      { label: 'May read', text: ({ subscribe, nested_subscribe: nested }) => both(subscribe, nested) },
      { label: 'May publish', text: ({ publish, nested_publish: nested }) => both(publish, nested) },
      { label: 'Starts', text: ({ start }) => start },
      { label: 'Keeps', text: kept },
      { label: 'Partitions', isNumber: true, text: ({ partitions }) => String(partitions) },
    ], row => row.name);
    this.#poll = new Poll(isCurrent => this.#ask(isCurrent), fault => say(this.#state, fault.message));
  }

  // They change with a restart alone.
  start() { this.#poll.start(false); }

  stop() { this.#poll.stop(); }

  async #ask(isCurrent) {
    const { node, namespaces } = await call('GET', '/admin/namespaces');
    if (!isCurrent()) return;
    this.#table.show(namespaces);
    say(this.#state, `${many(namespaces.length, 'namespace')}, as the edge ${node} has read them.`);
  }
}

function both(plain, nested) {
  return plain === nested ? plain : `${plain}, ${nested}`;
}

function kept({ retention_seconds: seconds, latest_only: isLatestOnly }) {
  return isLatestOnly ? `the latest of each channel, others for ${length(seconds)}` : `events for ${length(seconds)}`;
}
