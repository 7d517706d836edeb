// The streams of the edge that answers: who has them, what they read, and how to end one.

import { call } from './access.js';
import { confirmed } from './confirm.js';
import { Poll } from './poll.js';
import { make, say, Table } from './table.js';
import { address, bytes, count, many, when } from './words.js';

const PAGE = 100;
/** The most that the server gives at once. */
const MAX_SHOWN = 1_000;
const TYPING_MS = 250;

export class Connections {
  #root;
  #poll;
  #table;
  #shown = PAGE;
  #timer = null;

  /** @param {Document} root @param {(channel: string) => string} linkTo where a channel is inspected */
  constructor(root, linkTo) {
    this.#root = root;
    const columns = [
      { label: 'Subject', text: ({ subject }) => subject ?? 'nobody (no token)' },
      { label: 'Address', text: ({ remote_address }) => address(remote_address) },
      { label: 'State', fill: state },
      { label: 'Channels', text: ({ channels }) => summary(channels) },
      { label: 'Behind', isNumber: true, text: ({ behind }) => count(behind) },
      { label: '', fill: (cell, row) => this.#button(cell, row) },
    ];
    this.#table = new Table(this.#find('connections'), columns, row => row.connection_id, (place, row) => this.#details(place, row, linkTo));
    this.#poll = new Poll(isCurrent => this.#ask(isCurrent), fault => say(this.#find('connections-state'), fault.message));
    this.#find('connections-find').addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#poll.now(), TYPING_MS);
    });
    this.#find('connections-more').addEventListener('click', () => {
      this.#shown = Math.min(this.#shown + PAGE, MAX_SHOWN);
      this.#poll.now();
    });
  }

  start(again) { this.#poll.start(again); }

  stop() { this.#poll.stop(); }

  async #ask(isCurrent) {
    const q = this.#find('connections-find').value.trim();
    const query = new URLSearchParams({ limit: this.#shown, q });
    const { node, connections, next } = await call('GET', `/admin/connections?${query}`);
    if (!isCurrent()) return;
    this.#table.show(connections);
    const found = q ? ` with “${q}”` : '';
    const more = next ? (connections.length < MAX_SHOWN ? ' and more' : ' and more: search for the others') : '';
    say(this.#find('connections-state'), `${many(connections.length, 'connection')}${found}${more}, the oldest first, at the edge ${node}.`);
    this.#find('connections-more').hidden = !next || connections.length >= MAX_SHOWN;
  }

  #button(cell, row) {
    if (cell.firstChild) return;
    const name = `Disconnect ${row.subject ?? 'nobody'} at ${address(row.remote_address)}`;
    const button = make('button', { type: 'button', className: 'danger', textContent: 'Disconnect', ariaLabel: name });
    button.addEventListener('click', () => this.#disconnect(row));
    cell.append(button);
  }

  #details(place, row, linkTo) {
    // What can have the focus is made anew only where it is something else.
    const made = JSON.stringify([row.subject, row.channels]);
    if (place.dataset.made !== made) {
      place.dataset.made = made;
      place.replaceChildren(...this.#parts(row, linkTo));
    }
    say(place.querySelector('.written'), bytes(row.written_bytes));
    say(place.querySelector('.unsent'), bytes(row.unsent_bytes));
  }

  #parts(row, linkTo) {
    const facts = make('dl', { className: 'facts' });
    const fact = (name, className, ...what) => facts.append(make('dt', { textContent: name }), make('dd', { className }, ...what));
    fact('Connection', 'mono', row.connection_id);
    fact('Opened', '', when(row.opened_at));
    fact('Transport', '', row.transport);
    fact('Channels', '', ...row.channels.map(channel => make('a', { href: linkTo(channel), textContent: channel })));
    fact('Written', 'written');
    fact('Not taken yet', 'unsent');
    if (!row.subject) return [facts];
    const all = make('button', { type: 'button', className: 'danger', textContent: `Disconnect all of ${row.subject}` });
    all.addEventListener('click', () => this.#disconnectAll(row.subject));
    return [facts, all];
  }

  #disconnect({ connection_id: id, subject, remote_address: from }) {
    const whose = subject ?? 'nobody';
    return this.#end(
      `Disconnect ${whose}?`,
      `The stream from ${address(from)} ends, on whichever edge it is. Its client is told “admin” and may come back with the token that it has.`,
      `/admin/connections/${encodeURIComponent(id)}/disconnect`,
      `Asked for the end of the stream of ${whose} from ${address(from)}.`);
  }

  #disconnectAll(subject) {
    return this.#end(
      `Disconnect all streams of ${subject}?`,
      'They end on every edge. Clients may come back: whoever is to stay away must get no new token.',
      `/admin/subjects/${encodeURIComponent(subject)}/disconnect`,
      `Asked for the end of all streams of ${subject}.`);
  }

  async #end(title, text, path, told) {
    if (!await confirmed(title, text)) return;
    const news = this.#find('connections-news');
    try {
      await call('POST', path);
      say(news, told);
      this.#poll.now();
    } catch (fault) {
      say(news, `Not done: ${fault.message}`);
    }
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

function state(cell, row) {
  const shown = cell.firstElementChild ?? cell.appendChild(make('span', { className: 'state' }));
  shown.dataset.state = row.state;
  say(shown, row.state.replaceAll('_', ' '));
}

function summary(channels) {
  return channels.length <= 2 ? channels.join(', ') : `${channels[0]} and ${channels.length - 1} more`;
}
