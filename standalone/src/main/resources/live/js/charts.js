// One small chart a metric, of its readings in the last two minutes.

import { segmentsOf } from '../chart/gaps.js';
import { Plot } from '../chart/plot.js';
import { call } from './api.js';
import { untilAnswered } from './backoff.js';

const KEPT_MS = 120_000;
const SECOND_MS = 1_000;
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
    chart.points.push({ t: Date.parse(reading.timestamp), mean: reading.value });
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
    const box = document.createElement('div');
    box.setAttribute('role', 'img');
    card.append(box);
    const plot = new Plot(box, { margin: MARGIN, clock: '%H:%M:%S', fromZero: true });
    const chart = { card, title, value, box, plot, points: [] };
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
  const newest = d3.max(chart.points, p => p.t);
  chart.points = chart.points.filter(p => p.t > newest - KEPT_MS).sort((a, b) => a.t - b.t);
  const top = d3.max(chart.points, p => p.mean);
  chart.plot.draw({
    from: newest - KEPT_MS, to: newest, values: [0, top * 1.15 || 1],
    lines: [{ name: 'readings', segments: segmentsOf(chart.points, SECOND_MS) }],
  });
  const last = chart.points.at(-1).mean;
  chart.value.textContent = d3.format(',.3~s')(last);
  chart.box.setAttribute('aria-label', `${chart.title.textContent}, last value ${chart.value.textContent}`);
}
