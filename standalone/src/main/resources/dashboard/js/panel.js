// One panel: some metrics on one axis, as a chart or as a table, with a legend.

import { Plot } from '/live/chart/plot.js';
import { isOffered, maxPoints, valueDomain } from '/live/chart/scales.js';
import { make, number, say, time } from './make.js';
import { Picker } from './picker.js';
import { bounds, isLive, lengthMs } from './range.js';
import { gapInWords, inWords } from './rows.js';
import { SeriesFeed } from './series-feed.js';
import { Stage } from './stage.js';
import { TableView } from './table-view.js';
import { MOST_METRICS, MOST_TITLE } from './view.js';

const RESOLUTIONS = ['auto', '1s', '10s', '1m', '1h'];
/** So that lines can be told apart without their colours. */
const DASHES = [null, '6 3', '2 3', '9 3 2 3'];
const HELP = 'Arrow keys read window by window, with Shift they mark a range and Enter zooms into it, plus and minus zoom,'
  + ' Page Up and Page Down move, L goes live.';

const MARGIN = { top: 20, right: 10, bottom: 22, left: 48 };

let panels = 0;

export class Panel {
  #client;
  #told;
  /** @type {import('./view.js').PanelView} */
  #view;
  /** @type {import('./range.js').Range} */
  #range;
  /** @type {Map<string, SeriesFeed>} in the order of the metrics */
  #feeds = new Map();
  #hidden = new Set();
  #plot;
  #stage;
  #table = new TableView();
  #parts;
  #now = 0;

