// A table whose rows keep their elements while their numbers change, so that neither the focus nor a selection is lost. The roles are
// named because a phone lays the table out as cards, and browsers take its meaning away with its layout.

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Sets a text where it is another one: a text that is set again would take a selection with it. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export class Table {
  #table;
  #columns;
  #key;
  #detail;
  #body;
  /** Rows by their keys: {row, cells, detail}. */
  #rows = new Map();

  /**
   * @param {HTMLTableElement} table empty
   * @param {{label: string, isNumber?: boolean, text?: (row: object) => string, fill?: (cell: HTMLElement, row: object) => void}[]} columns
   *     the first one names its row
   * @param {(row: object) => string} key
   * @param {(place: HTMLElement, row: object) => void} [detail] what a row shows when it is opened
   */
  constructor(table, columns, key, detail) {
    this.#table = table;
    this.#columns = columns;
    this.#key = key;
    this.#detail = detail;
    table.setAttribute('role', 'table');
    const head = make('tr', { role: 'row' }, ...columns.map(({ label, isNumber }) =>
      make('th', { scope: 'col', role: 'columnheader', textContent: label, className: isNumber ? 'number' : '' })));
    this.#body = make('tbody', { role: 'rowgroup' });
    table.append(make('thead', { role: 'rowgroup' }, head), this.#body);
  }

  /** @param {object[]} rows in the order in which they are shown */
  show(rows) {
    this.#table.hidden = rows.length === 0;
    const keys = new Set(rows.map(this.#key));
    for (const [key, { row, detail }] of this.#rows) {
      if (keys.has(key)) continue;
      const hadFocus = row.contains(document.activeElement) || detail?.contains(document.activeElement);
      row.remove();
      detail?.remove();
      this.#rows.delete(key);
      // Whoever works by keyboard goes on beside what has gone, and not at the top of the page.
      if (hadFocus) this.#table.closest('section')?.querySelector('h2')?.focus();
    }
    let place = this.#body.firstElementChild;
    for (const data of rows) {
      const entry = this.#rows.get(this.#key(data)) ?? this.#added(data);
      entry.data = data;
      this.#update(entry);
      for (const element of [entry.row, entry.detail].filter(Boolean)) {
        if (element === place) place = place.nextElementSibling;
        else this.#body.insertBefore(element, place);
      }
    }
  }

  #added(data) {
    const cells = this.#columns.map(({ label, isNumber }, i) => {
      const cell = make(i === 0 ? 'th' : 'td', { role: i === 0 ? 'rowheader' : 'cell', className: isNumber ? 'number' : '' });
      if (i === 0) cell.scope = 'row';
      else if (label) cell.dataset.label = label;
      return cell;
    });
    const entry = { row: make('tr', { role: 'row' }, ...cells), cells, data, detail: null, name: cells[0] };
    if (this.#detail) {
      entry.name = make('button', { type: 'button', className: 'toggle', ariaExpanded: 'false' });
      entry.name.addEventListener('click', () => this.#toggle(entry));
      cells[0].append(entry.name);
    }
    this.#rows.set(this.#key(data), entry);
    return entry;
  }

  #update({ cells, data, detail, name }) {
    this.#columns.forEach(({ text, fill }, i) => {
      const place = i === 0 ? name : cells[i];
      if (fill) fill(place, data);
      else say(place, text(data));
    });
    if (detail) this.#detail(detail.firstElementChild, data);
  }

  #toggle(entry) {
    const opens = entry.detail === null;
    entry.name.ariaExpanded = String(opens);
    if (opens) {
      entry.detail = make('tr', { role: 'row', className: 'detail' }, make('td', { role: 'cell', colSpan: this.#columns.length }));
      this.#detail(entry.detail.firstElementChild, entry.data);
      entry.row.after(entry.detail);
    } else {
      entry.detail.remove();
      entry.detail = null;
    }
  }
}
