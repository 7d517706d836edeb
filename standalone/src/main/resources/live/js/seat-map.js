// The seats of a show as SVG, for eyes, mice, keys and screen readers alike: a grid of which one seat is in the tab order.

import { seatAfter } from './seat-layout.js';
import { seatLabel, seatName } from './seat-words.js';

const SVG = 'http://www.w3.org/2000/svg';
const SIZE = 18;

// A mark for each look, so that nothing is told by colour alone.
const MARKS = {
  free: '',
  chosen: 'M-3.5 0H3.5M0-3.5V3.5',
  asked: 'M-4 0h.1M0 0h.1M4 0h.1',
  'held-by-me': 'M0-4V0L3 2',
  mine: 'M-4 0L-1 3L4-3',
  held: 'M-7 2L2-7M-7 7L7-7M-2 7L7-2',
  sold: 'M-4-4L4 4M-4 4L4-4',
};

/** One seat, also for the legend. */
export function drawSeat(look) {
  const seat = make('g', { class: `seat ${look}` });
  seat.append(
    make('rect', { x: -SIZE / 2, y: -SIZE / 2, width: SIZE, height: SIZE, rx: 4 }),
    make('path', { d: MARKS[look] }),
  );
  return seat;
}

/** Emits 'choose' (detail: the id) when a seat is clicked or Enter or Space is pressed on it. */
export class SeatMap extends EventTarget {
  #box;
  #layout;
  #nodes = new Map();
  #current = null;

  constructor(box) {
    super();
    this.#box = box;
  }

  /** @param {(id: string) => string} lookOf */
  draw(layout, title, lookOf) {
    this.#layout = layout;
    this.#nodes.clear();
    const svg = make('svg', { viewBox: `0 0 ${layout.width} ${layout.height}`, role: 'presentation' });
    svg.style.minWidth = `${Math.min(layout.width * 0.9, 4000)}px`;
    svg.style.maxWidth = `${layout.width * 1.5}px`;
    svg.append(stage(layout));
    const grid = make('g', { role: 'grid', 'aria-label': `Seats of ${title}`, 'aria-multiselectable': true });
    for (const block of layout.blocks) grid.append(this.#block(block, layout));
    svg.append(grid);
    for (const id of this.#nodes.keys()) this.paint(id, lookOf(id));
    grid.addEventListener('click', event => this.#choose(event));
    grid.addEventListener('keydown', event => this.#onKey(event));
    grid.addEventListener('focusin', event => this.#moveTo(event.target.dataset.seat));
    this.#box.replaceChildren(svg);
    this.#current = null;
    this.#moveTo(layout.rows[0].seats[0].id);
  }

  /** Shows a seat as it looks now. */
  paint(id, look) {
    const node = this.#nodes.get(id);
    if (!node || node.dataset.look === look) return;
    node.dataset.look = look;
    node.setAttribute('class', `seat ${look}`);
    node.setAttribute('aria-label', seatLabel(id, look));
    node.setAttribute('aria-selected', String(look === 'chosen'));
    node.setAttribute('aria-disabled', String(look !== 'chosen' && look !== 'free'));
    node.lastElementChild.setAttribute('d', MARKS[look]);
  }

  #block(block, layout) {
    const group = make('g', { role: 'rowgroup', 'aria-label': block.name });
    const title = make('text', { x: layout.width / 2, y: block.y, class: 'section', 'aria-hidden': true });
    title.textContent = `${block.name} · price ${block.price}`;
    group.append(title);
    for (const row of block.rows) {
      const line = make('g', { role: 'row', 'aria-label': `${block.name} row ${row.row}` });
      for (const x of [row.left - 24, row.right + 24]) {
        const number = make('text', { x, y: row.y, class: 'row-number', 'aria-hidden': true });
        number.textContent = row.row;
        line.append(number);
      }
      for (const seat of row.seats) line.append(this.#seat(seat));
      group.append(line);
    }
    return group;
  }

  #seat(seat) {
    const node = drawSeat('free');
    node.setAttribute('role', 'gridcell');
    node.setAttribute('tabindex', '-1');
    node.setAttribute('transform', `translate(${seat.x} ${seat.y})`);
    node.dataset.seat = seat.id;
    const tip = make('title', {});
    tip.textContent = seatName(seat.id);
    node.prepend(tip);
    this.#nodes.set(seat.id, node);
    return node;
  }

  #choose(event) {
    const id = event.target.closest('[data-seat]')?.dataset.seat;
    if (id) this.dispatchEvent(new CustomEvent('choose', { detail: id }));
  }

  #onKey(event) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#choose(event);
      return;
    }
    if (event.altKey || event.metaKey) return;
    const next = seatAfter(this.#layout, this.#current, event.key, event.ctrlKey);
    if (next === null) return;
    event.preventDefault();
    this.#nodes.get(next).focus();
  }

  // The roving tab stop: Tab leads to the seat that had the focus last.
  #moveTo(id) {
    if (!id || id === this.#current) return;
    this.#nodes.get(this.#current)?.setAttribute('tabindex', '-1');
    this.#nodes.get(id).setAttribute('tabindex', '0');
    this.#current = id;
  }
}

function stage(layout) {
  const half = Math.min(layout.width / 2 - 40, 220);
  const middle = layout.width / 2;
  const group = make('g', { class: 'stage', 'aria-hidden': true });
  const text = make('text', { x: middle, y: 42 });
  text.textContent = 'Stage';
  group.append(make('path', { d: `M${middle - half} 40Q${middle} 10 ${middle + half} 40` }), text);
  return group;
}

function make(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
