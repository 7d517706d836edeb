// What the attempts at a job have logged, the first line first. A line has a place by its attempt and its number, so what the server says and
// what comes live can be added in any order, and twice.

import { call } from './access.js';
import { make } from './table.js';
import { many, when } from './words.js';

/** The most lines of an attempt, and more: what is dropped stands behind them. */
const SPREAD = 1_000;
/** So much is read of a job with very many attempts. */
const MAX_READ = 5_000;

export class JobLog {
  #list;
  #empty;
  /** Elements by their places. */
  #items = new Map();

  /** @param {HTMLElement} list @param {HTMLElement} empty what is shown while there is nothing */
  constructor(list, empty) {
    this.#list = list;
    this.#empty = empty;
  }

  clear() {
    this.#items.clear();
    this.#list.replaceChildren();
    this.#empty.hidden = false;
  }

  /** @param {{lines: object[], dropped: {attempt: number, lines: number}[]}} log as {@link read} gives it */
  show({ lines, dropped }) {
    for (const line of lines) this.#put(line.attempt * SPREAD + line.line, () => item(line));
    for (const { attempt, lines: count } of dropped) this.#drop(attempt, count);
  }

  /** @param {{attempt: number, lines: object[], dropped: number}} data of a live event */
  add({ attempt, lines, dropped }) {
    this.show({ lines: lines.map(line => ({ ...line, attempt })), dropped: dropped > 0 ? [{ attempt, lines: dropped }] : [] });
  }

  #drop(attempt, count) {
    const place = attempt * SPREAD + SPREAD - 1;
    this.#put(place, () => make('li', { className: 'loss' }));
    const element = this.#items.get(place);
    const before = Number(element.dataset.count ?? 0);
    if (count <= before) return;
    element.dataset.count = String(count);
    element.textContent = `Attempt ${attempt} has logged ${many(count, 'more line')}, which ${count === 1 ? 'is' : 'are'} not kept.`;
  }

  #put(place, made) {
    if (this.#items.has(place)) return;
    const element = made();
    element.dataset.place = String(place);
    this.#items.set(place, element);
    let before = this.#list.lastElementChild;
    while (before && Number(before.dataset.place) > place) before = before.previousElementSibling;
    if (before) before.after(element);
    else this.#list.prepend(element);
    this.#empty.hidden = true;
  }
}

/** @param {string} id @returns {Promise<{lines: object[], dropped: object[]}>} what the server has of a job's log */
export async function readLog(id) {
  const lines = [];
  for (let after = '';;) {
    const page = await call('GET', `/jobs/${encodeURIComponent(id)}/log${after}`);
    lines.push(...page.lines);
    if (!page.next || lines.length >= MAX_READ) return { lines, dropped: page.dropped };
    after = `?after=${encodeURIComponent(page.next)}`;
  }
}

function item({ attempt, at, level, text }) {
  return make('li', { className: `log-${level}` },
    make('time', { dateTime: at, textContent: when(at) }), make('b', { textContent: level }),
    make('span', { className: 'log-attempt', textContent: `attempt ${attempt}` }), make('span', { className: 'log-text', textContent: text }));
}
