// Jobs and their queues, live: the server says how they stand once, and the channels of the queues what happens from there on.

import { call } from './access.js';
import { confirmed } from './confirm.js';
import { actOnMany, ACTIONS } from './job-actions.js';
import { jobColumns } from './job-columns.js';
import { JobList } from './job-list.js';
import { UUID } from './job-page.js';
import { JobStream } from './job-stream.js';
import { QueueCards } from './queue-cards.js';
import { QueueFigures } from './queue-figures.js';
import { Schedules, SCHEDULES_CHANNEL } from './schedules.js';
import { say, Table } from './table.js';
import { count, many } from './words.js';

const PAGE = 50;
const RENDER_MS = 250;

export class Jobs {
  #root;
  #cards;
  #table;
  #schedules;
  #stream = null;
  #figures = new Map();
  #filter = {};
  #list = new JobList(PAGE, () => false, false);
  /** What is shown while somebody points at the table: the rows stay where they are, and only what they say changes. */
  #shown = [];
  #selected = new Set();
  #before = null;
  #next = null;
  #timer = null;
  #pointed = false;
  #dirty = false;
  /** Milliseconds that the server's clock is ahead of this machine's. */
  #aheadMs = 0;
  #acting = null;

  /** @param {Document} root @param {(id: string) => string} linkTo where a job is shown */
  constructor(root, linkTo) {
    this.#root = root;
    this.#cards = new QueueCards(this.#find('queues'), (queue, state) => hash({ queue, state }), text => this.#tell(text));
    this.#table = new Table(this.#find('jobs'), jobColumns(linkTo, this.#selected, () => this.#render()), job => job.id);
    this.#schedules = new Schedules(root, linkTo);
    this.#find('job-filter').addEventListener('submit', submitted => {
      submitted.preventDefault();
      this.#search(submitted.target);
    });
    for (const name of ['queue', 'state']) this.#find('job-filter')[name].addEventListener('change', () => this.#search(this.#find('job-filter')));
    const table = this.#find('jobs');
    table.addEventListener('pointerenter', ({ pointerType }) => { this.#pointed = pointerType === 'mouse'; });
    table.addEventListener('pointerleave', () => { this.#pointed = false; });
    this.#find('jobs-all').addEventListener('change', ({ target }) => this.#selectAll(target.checked));
    this.#find('jobs-fresh').addEventListener('click', () => this.#catchUp());
    this.#find('jobs-more').addEventListener('click', () => this.#go(this.#next));
    this.#find('jobs-first').addEventListener('click', () => this.#go(null));
    for (const action of Object.keys(ACTIONS)) this.#find(`jobs-${action}`).addEventListener('click', () => this.#act(action));
    this.#find('jobs-stop').addEventListener('click', () => { this.#acting = null; });
  }

  /** @param {boolean} _ @param {string} [filter] as the query of an address */
  start(_, filter = '') {
    const wanted = new URLSearchParams(filter);
    this.#filter = Object.fromEntries(['queue', 'state', 'type'].map(name => [name, wanted.get(name) ?? '']).filter(([, value]) => value));
    this.#before = null;
    this.#selected.clear();
    const form = this.#find('job-filter');
    form.state.value = this.#filter.state ?? '';
    form.type.value = this.#filter.type ?? '';
    form.queue.value = this.#filter.queue ?? '';
    if (this.#stream) this.#reload();
    else void this.#open();
    this.#timer ??= setInterval(() => this.#tick(), RENDER_MS);
    this.#schedules.start();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#stream?.close();
    this.#stream = null;
    this.#acting = null;
    this.#schedules.stop();
    this.#figures.clear();
  }

  async #open() {
    const stream = new JobStream({
      load: () => this.#load(),
      loaded: answer => this.#loaded(answer),
      event: event => this.#event(event),
      state: (state, words) => this.#state(state, words),
      fault: fault => say(this.#find('jobs-fault'), fault?.message ?? ''),
    });
    this.#stream = stream;
    try {
      const { queues } = await call('GET', '/queues');
      if (stream !== this.#stream) return;
      this.#find('job-filter').queue.replaceChildren(new Option('every queue', ''), ...queues.map(({ name }) => new Option(name)));
      this.#find('job-filter').queue.value = this.#filter.queue ?? '';
      await stream.open([...queues.map(({ name }) => `jobs:${name}`), SCHEDULES_CHANNEL]);
    } catch (fault) {
      if (stream === this.#stream) say(this.#find('jobs-fault'), fault.message);
    }
  }

  async #load() {
    const query = new URLSearchParams({ ...this.#filter, limit: PAGE, ...(this.#before && { before: this.#before }) });
    const [{ queues }, page] = await Promise.all([call('GET', '/queues'), call('GET', `/jobs?${query}`)]);
    return { queues, page };
  }

  #loaded({ queues, page }) {
    this.#cards.show(queues);
    const filter = this.#filter;
    const fits = job => (!filter.queue || job.queue === filter.queue) && (!filter.state || job.state === filter.state) && (!filter.type || job.type === filter.type);
    this.#list = new JobList(PAGE, fits, this.#before === null);
    this.#list.show(page.jobs);
    this.#next = page.next ?? null;
    this.#shown = this.#list.jobs;
    this.#render();
  }

  #event(event) {
    if (event.channel === SCHEDULES_CHANNEL) {
      this.#schedules.changed();
      return;
    }
    this.#aheadMs = Date.parse(event.time) - Date.now();
    this.#dirty = true;
    if (event.type === 'queue_changed') this.#cards.changed(event.data);
    else if (event.type === 'queue_counted') this.#cards.counted(event.data);
    else if (event.data.job) {
      this.#figuresOf(event.data.job.queue).add(event, performance.now());
      this.#list.apply(event.data, this.#next !== null);
      this.#changeShown(event.data);
    }
  }

  /** A row that stays where it is says what is so now, also if it does not fit the filter any more. */
  #changeShown({ job }) {
    if (this.#shown === this.#list.jobs) return;
    const at = this.#shown.findIndex(({ id }) => id === job.id);
    if (at < 0) return;
    const known = this.#list.jobs.find(({ id }) => id === job.id);
    this.#shown[at] = known ?? { ...this.#shown[at], ...job };
  }

  get #isHeld() {
    return this.#pointed || this.#selected.size > 0 || this.#find('jobs').contains(document.activeElement);
  }

  #tick() {
    if (document.hidden || !this.#stream) return;
    if (!this.#isHeld && this.#shown !== this.#list.jobs) this.#shown = this.#list.jobs;
    if (this.#isHeld && this.#shown === this.#list.jobs) this.#shown = [...this.#list.jobs];
    this.#cards.render(queue => this.#figuresOf(queue).at(performance.now()), Date.now() + this.#aheadMs);
    if (this.#dirty) this.#render();
  }

  #render() {
    this.#dirty = false;
    this.#table.show(this.#shown);
    const known = new Set(this.#shown.map(({ id }) => id));
    const fresh = this.#shown === this.#list.jobs ? 0 : this.#list.jobs.filter(({ id }) => !known.has(id)).length;
    const freshButton = this.#find('jobs-fresh');
    freshButton.hidden = fresh === 0;
    say(freshButton, `Show ${fresh >= PAGE ? `${PAGE} or more new jobs` : many(fresh, 'new job')}`);
    const filters = Object.entries(this.#filter).map(([name, value]) => `${name} ${value}`).join(', ');
    say(this.#find('jobs-state'), this.#shown.length === 0
      ? `There are no jobs${filters ? ` with ${filters}` : ''}${this.#before ? ' that are older' : ''}.`
      : `${many(this.#shown.length, 'job')}${filters ? ` with ${filters}` : ''}${this.#next ? ' and more' : ''}, the last enqueued first${this.#before ? ', an older page' : ''}.`);
    this.#find('jobs-more').hidden = this.#next === null;
    this.#find('jobs-first').hidden = this.#before === null;
    this.#renderActions();
  }

  #renderActions() {
    const selected = this.#selected.size;
    const all = this.#find('jobs-all');
    all.checked = selected > 0 && this.#shown.every(({ id }) => this.#selected.has(id));
    all.indeterminate = selected > 0 && !all.checked;
    for (const [action, { verb, from }] of Object.entries(ACTIONS)) {
      const button = this.#find(`jobs-${action}`);
      say(button, selected > 0 ? `${verb}: ${count(selected)} selected` : `${verb}: all of the filter`);
      button.disabled = this.#acting !== null || (selected === 0 && (this.#shown.length === 0 || (this.#filter.state && !from.includes(this.#filter.state))));
    }
    this.#find('jobs-stop').hidden = this.#acting === null;
  }

  #catchUp() {
    this.#selected.clear();
    this.#shown = this.#list.jobs;
    this.#find('jobs-title').focus();
    this.#render();
  }

  #selectAll(isOn) {
    this.#selected.clear();
    if (isOn) for (const { id } of this.#shown) this.#selected.add(id);
    this.#render();
  }

  #go(before) {
    this.#before = before;
    this.#selected.clear();
    this.#find('jobs-title').focus();
    this.#reload();
  }

  #reload() {
    this.#stream?.reload();
  }

  #search(form) {
    const id = form.id.value.trim();
    if (id) {
      if (UUID.test(id)) {
        form.id.value = '';
        location.hash = `#job=${id.toLowerCase()}`;
      } else say(this.#find('jobs-fault'), `“${id}” is not the id of a job: expected all of its 36 characters.`);
      return;
    }
    const wanted = hash({ queue: form.queue.value, state: form.state.value, type: form.type.value.trim() });
    if (location.hash === wanted) this.#reload();
    else location.hash = wanted;
  }

  async #act(action) {
    const { verb, done, from, tells } = ACTIONS[action];
    const ids = [...this.#selected];
    const filters = Object.entries(this.#filter).map(([name, value]) => `${name} ${value}`).join(', ');
    const what = ids.length > 0 ? many(ids.length, 'selected job') : `all jobs${filters ? ` with ${filters}` : ' of every queue'}`;
    const which = this.#filter.state || ids.length > 0 ? '' : ` Of those that are ${from.join(', ')}.`;
    if (!await confirmed(`${verb}: ${what}?`, `${tells}${which}`, verb)) return;
    const run = {};
    this.#acting = run;
    this.#renderActions();
    const told = ({ done: n, pending, refused }) => this.#tell(
      `${done}: ${count(n)}${pending > 0 ? `, ${count(pending)} not decided yet` : ''}${refused > 0 ? `, ${count(refused)} refused because they stand elsewhere by now` : ''}.`);
    try {
      await actOnMany(action, ids.length > 0 ? { ids } : { filter: this.#filter }, sum => {
        told(sum);
        return this.#acting === run;
      });
      this.#selected.clear();
    } catch (fault) {
      this.#tell(`Not all of it is done: ${fault.message}`);
    } finally {
      if (this.#acting === run) this.#acting = null;
      this.#dirty = true;
      this.#renderActions();
    }
  }

  #figuresOf(queue) {
    let figures = this.#figures.get(queue);
    if (!figures) {
      figures = new QueueFigures();
      this.#figures.set(queue, figures);
    }
    return figures;
  }

  #state(state, words) {
    const shown = this.#find('jobs-live');
    shown.dataset.state = state === 'idle' ? 'closed' : state;
    say(shown, words);
  }

  #tell(text) {
    say(this.#find('jobs-news'), text);
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

/** The address of jobs. @param {Record<string, string>} filter */
export function hash(filter) {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
  return query.size > 0 ? `#jobs=${query}` : '#jobs';
}
