// The part of a chart that is touched: a range is marked with the pointer or with keys, and the values of one moment are read.

import { nearest } from '/live/chart/scales.js';

/** @typedef {{range: (from: number, to: number) => void, zoom: (factor: number, aroundMs?: number) => void, pan: (part: number) => void,
 *   live: () => void, read: (t: number | null, speaks: boolean) => void, times: () => {t: number}[]}} Told */

const WHEEL_ZOOM = 1.25;
const SMALLEST_PX = 6;

export class Stage {
  #plot;
  #box;
  #told;
  #brush;
  #brushed;
  #cross;
  #stale;
  /** The moment that is read. @type {number | null} */
  #at = null;
  /** Where a range that is marked with keys begins. @type {number | null} */
  #anchor = null;
  #extent = '';

  /** @param {HTMLElement} box focusable @param {import('/live/chart/plot.js').Plot} plot @param {Told} told */
  constructor(box, plot, told) {
    this.#box = box;
    this.#plot = plot;
    this.#told = told;
    this.#stale = plot.svg.append('rect').attr('class', 'stale').attr('visibility', 'hidden');
    this.#cross = plot.svg.append('line').attr('class', 'cross').attr('visibility', 'hidden');
    this.#brush = d3.brushX().on('end', event => this.#marked(event));
    this.#brushed = plot.svg.append('g').attr('class', 'brush');
    box.addEventListener('keydown', pressed => this.#key(pressed));
    box.addEventListener('pointermove', moved => this.#point(moved));
    box.addEventListener('pointerleave', () => this.#read(null, false));
    box.addEventListener('blur', () => this.#clear());
    box.addEventListener('dblclick', () => told.zoom(2));
    box.addEventListener('wheel', turned => this.#wheel(turned), { passive: false });
  }

  /** Brings all to what the plot has drawn. @param {number | null} lostMs since when nothing is heard from the server */
  draw(lostMs) {
    const { x, inner } = this.#plot;
    if (!x) return;
    const extent = [[inner.left, inner.top], [inner.left + inner.width, inner.top + inner.height]];
    if (this.#extent !== String(extent)) {
      this.#extent = String(extent);
      this.#brushed.call(this.#brush.extent(extent));
    }
    const [begin, end] = x.range();
    const from = lostMs === null ? end : Math.max(begin, Math.min(end, x(lostMs)));
    this.#stale.attr('visibility', from < end ? 'visible' : 'hidden')
      .attr('x', from).attr('width', end - from).attr('y', inner.top).attr('height', inner.height);
    if (this.#at !== null) this.#read(this.#at, false);
  }

  #marked({ selection, sourceEvent }) {
    if (!selection || !sourceEvent) return;
    this.#brushed.call(this.#brush.move, null);
    const [a, b] = selection;
    if (b - a >= SMALLEST_PX) this.#told.range(Number(this.#plot.x.invert(a)), Number(this.#plot.x.invert(b)));
  }

  #point(moved) {
    const { x } = this.#plot;
    if (!x) return;
    const left = moved.clientX - this.#plot.box.getBoundingClientRect().left;
    this.#read(nearest(this.#told.times(), Number(x.invert(left)))?.t ?? null, false);
  }

  #wheel(turned) {
    // Without a key a wheel scrolls the page.
    if (!turned.ctrlKey && !turned.metaKey) return;
    turned.preventDefault();
    const left = turned.clientX - this.#plot.box.getBoundingClientRect().left;
    this.#told.zoom(turned.deltaY > 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM, Number(this.#plot.x.invert(left)));
  }

  #key(pressed) {
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    const acts = {
      ArrowLeft: () => this.#step(-1, pressed.shiftKey),
      ArrowRight: () => this.#step(1, pressed.shiftKey),
      Home: () => this.#step(-Infinity, pressed.shiftKey),
      End: () => this.#step(Infinity, pressed.shiftKey),
      PageUp: () => this.#told.pan(-0.5),
      PageDown: () => this.#told.pan(0.5),
      Enter: () => this.#enter(),
      Escape: () => this.#clear(),
      '+': () => this.#told.zoom(0.5, this.#at ?? undefined),
      '=': () => this.#told.zoom(0.5, this.#at ?? undefined),
      '-': () => this.#told.zoom(2, this.#at ?? undefined),
      l: () => this.#told.live(),
    };
    const act = acts[pressed.key];
    if (!act) return;
    pressed.preventDefault();
    act();
  }

  /** Reads the window that is so many further, and marks what is between with the shift key. */
  #step(by, marks) {
    const times = this.#told.times();
    if (times.length === 0) return;
    const now = this.#at === null ? -1 : times.indexOf(nearest(times, this.#at));
    const start = now === -1 ? (by > 0 ? -1 : times.length) : now;
    const to = times[Math.max(0, Math.min(times.length - 1, start + by))].t;
    if (!marks) this.#unmark();
    else this.#anchor ??= this.#at ?? to;
    this.#read(to, true);
    if (!marks) return;
    const { x } = this.#plot;
    const [begin, end] = x.range();
    const ends = [x(this.#anchor), x(to)].map(px => Math.max(begin, Math.min(end, px))).sort((a, b) => a - b);
    this.#brushed.call(this.#brush.move, ends);
  }

  #enter() {
    const [anchor, at] = [this.#anchor, this.#at];
    this.#unmark();
    if (anchor !== null && at !== null && anchor !== at) this.#told.range(anchor, at);
  }

  #clear() {
    this.#unmark();
    this.#read(null, false);
  }

  #unmark() {
    this.#anchor = null;
    this.#brushed.call(this.#brush.move, null);
  }

  #read(t, speaks) {
    this.#at = t;
    const { x, inner } = this.#plot;
    const isSeen = t !== null && x && x(t) >= inner.left - 1 && x(t) <= inner.left + inner.width + 1;
    this.#cross.attr('visibility', isSeen ? 'visible' : 'hidden');
    if (isSeen) this.#cross.attr('x1', x(t)).attr('x2', x(t)).attr('y1', inner.top).attr('y2', inner.top + inner.height);
    this.#told.read(isSeen ? t : null, speaks);
  }
}
