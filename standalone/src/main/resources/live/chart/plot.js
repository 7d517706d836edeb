// Draws lines with their bands in a box, by D3 (a global: the WebJar is a classic script). Many points are drawn on a canvas, under the axes.

import { MOST_ON_SVG } from './scales.js';

/** @typedef {import('./series-points.js').Point} Point */
/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} [colour] the name of a CSS variable; without one the stylesheet decides
 * @property {string} [dash] as of SVG
 * @property {Point[][]} segments
 */

let plots = 0;

export class Plot {
  #box;
  #settings;
  #svg;
  #lines;
  #axes;
  #unit;
  #clip;
  #canvas = null;
  #drawn = null;

  /**
   * @param {HTMLElement} box its size is the chart's
   * @param {object} [settings]
   * @param {{top: number, right: number, bottom: number, left: number}} [settings.margin]
   * @param {string} [settings.clock] the format of times; by default as short as each can be
   * @param {number} [settings.pxPerTick]
   * @param {boolean} [settings.fromZero] whether the area reaches down to zero, and is no band between the least and the greatest
   */
  constructor(box, { margin = { top: 8, right: 10, bottom: 22, left: 48 }, clock, pxPerTick = 90, fromZero = false } = {}) {
    this.#box = box;
    this.#settings = { margin, clock, pxPerTick, fromZero };
    box.classList.add('plot');
    const id = `plot-${++plots}`;
    this.#svg = d3.select(box).append('svg').attr('aria-hidden', 'true');
    this.#clip = this.#svg.append('clipPath').attr('id', id).append('rect');
    this.#axes = [this.#svg.append('g').attr('class', 'axis x'), this.#svg.append('g').attr('class', 'axis y')];
    this.#unit = this.#svg.append('text').attr('class', 'unit');
    this.#lines = this.#svg.append('g').attr('clip-path', `url(#${id})`);
  }

