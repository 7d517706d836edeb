// One small chart a metric, drawn by D3 (a global: the WebJar is a classic script). Two minutes of readings are kept.

import { call } from './api.js';
import { untilAnswered } from './backoff.js';

const KEPT_MS = 120_000;
const WIDTH = 320;
const HEIGHT = 110;
const MARGIN = { top: 8, right: 6, bottom: 18, left: 34 };

export class Charts {
  #box;
  #empty;
  #byMetric = new Map();
  #drawing = false;

  constructor(box, empty) {
    this.#box = box;
    this.#empty = empty;
  }

  /** @param {{metric_id: string, value: number, timestamp: string}} reading */
  add(reading) {
    const chart = this.#byMetric.get(reading.metric_id) ?? this.#open(reading.metric_id);
    chart.points.push({ at: new Date(reading.timestamp), value: reading.value });
    this.#drawSoon();
  }

  /** @param {{id: string, name: string}} metric */
  name(metric) {
    const chart = this.#byMetric.get(metric.id);
    if (!chart) return;
    chart.title.textContent = metric.name;
    // The order is that of the names, whatever order the first readings came in.
    const cards = [...this.#byMetric.values()].sort((a, b) => a.title.textContent.localeCompare(b.title.textContent));
    this.#box.replaceChildren(...cards.map(c => c.card));
  }

  #open(metricId) {
    const card = document.createElement('article');
    card.className = 'chart';
    card.dataset.metric = metricId;
    const title = document.createElement('h3');
    title.textContent = metricId.slice(0, 8);
    const value = document.createElement('output');
    const header = document.createElement('header');
    header.append(title, value);
    card.append(header);
    this.#box.append(card);
    this.#empty.hidden = true;
    const svg = d3.select(card).append('svg')
      .attr('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
      .attr('preserveAspectRatio', 'none')
      .attr('role', 'img');
    const chart = {
      card, title, value, svg, points: [],
      area: svg.append('path').attr('class', 'area'),
      line: svg.append('path').attr('class', 'line'),
      x: svg.append('g').attr('class', 'axis').attr('transform', `translate(0,${HEIGHT - MARGIN.bottom})`),
      y: svg.append('g').attr('class', 'axis').attr('transform', `translate(${MARGIN.left},0)`),
    };
    this.#byMetric.set(metricId, chart);
    untilAnswered(() => call('GET', `/metrics/${metricId}`)).then(m => this.name(m), () => { /* the short id stays */ });
    return chart;
  }

  // A catch-up brings hundreds of readings in one go: draw once a frame, not once a reading.
  #drawSoon() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      for (const chart of this.#byMetric.values()) draw(chart);
    });
  }
}

function draw(chart) {
  const newest = d3.max(chart.points, p => p.at.getTime());
  chart.points = chart.points.filter(p => p.at.getTime() > newest - KEPT_MS).sort((a, b) => a.at - b.at);
  const x = d3.scaleTime([newest - KEPT_MS, newest], [MARGIN.left, WIDTH - MARGIN.right]);
  const top = d3.max(chart.points, p => p.value);
  const y = d3.scaleLinear([0, top * 1.15 || 1], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const line = d3.line(p => x(p.at), p => y(p.value)).curve(d3.curveMonotoneX);
  const area = d3.area(p => x(p.at), y(0), p => y(p.value)).curve(d3.curveMonotoneX);
  chart.line.attr('d', line(chart.points));
  chart.area.attr('d', area(chart.points));
  chart.x.call(d3.axisBottom(x).ticks(3, '%H:%M:%S').tickSizeOuter(0));
  chart.y.call(d3.axisLeft(y).ticks(3, '~s').tickSizeOuter(0));
  const last = chart.points.at(-1).value;
  chart.value.textContent = d3.format(',.3~s')(last);
  chart.svg.attr('aria-label', `${chart.title.textContent}, last value ${chart.value.textContent}`);
}
