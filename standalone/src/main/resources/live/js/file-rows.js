// The list of files: a row for each, with its bar and its buttons.

import { phaseInWords, share } from './file-words.js';

export class FileRows {
  #list;
  #sure;
  #actions;
  /** @type {Map<object, HTMLElement>} */
  #rows = new Map();
  /** The boxes that somebody has taken the tick out of. */
  #left = new WeakSet();
  #asked = null;

  /**
   * @param {Document} root
   * @param {{cancel: Function, remove: Function, choose: Function, chosen: Function}} actions
   */
  constructor(root, actions) {
    this.#list = root.querySelector('#files-list');
    this.#sure = root.querySelector('#delete-file');
    this.#actions = actions;
    this.#sure.addEventListener('close', () => {
      if (this.#sure.returnValue === 'yes' && this.#asked) actions.remove(this.#asked);
      this.#asked = null;
    });
  }

  isChosen(item) {
    return !this.#left.has(item);
  }

  add(item, isLast) {
    const row = document.createElement('li');
    const head = document.createElement('div');
    head.className = 'head';
    const name = document.createElement('span');
    name.className = 'name';
    name.textContent = item.name;
    name.title = item.name;
    const buttons = document.createElement('span');
    buttons.className = 'buttons';
    head.append(name, buttons);
    const state = document.createElement('span');
    state.className = 'meta';
    row.append(head, state);
    this.#rows.set(item, row);
    this.update(item);
    if (isLast) this.#list.append(row);
    else this.#list.prepend(row);
  }

  update(item) {
    const row = this.#rows.get(item);
    if (!row) return;
    row.querySelector('.meta').textContent = phaseInWords(item);
    this.#bar(row, item);
    if (row.dataset.phase === item.phase) return;
    row.dataset.phase = item.phase;
    this.#box(row, item);
    this.#buttons(row, item);
  }

  remove(item) {
    const row = this.#rows.get(item);
    this.#rows.delete(item);
    // Who works with the keyboard is not thrown to the beginning of the page.
    const next = row?.contains(document.activeElement) ? row.nextElementSibling ?? row.previousElementSibling : null;
    row?.remove();
    (next?.querySelector('button') ?? (next ? null : undefined))?.focus();
  }

  clear() {
    this.#rows.clear();
    this.#list.replaceChildren();
    if (this.#sure.open) this.#sure.close('no');
  }

  #bar(row, item) {
    const part = share(item);
    let bar = row.querySelector('progress');
    if (part === undefined) {
      bar?.remove();
      return;
    }
    if (!bar) {
      bar = document.createElement('progress');
      bar.max = 1;
      row.append(bar);
    }
    bar.setAttribute('aria-label', `${item.name}, ${item.phase === 'reading' ? 'reading' : 'sending'}`);
    if (part === null) bar.removeAttribute('value');
    else bar.value = part;
  }

  /** Whether it is asked about: of files with a text alone. */
  #box(row, item) {
    const old = row.querySelector('.choose');
    if (item.phase !== 'ready') {
      old?.remove();
      return;
    }
    if (old) return;
    const label = document.createElement('label');
    label.className = 'choose';
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.checked = this.isChosen(item);
    box.setAttribute('aria-label', `Ask about ${item.name}`);
    box.addEventListener('change', () => {
      if (box.checked) this.#left.delete(item);
      else this.#left.add(item);
      this.#actions.chosen();
    });
    label.append(box);
    row.querySelector('.head').prepend(label);
  }

  #buttons(row, item) {
    const wanted = {
      waiting: [['Cancel', () => this.#actions.cancel(item)]],
      sending: [['Cancel', () => this.#actions.cancel(item)]],
      unfinished: [['Go on', () => this.#actions.choose()], ['Discard', () => this.#actions.cancel(item)]],
      refused: [['Dismiss', () => this.#actions.cancel(item)]],
    }[item.phase] ?? [['Delete', () => this.#ask(item)]];
    const had = row.querySelector('.buttons').contains(document.activeElement);
    const buttons = wanted.map(([text, act]) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'quiet';
      button.textContent = text;
      button.setAttribute('aria-label', `${text}: ${item.name}`);
      button.addEventListener('click', act);
      return button;
    });
    row.querySelector('.buttons').replaceChildren(...buttons);
    if (had) buttons[0].focus();
  }

  #ask(item) {
    this.#asked = item;
    this.#sure.querySelector('h2').textContent = `Delete ${item.name}?`;
    this.#sure.returnValue = 'no';
    this.#sure.showModal();
  }
}
