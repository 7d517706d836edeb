// A panel as a table, which can be sorted and taken along as CSV.

import { make, number, say, time } from './make.js';
import { COLUMNS, csvOf, rowsOf, sorted } from './rows.js';

const PAGE = 100;

export class TableView {
  #key = 't';
  #descends = true;
  #shown = PAGE;
  #series = [];
  #name = 'series';
  #heads = new Map();
  #table;
  #body = make('tbody');
  #caption = make('caption');
  #more = make('button', { type: 'button', className: 'quiet', textContent: 'More rows' });

  constructor() {
    const heads = COLUMNS.map(({ key, label, isNumber }) => {
      const button = make('button', { type: 'button', textContent: label });
      button.addEventListener('click', () => this.#sort(key));
      const head = make('th', { scope: 'col', className: isNumber ? 'number' : '' }, button);
      this.#heads.set(key, head);
      return head;
    });
    const csv = make('button', { type: 'button', className: 'quiet', textContent: 'Download CSV' });
    csv.addEventListener('click', () => this.#download());
    this.#more.addEventListener('click', () => {
      this.#shown += PAGE;
      this.#draw();
    });
    const table = this.#table = make('table', { className: 'values' }, this.#caption, make('thead', {}, make('tr', {}, ...heads)), this.#body);
    // It can be wider than a phone, and is then scrolled, by keys too.
    const scroller = make('div', { className: 'scroller', tabIndex: 0, role: 'region', ariaLabel: 'Table of values' }, table);
    this.element = make('div', { className: 'table-view', hidden: true }, scroller, make('div', { className: 'buttons' }, this.#more, csv));
  }

  /** @param {string} name of the panel @param {{name: string, unit: string, points: import('/live/chart/series-points.js').Point[]}[]} series */
  show(name, series) {
    this.#name = name;
    this.#series = series;
    if (!this.element.hidden) this.#draw();
  }

  #sort(key) {
    this.#descends = this.#key === key ? !this.#descends : key !== 'metric';
    this.#key = key;
    this.#draw();
  }

  #draw() {
    const rows = sorted(rowsOf(this.#series), this.#key, this.#descends);
    for (const [key, head] of this.#heads) {
      if (key === this.#key) head.ariaSort = this.#descends ? 'descending' : 'ascending';
      else head.removeAttribute('aria-sort');
    }
    const shown = rows.slice(0, this.#shown);
    while (this.#body.rows.length > shown.length) this.#body.rows[this.#body.rows.length - 1].remove();
    shown.forEach((row, i) => fill(this.#body.rows[i] ?? this.#body.appendChild(blank()), row));
    // A metric that is alone is named once: a phone has no room for more.
    const [one, ...others] = this.#series;
    const isAlone = one !== undefined && others.length === 0;
    this.#table.classList.toggle('one', isAlone);
    const count = rows.length > shown.length ? `${shown.length} of ${rows.length} windows` : `${rows.length} windows`;
    say(this.#caption, isAlone ? `${nameOf(one.name, one.unit)}: ${count}` : count);
    this.#more.hidden = rows.length <= shown.length;
  }

  #download() {
    const text = csvOf(sorted(rowsOf(this.#series), this.#key, this.#descends));
    const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
    make('a', { href: url, download: `${this.#name.replace(/[^\p{L}\p{N} _-]+/gu, '').trim() || 'series'}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
}

function blank() {
  return make('tr', {}, ...COLUMNS.map(({ isNumber }, i) => (i === 0 ? make('th', { scope: 'row' }) : make('td', { className: isNumber ? 'number' : '' }))));
}

function fill(row, { t, metric, unit, count, min, mean, max }) {
  const values = [time(t), nameOf(metric, unit), number(count), number(min), number(mean), number(max)];
  values.forEach((value, i) => say(row.cells[i], value));
}

function nameOf(metric, unit) {
  return unit ? `${metric} (${unit})` : metric;
}
