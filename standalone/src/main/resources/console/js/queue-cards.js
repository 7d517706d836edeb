// The queues: how many jobs stand where, how fast they come and go, how long they wait and run; pausing, resuming and limits.

import { call } from './access.js';
import { make, say } from './table.js';
import { count, rate, span } from './words.js';

const STATES = ['ready', 'running', 'scheduled', 'retrying', 'dead', 'succeeded', 'cancelled'];
const LIMITS = [
  ['concurrency', 'Jobs at a time', '1'],
  ['rate_per_second', 'Jobs a second', 'any'],
  ['key_concurrency', 'Of each key at a time', '1'],
  ['key_rate_per_second', 'Of each key a second', 'any'],
];
const WIDTH = 120;
const HEIGHT = 28;
const SVG = 'http://www.w3.org/2000/svg';

export class QueueCards {
  #list;
  #linkTo;
  #told;
  /** By name: the elements of a card, and how its queue stands. */
  #cards = new Map();

  /**
   * @param {HTMLElement} list
   * @param {(queue: string, state: string) => string} linkTo where the jobs of a queue in a state are shown
   * @param {(text: string) => void} told what was done, or not
   */
  constructor(list, linkTo, told) {
    this.#list = list;
    this.#linkTo = linkTo;
    this.#told = told;
  }

  /** @param {object[]} queues as the server gives them */
  show(queues) {
    const names = new Set(queues.map(({ name }) => name));
    for (const [name, card] of this.#cards) {
      if (names.has(name)) continue;
      card.item.remove();
      this.#cards.delete(name);
    }
    let place = this.#list.firstElementChild;
    for (const queue of queues) {
      const card = this.#cards.get(queue.name) ?? this.#added(queue.name);
      card.queue = queue;
      // What is moved loses the focus.
      if (card.item === place) place = place.nextElementSibling;
      else this.#list.insertBefore(card.item, place);
    }
  }

  /** A queue was paused, resumed or limited. */
  changed({ queue, paused, limits }) {
    const card = this.#cards.get(queue);
    if (card) card.queue = { ...card.queue, state: paused ? 'paused' : 'running', limits };
  }

  /** Its jobs were counted. */
  counted({ queue, sizes, oldest_waiting_at: oldest }) {
    const card = this.#cards.get(queue);
    if (card) card.queue = { ...card.queue, sizes, oldest_waiting_at: oldest };
  }

  /**
   * Brings what is shown up to date.
   * @param {(queue: string) => ReturnType<import('./queue-figures.js').QueueFigures['at']>} figuresOf
   * @param {number} serverMs what time it is at the server
   */
  render(figuresOf, serverMs) {
    for (const [name, card] of this.#cards) this.#update(card, figuresOf(name), serverMs);
  }

  #update(card, { rates, waits, runs, series }, serverMs) {
    const { state, sizes, limits, oldest_waiting_at: oldest } = card.queue;
    card.state.dataset.state = state === 'paused' ? 'paused' : 'live';
    say(card.state, state);
    for (const each of STATES) {
      say(card.sizes[each], count(sizes[each]));
      card.sizes[each].parentElement.dataset.some = String(sizes[each] > 0);
    }
    draw(card.lines, series);
    say(card.rates, `${rate(rates.enqueued)} in, ${rate(rates.succeeded)} done, ${rate(rates.failed)} failed`);
    const waitedMs = oldest ? serverMs - Date.parse(oldest) : -1;
    say(card.oldest, waitedMs >= 0 ? span(waitedMs) : 'none waits');
    say(card.waits, latency(waits));
    say(card.runs, latency(runs));
    say(card.limits, limited(limits));
    const isPaused = state === 'paused';
    say(card.toggle, isPaused ? 'Resume' : 'Pause');
    card.toggle.ariaLabel = `${isPaused ? 'Resume' : 'Pause'} ${card.queue.name}`;
  }

