// The health of the process that answers, part by part.

import { send } from '/live/client/http.js';
import { token } from './access.js';
import { Poll } from './poll.js';
import { make, say, Table } from './table.js';

const NOT_ROUTED = 'This address does not pass /health on, as a proxy in front of several services should not: ask each service at its own'
  + ' address, or look at the dashboards.';

export class Health {
  #root;
  #table;
  #poll;

  /** @param {Document} root */
  constructor(root) {
    this.#root = root;
    this.#table = new Table(root.querySelector('#health'), [
      { label: 'Part', text: ({ name }) => name },
      { label: 'State', fill: (cell, { status }) => state(cell.firstElementChild ?? cell.appendChild(make('span', { className: 'state' })), status) },
      { label: 'What it says', text: ({ details }) => said(details) },
    ], row => row.name);
    this.#poll = new Poll(isCurrent => this.#ask(isCurrent), fault => this.#show('UNKNOWN', fault.message, []));
  }

  start(again) { this.#poll.start(again); }

  stop() { this.#poll.stop(); }

  async #ask(isCurrent) {
    const answer = await ask();
    if (!isCurrent()) return;
    if (answer === null) this.#show('UNKNOWN', NOT_ROUTED, []);
    else {
      // Each part says the name of the application, too.
      const parts = Object.entries(answer.details ?? {}).map(([name, part]) => ({ ...part, name }));
      this.#show(answer.status, answer.name ?? '', parts.sort((one, other) => one.name.localeCompare(other.name)));
    }
  }

  #show(status, text, parts) {
    state(this.#root.querySelector('#health-status'), status);
    say(this.#root.querySelector('#health-state'), text);
    this.#table.show(parts);
  }
}

/** What is down is answered with 503, and says in the same way what is wrong. @returns {Promise<object | null>} null if nobody answers here */
async function ask() {
  try {
    return await send(fetch.bind(globalThis), '/health', { method: 'GET', token: await token(), body: undefined, credentials: 'omit' });
  } catch (fault) {
    if (fault.status === 404) return null;
    if (typeof fault.body?.status === 'string') return fault.body;
    throw fault;
  }
}

function state(element, status) {
  element.dataset.state = status.toLowerCase();
  say(element, status.toLowerCase());
}

/** `{a: 1, b: {c: 2}}` as "a 1, b.c 2". */
function said(details, prefix = '') {
  if (details === null || details === undefined) return '';
  if (typeof details !== 'object') return String(details);
  return Object.entries(details)
    .map(([name, value]) => (typeof value === 'object' && value !== null ? said(value, `${prefix}${name}.`) : `${prefix}${name} ${value}`))
    .filter(text => text !== '')
    .join(', ');
}