  /** Where a drawer of other things puts them. */
  get svg() { return this.#svg; }

  get box() { return this.#box; }

  get width() { return this.#box.clientWidth; }

  /** The part in which the lines are: {left, top, width, height} in pixels. */
  get inner() {
    const { margin } = this.#settings;
    const { clientWidth, clientHeight } = this.#box;
    return {
      left: margin.left, top: margin.top,
      width: Math.max(1, clientWidth - margin.left - margin.right), height: Math.max(1, clientHeight - margin.top - margin.bottom),
    };
  }

  /** The scale of time of what was drawn last. */
  get x() { return this.#drawn?.x ?? null; }

  get y() { return this.#drawn?.y ?? null; }

  /** @param {{from: number, to: number, values: [number, number], lines: Line[], unit?: string}} figure times in milliseconds */
  draw({ from, to, values, lines, unit = '' }) {
    const { inner } = this;
    if (this.#box.clientWidth === 0) return;
    const x = d3.scaleTime([from, to], [inner.left, inner.left + inner.width]);
    const y = d3.scaleLinear(values, [inner.top + inner.height, inner.top]);
    this.#drawn = { x, y };
    this.#svg.attr('width', this.#box.clientWidth).attr('height', this.#box.clientHeight);
    this.#clip.attr('x', inner.left).attr('y', 0).attr('width', inner.width).attr('height', inner.top + inner.height + 1);
    this.#drawAxes(x, y, inner);
    this.#unit.attr('x', inner.left).attr('y', inner.top - 7).text(unit);
    const count = lines.reduce((sum, { segments }) => sum + segments.reduce((n, segment) => n + segment.length, 0), 0);
    const shapes = shapesOf(x, y, this.#settings.fromZero);
    const isMany = count > MOST_ON_SVG;
    this.#box.dataset.drawnOn = isMany ? 'canvas' : 'svg';
    this.#drawPaths(isMany ? [] : lines, shapes);
    if (isMany || this.#canvas) this.#drawCanvas(isMany ? lines : [], shapes, inner);
  }

  #drawAxes(x, y, inner) {
    const { clock, pxPerTick } = this.#settings;
    const [bottom, left] = this.#axes;
    bottom.attr('transform', `translate(0,${inner.top + inner.height})`)
      .call(d3.axisBottom(x).ticks(Math.max(2, Math.floor(inner.width / pxPerTick))).tickFormat(clock ? d3.timeFormat(clock) : tickText).tickSizeOuter(0));
    left.attr('transform', `translate(${inner.left},0)`)
      .call(d3.axisLeft(y).ticks(Math.max(3, Math.floor(inner.height / 45)), '~s').tickSizeOuter(0));
  }

  #drawPaths(lines, { band, line, dots }) {
    this.#lines.selectAll('g.series').data(lines, ({ name }) => name).join(enter => {
      const group = enter.append('g').attr('class', 'series');
      group.append('path').attr('class', 'area');
      group.append('path').attr('class', 'line');
      group.append('path').attr('class', 'dots');
      return group;
    }).each(function draw({ colour, dash, segments }) {
      const group = d3.select(this);
      if (colour) group.style('--series', `var(${colour})`);
      group.select('.area').attr('d', segments.map(segment => band(segment)).join(''));
      group.select('.line').attr('d', segments.map(segment => line(segment)).join('')).attr('stroke-dasharray', dash ?? null);
      group.select('.dots').attr('d', dots(segments));
    });
  }

  #drawCanvas(lines, { band, line, alone }, inner) {
    if (!this.#canvas) {
      this.#canvas = document.createElement('canvas');
      this.#canvas.setAttribute('aria-hidden', 'true');
      this.#box.prepend(this.#canvas);
    }
    const canvas = this.#canvas;
    canvas.hidden = lines.length === 0;
    if (canvas.hidden) return;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [this.#box.clientWidth, this.#box.clientHeight];
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext('2d');
    pen.scale(ratio, ratio);
    pen.beginPath();
    pen.rect(inner.left, 0, inner.width, inner.top + inner.height + 1);
    pen.clip();
    const style = getComputedStyle(this.#box);
    for (const { colour, dash, segments } of lines) {
      const ink = style.getPropertyValue(colour ?? '--accent').trim();
      pen.fillStyle = ink;
      pen.strokeStyle = ink;
      pen.lineWidth = 1.6;
      pen.setLineDash(dash ? dash.split(/[ ,]+/).map(Number) : []);
      pen.globalAlpha = 0.16;
      pen.beginPath();
      for (const segment of segments) band.context(pen)(segment);
      pen.fill();
      pen.globalAlpha = 1;
      pen.beginPath();
      for (const segment of segments) line.context(pen)(segment);
      pen.stroke();
      for (const [px, py] of alone(segments)) pen.fillRect(px - 1.5, py - 1.5, 3, 3);
    }
  }
}

/** A time as short as it can be told beside others of its kind, with all 24 hours. */
function tickText(date) {
  const formats = [[d3.timeSecond, '.%L'], [d3.timeMinute, '%H:%M:%S'], [d3.timeDay, '%H:%M'], [d3.timeMonth, '%-d %b'], [d3.timeYear, '%b']];
  const [, format] = formats.find(([unit]) => unit.floor(date) < date) ?? [null, '%Y'];
  return d3.timeFormat(format)(date);
}

/** How points become shapes: of a segment a band and a line, of points that stand alone dots. */
function shapesOf(x, y, fromZero) {
  const at = ({ t }) => x(t);
  const band = fromZero ? d3.area(at, () => y(0), ({ mean }) => y(mean)) : d3.area(at, ({ min }) => y(min), ({ max }) => y(max));
  const line = d3.line(at, ({ mean }) => y(mean));
  const alone = segments => segments.filter(segment => segment.length === 1).map(([point]) => [x(point.t), y(point.mean)]);
  const dots = segments => alone(segments).map(([px, py]) => `M${px - 2},${py}a2,2 0 1,0 4,0a2,2 0 1,0 -4,0`).join('');
  return { band, line, alone, dots };
}