  #added(name) {
    const card = { item: make('li', { className: 'queue' }), sizes: {}, queue: null };
    card.item.dataset.queue = name;
    const title = make('h3', {}, make('a', { href: this.#linkTo(name, ''), textContent: name }));
    card.state = make('span', { className: 'state' });
    const sizes = make('ul', { className: 'sizes' });
    for (const state of STATES) {
      card.sizes[state] = make('b');
      sizes.append(make('li', {}, make('a', { href: this.#linkTo(name, state) }, card.sizes[state], ` ${state}`)));
    }
    card.lines = chart(name);
    card.rates = make('p', { className: 'rates' });
    const facts = make('dl', { className: 'facts' });
    const fact = label => {
      const value = make('dd');
      facts.append(make('dt', { textContent: label }), value);
      return value;
    };
    card.oldest = fact('Oldest waiting');
    card.waits = fact('Waits');
    card.runs = fact('Runs');
    card.limits = fact('Limits');
    card.toggle = make('button', { type: 'button', className: 'quiet' });
    card.toggle.addEventListener('click', () => this.#toggle(card));
    const limit = make('button', { type: 'button', className: 'quiet', textContent: 'Limits', ariaLabel: `Limits of ${name}`, ariaExpanded: 'false' });
    const form = this.#form(card, name, limit);
    limit.addEventListener('click', () => {
      form.hidden = !form.hidden;
      limit.ariaExpanded = String(!form.hidden);
      if (form.hidden) return;
      for (const [field] of LIMITS) form[field].value = card.queue.limits[field];
      form[LIMITS[0][0]].focus();
    });
    card.item.append(make('header', { className: 'line' }, title, card.state), sizes, card.lines[0].ownerSVGElement, card.rates, facts,
      make('div', { className: 'buttons' }, card.toggle, limit), form);
    this.#cards.set(name, card);
    return card;
  }

  #form(card, name, opener) {
    const form = make('form', { className: 'form limits', hidden: true });
    for (const [field, label, step] of LIMITS) {
      form.append(make('label', {}, `${label} `, make('input', { name: field, type: 'number', min: '0', step, required: true })));
    }
    const declared = make('button', { type: 'button', className: 'quiet', textContent: 'As declared' });
    form.append(make('p', { className: 'hint', textContent: '0 is no limit.' }),
      make('div', { className: 'buttons' }, make('button', { type: 'submit', textContent: 'Set' }), declared));
    const set = async body => {
      form.hidden = true;
      opener.ariaExpanded = 'false';
      opener.focus();
      await this.#change(card, 'PUT', `/queues/${encodeURIComponent(name)}`, body, `${name} has other limits.`);
    };
    form.addEventListener('submit', submitted => {
      submitted.preventDefault();
      void set(Object.fromEntries(LIMITS.map(([field]) => [field, Number(form[field].value)])));
    });
    declared.addEventListener('click', () => set({}));
    return form;
  }

  #toggle(card) {
    const { name, state } = card.queue;
    const isPaused = state === 'paused';
    return this.#change(card, 'POST', `/queues/${encodeURIComponent(name)}/${isPaused ? 'resume' : 'pause'}`, undefined,
      isPaused ? `${name} goes on.` : `${name} starts no further job. What runs goes on.`);
  }

  async #change(card, method, path, body, told) {
    try {
      const { state, limits } = await call(method, path, body);
      // The stream says it, too, if it is followed.
      if (state !== 'pending') card.queue = { ...card.queue, state, limits };
      this.#told(state === 'pending' ? 'Asked for. The dispatcher has not decided it yet.' : told);
    } catch (fault) {
      this.#told(`Not done: ${fault.message}`);
    }
  }
}

function latency(quantiles) {
  return quantiles ? `${span(quantiles.p50)} at the median, ${span(quantiles.p99)} at p99` : 'nothing in the last minute';
}

function limited({ concurrency, rate_per_second: perSecond, key_concurrency: ofKey, key_rate_per_second: ofKeyPerSecond }) {
  const parts = [
    concurrency && `${count(concurrency)} at a time`,
    perSecond && `${count(perSecond)} a second`,
    ofKey && `${count(ofKey)} of each key at a time`,
    ofKeyPerSecond && `${count(ofKeyPerSecond)} of each key a second`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'none';
}

/** @returns {SVGPolylineElement[]} what came in, and what was done */
function chart(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', 'spark');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `Jobs a second of ${name} in the last minute, in and done`);
  return ['in', 'done'].map(kind => {
    const line = document.createElementNS(SVG, 'polyline');
    line.setAttribute('class', kind);
    svg.append(line);
    return line;
  });
}

function draw([into, done], series) {
  const most = Math.max(1, ...series.flatMap(second => [second.enqueued, second.done]));
  const points = kind => series
    .map((second, i) => `${(i * WIDTH / (series.length - 1)).toFixed(1)},${(HEIGHT - 1 - second[kind] * (HEIGHT - 2) / most).toFixed(1)}`).join(' ');
  into.setAttribute('points', points('enqueued'));
  done.setAttribute('points', points('done'));
}