  /**
   * @param {import('/live/client/shared/index.js').SharedClient} client
   * @param {{range: Function, zoom: Function, pan: Function, live: Function, edited: (view: import('./view.js').PanelView) => void,
   *   removed: () => void, dirty: () => void, now: () => number}} told
   */
  constructor(client, told) {
    this.#client = client;
    this.#told = told;
    const id = `panel-${++panels}`;
    this.#parts = this.#build(id);
    const { stage } = this.#parts;
    this.#plot = new Plot(make('div'), { margin: MARGIN });
    stage.append(this.#plot.box);
    this.#stage = new Stage(stage, this.#plot, {
      range: told.range, zoom: told.zoom, pan: told.pan, live: told.live,
      read: (t, speaks) => this.#read(t, speaks),
      times: () => this.#times(),
    });
  }

  get view() { return this.#view; }

  get element() { return this.#parts.element; }

  /** Shows something else. What is the same stays. @param {import('./view.js').PanelView} view @param {import('./range.js').Range} range @param {boolean} isOwn whether it may be changed */
  show(view, range, isOwn) {
    const isSame = this.#view?.resolution === view.resolution && JSON.stringify(this.#range) === JSON.stringify(range);
    this.#view = view;
    this.#range = range;
    for (const [id, feed] of this.#feeds) {
      if (view.metrics.includes(id)) continue;
      feed.close();
      this.#feeds.delete(id);
    }
    const before = this.#feeds;
    this.#feeds = new Map(view.metrics.map(id => [id, before.get(id) ?? new SeriesFeed(this.#client, id, () => this.#told.dirty())]));
    for (const [id, feed] of this.#feeds) if (!isSame || !before.has(id)) void feed.open(() => this.#wanted());
    const { title, resolution, remove, picker } = this.#parts;
    if (document.activeElement !== title) title.value = view.title;
    title.readOnly = !isOwn;
    for (const option of resolution.options) option.disabled = !isOffered(lengthMs(range), option.value);
    if (![...resolution.options].some(({ value }) => value === view.resolution)) resolution.append(new Option(view.resolution));
    resolution.value = view.resolution;
    remove.hidden = !isOwn;
    picker.hidden = !isOwn || view.metrics.length >= MOST_METRICS;
    this.#drawLegend(isOwn);
    this.#told.dirty();
  }

  /** Everything that has changed. @param {number} now @param {number | null} lostMs since when nothing is heard from the server */
  draw(now, lostMs) {
    this.#now = now;
    const { from, to } = bounds(this.#range, now);
    const seen = [...this.#feeds].filter(([id, feed]) => feed.points && !this.#hidden.has(id));
    if (isLive(this.#range)) for (const feed of this.#feeds.values()) feed.points?.dropBefore(from - lengthMs(this.#range) / 5);
    const lines = seen.map(([id, feed]) => ({ name: id, ...this.#look(id), segments: feed.points.segments(from, to) }));
    const all = lines.map(({ segments }) => segments.flat());
    const units = new Set(seen.map(([, { metric }]) => metric.unit ?? ''));
    this.#plot.draw({ from, to, values: valueDomain(all), lines, unit: units.size === 1 ? [...units][0] : '' });
    this.#stage.draw(lostMs);
    this.#drawWords(seen, lines);
    const series = seen.map(([, feed], i) => ({ name: feed.metric.name, unit: feed.metric.unit ?? '', points: all[i] }));
    this.#table.show(this.#view.title || series.map(({ name }) => name).join(' '), series);
  }

  close() {
    for (const feed of this.#feeds.values()) feed.close();
    this.element.remove();
  }

  #build(id) {
    const title = make('input', { className: 'title', maxLength: MOST_TITLE, placeholder: 'Panel without a title', ariaLabel: 'Title of the panel' });
    const resolution = make('select', { ariaLabel: 'Resolution' }, ...RESOLUTIONS.map(each => new Option(each === 'auto' ? 'auto resolution' : `every ${each}`, each)));
    const asTable = make('button', { type: 'button', className: 'quiet', textContent: 'Table', ariaPressed: 'false' });
    const remove = make('button', { type: 'button', className: 'quiet', textContent: 'Remove', ariaLabel: 'Remove this panel' });
    const legend = make('ul', { className: 'legend', ariaLabel: 'Metrics of this panel' });
    const fault = make('p', { className: 'fault', role: 'alert' });
    const missing = make('p', { className: 'hint missing', role: 'status' });
    const summary = make('p', { id: `${id}-summary`, className: 'unseen' });
    const help = make('p', { id: `${id}-help`, className: 'unseen', textContent: HELP });
    const spoken = make('p', { className: 'unseen', role: 'status' });
    const readout = make('p', { className: 'readout' });
    const stage = make('div', { className: 'stage', tabIndex: 0 });
    stage.setAttribute('role', 'application');
    stage.setAttribute('aria-roledescription', 'chart');
    stage.setAttribute('aria-describedby', `${summary.id} ${help.id}`);
    const picker = new Picker(metric => this.#edit({ metrics: [...new Set([...this.#view.metrics, metric])].slice(0, MOST_METRICS) })).element;
    title.addEventListener('change', () => this.#edit({ title: title.value.trim() }));
    resolution.addEventListener('change', () => this.#edit({ resolution: resolution.value }));
    remove.addEventListener('click', () => this.#told.removed());
    asTable.addEventListener('click', () => {
      this.#table.element.hidden = !this.#table.element.hidden;
      asTable.ariaPressed = String(!this.#table.element.hidden);
      this.#told.dirty();
    });
    const element = make('article', { className: 'panel board' },
      make('header', {}, title, make('div', { className: 'buttons' }, resolution, asTable, remove)),
      legend, picker, fault, missing, stage, readout, summary, help, spoken, this.#table.element);
    return { element, title, resolution, remove, legend, fault, missing, summary, spoken, readout, stage, picker };
  }

  #edit(change) { this.#told.edited({ ...this.#view, ...change }); }

  #wanted() {
    const now = this.#told.now();
    return {
      ...bounds(this.#range, now), isLive: isLive(this.#range), resolution: this.#view.resolution, maxPoints: maxPoints(this.#plot.width),
    };
  }

  #look(id) {
    const place = this.#view.metrics.indexOf(id);
    return { colour: `--series-${place}`, dash: DASHES[place % DASHES.length] };
  }

  #drawLegend(isOwn) {
    this.#parts.legend.replaceChildren(...[...this.#feeds.keys()].map((id, i) => {
      const button = make('button', { type: 'button', className: 'quiet', ariaPressed: String(!this.#hidden.has(id)) },
        make('i', { className: `swatch of-${i}` }), make('b', { textContent: id.slice(0, 8) }), make('span'));
      button.dataset.metric = id;
      button.addEventListener('click', () => {
        if (!this.#hidden.delete(id)) this.#hidden.add(id);
        button.ariaPressed = String(!this.#hidden.has(id));
        this.#told.dirty();
      });
      const away = make('button', { type: 'button', className: 'quiet away', textContent: '×', hidden: !isOwn });
      away.addEventListener('click', () => this.#edit({ metrics: this.#view.metrics.filter(each => each !== id) }));
      return make('li', {}, button, away);
    }));
  }

  #drawWords(seen, lines) {
    const { legend, fault, missing, summary, stage, element } = this.#parts;
    const feeds = [...this.#feeds.values()];
    feeds.forEach(({ metric, points, resolution }, i) => {
      const [button, away] = legend.children[i].children;
      if (!metric) return;
      const [, name, value] = button.children;
      const last = points.all().at(-1)?.last;
      say(name, metric.name);
      say(value, last === undefined ? ` no values, every ${resolution}` : ` ${number(last)}${metric.unit ? ` ${metric.unit}` : ''}, every ${resolution}`);
      away.ariaLabel = `Remove ${metric.name}`;
    });
    say(fault, [...new Set(feeds.filter(feed => feed.fault).map(feed => feed.fault.message))].join(' '));
    say(missing, feeds.filter(feed => feed.metric).flatMap(({ metric, gaps }) => gaps.map(gap => gapInWords(metric.name, gap, time))).join(' '));
    element.dataset.state = feeds.some(feed => feed.fault) ? 'fault' : feeds.every(feed => feed.points) ? 'ready' : 'loading';
    const described = seen.map(([, { metric, resolution }], i) =>
      inWords({ name: metric.name, unit: metric.unit ?? '', resolution, segments: lines[i].segments }, number, time));
    say(summary, described.join(' ') || 'No metric is shown here.');
    element.ariaLabel = this.#view.title || 'Panel without a title';
    stage.ariaLabel = `Chart of ${this.#view.title || seen.map(([, { metric }]) => metric.name).join(', ') || 'nothing yet'}`;
  }

  /** The windows that are seen, of all lines. */
  #times() {
    const { from, to } = bounds(this.#range, this.#now);
    const all = [...this.#feeds].flatMap(([id, { points }]) => (this.#hidden.has(id) ? [] : points?.between(from, to) ?? []));
    return [...new Set(all.map(({ t }) => t))].filter(t => t >= from && t <= to).sort((a, b) => a - b).map(t => ({ t }));
  }

  #read(t, speaks) {
    const values = t === null ? [] : [...this.#feeds].flatMap(([id, { points, metric }]) => {
      const point = this.#hidden.has(id) ? undefined : points?.at(t);
      if (!point) return [];
      const unit = metric.unit ? ` ${metric.unit}` : '';
      return [`${metric.name} ${number(point.mean)}${unit} (${number(point.min)} to ${number(point.max)}, ${point.count} read)`];
    });
    const words = values.length === 0 ? '' : `${time(t)}: ${values.join('; ')}`;
    say(this.#parts.readout, words);
    if (speaks) say(this.#parts.spoken, words);
  }
}
