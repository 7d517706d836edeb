// Finds metrics by a part of their names.

import { call } from '/live/js/api.js';
import { make, number, say } from './make.js';

const LIMIT = 20;
const PAUSE_MS = 200;

export class Picker {
  #input = make('input', { type: 'search', autocomplete: 'off', spellcheck: false, maxLength: 100 });
  #found = make('ul', { className: 'found' });
  #news = make('p', { className: 'hint', role: 'status' });
  #picked;
  #asking = 0;
  #timer = null;

  /** @param {(id: string) => void} picked */
  constructor(picked) {
    this.#picked = picked;
    const field = make('label', {}, 'A part of its name', this.#input);
    this.element = make('details', { className: 'picker' }, make('summary', { textContent: 'Add a metric' }), field, this.#news, this.#found);
    this.element.addEventListener('toggle', () => { if (this.element.open) this.#opened(); });
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => { void this.#find(); }, PAUSE_MS);
    });
    this.element.addEventListener('keydown', pressed => {
      if (pressed.key !== 'Escape') return;
      this.element.open = false;
      this.element.querySelector('summary').focus();
    });
  }

  #opened() {
    this.#input.focus();
    void this.#find();
  }

  async #find() {
    const asking = ++this.#asking;
    const text = this.#input.value.trim();
    try {
      const { metrics, next } = await call('GET', `/metrics?${new URLSearchParams({ limit: String(LIMIT), ...(text && { q: text }) })}`);
      if (asking !== this.#asking) return;
      this.#found.replaceChildren(...metrics.map(metric => this.#offer(metric)));
      say(this.#news, metrics.length === 0 ? 'There is no such metric.' : next ? `The first ${metrics.length}; type more of the name for others.` : '');
    } catch (fault) {
      if (asking === this.#asking) say(this.#news, fault.message);
    }
  }

  #offer({ id, name, unit, last }) {
    const value = last ? `${number(last.value)}${unit ? ` ${unit}` : ''}` : 'no value';
    const button = make('button', { type: 'button', className: 'quiet' }, make('b', { textContent: name }), ` ${value}`);
    button.addEventListener('click', () => {
      this.element.open = false;
      this.element.querySelector('summary').focus();
      this.#picked(id);
    });
    return make('li', {}, button);
  }
}
