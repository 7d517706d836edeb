// Search as one types, and again when the stream says that there is something new to be found.

import { call, session } from './api.js';
import { isAway } from './backoff.js';

const TYPING_MS = 150;
const AGAIN_MS = 300;
const AWAY_MS = 2000;
const LIMIT = 8;
const INDEXES = [
  { name: 'posts', label: 'Posts', fields: ['text'], time: 'created_at' },
  { name: 'shows', label: 'Shows', fields: ['name'], time: 'starts_at' },
  { name: 'users', label: 'People', fields: ['name', 'email', 'phone'], time: 'created_at', roles: ['support', 'admin'] },
];

/** The indexes that a person may search. */
function open(person) {
  return person ? INDEXES.filter(i => !i.roles || i.roles.some(role => person.roles?.includes(role))) : [];
}

/** The channels on which the indexes that a person may search say that there is something new. */
export function searchChannels(person) {
  return open(person).map(index => `search:${index.name}`);
}

export class Search {
  #root;
  #asked = 0;
  #timer = null;
  #shown = new Set();
  #next = null;
  #further = false;

  constructor(root) {
    this.#root = root;
    this.#find('search').addEventListener('submit', submitted => {
      submitted.preventDefault();
      this.#soon(0);
    });
    this.#find('search-text').addEventListener('input', () => this.#soon(TYPING_MS));
    this.#find('search-index').addEventListener('change', () => this.#soon(0));
    this.#find('search-more').addEventListener('click', () => this.#more());
    this.person();
  }

  /** Somebody else, or nobody, is signed in. */
  person() {
    const indexes = open(session());
    this.#find('search').hidden = indexes.length === 0;
    this.#find('search-sign-in').hidden = indexes.length > 0;
    this.#find('search-index').replaceChildren(...indexes.map(index => new Option(index.label, index.name)));
    this.#find('search-text').value = '';
    this.#clear();
  }

  /** The stream says that an index has something new. Ten of them in a moment are one question. */
  fresh(index) {
    if (index !== this.#find('search-index').value || !this.#text()) return;
    // Whoever reads the third page does not want to be thrown back to the first.
    if (this.#further) this.#say('There is something new to be found: press Enter in the box to see it.');
    else this.#soon(AGAIN_MS * (0.5 + Math.random()), true);
  }

  #soon(ms, again = false) {
    if (again && this.#timer !== null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#ask(again);
    }, ms);
  }

  async #ask(again) {
    const text = this.#text();
    if (!text) return this.#clear();
    await this.#answer(null, again);
  }

  async #more() {
    await this.#answer(this.#next, false);
  }

  async #answer(after, again) {
    const asked = ++this.#asked;
    const index = INDEXES.find(i => i.name === this.#find('search-index').value);
    const query = new URLSearchParams({ q: this.#text(), limit: String(LIMIT) });
    if (after) query.set('after', after);
    let page;
    try {
      page = await call('GET', `/search/${index.name}?${query}`);
    } catch (problem) {
      if (asked !== this.#asked) return;
      if (problem.slug === 'cursor-expired') return this.#soon(0);
      this.#say(problem.message);
      // Search is away for a moment, or the network is: it is asked again until it answers.
      if (isAway(problem)) this.#soon(AWAY_MS, true);
      return;
    }
    // Another question was asked meanwhile: its answer counts.
    if (asked === this.#asked) this.#show(index, page, after !== null, again);
  }

  #show(index, page, further, again) {
    const list = this.#find('results');
    const items = page.hits.map(hit => this.#item(index, hit, again && !this.#shown.has(hit.id)));
    if (further) list.append(...items);
    else list.replaceChildren(...items);
    // The button may go away under the finger of who works with the keyboard.
    if (further) items[0]?.focus();
    if (!further && !again) this.#shown.clear();
    this.#further = further;
    for (const hit of page.hits) this.#shown.add(hit.id);
    this.#next = page.next;
    this.#find('search-more').hidden = page.next === null;
    this.#say(page.total === 0 ? 'Nothing found.' : `${page.total_is_exact ? '' : 'At least '}${page.total} found.`);
  }

  #item(index, hit, fresh) {
    const item = document.createElement('li');
    item.dataset.hit = hit.id;
    item.tabIndex = -1;
    item.classList.toggle('fresh', fresh);
    for (const field of index.fields) {
      const value = hit.highlights[field]?.[0];
      if (value === undefined && !hit.document[field]) continue;
      const span = document.createElement('span');
      span.className = `field ${field}`;
      if (value === undefined) span.textContent = hit.document[field];
      else span.append(...marked(value));
      item.append(span, ' ');
    }
    const meta = document.createElement('span');
    meta.className = 'meta';
    meta.textContent = new Date(hit.document[index.time]).toLocaleString();
    item.append(meta);
    return item;
  }

  #clear() {
    this.#asked++;
    this.#next = null;
    this.#further = false;
    this.#shown.clear();
    this.#find('results').replaceChildren();
    this.#find('search-more').hidden = true;
    this.#say('');
  }

  #text() {
    return this.#find('search-text').value.trim();
  }

  #say(text) {
    this.#find('search-state').textContent = text;
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

// The answer is HTML in which <em> is the only tag; whatever else came is taken for text.
function marked(html) {
  const nodes = new DOMParser().parseFromString(html, 'text/html').body.childNodes;
  return [...nodes].map(node => {
    if (node.nodeName !== 'EM') return document.createTextNode(node.textContent);
    const mark = document.createElement('mark');
    mark.textContent = node.textContent;
    return mark;
  });
}
