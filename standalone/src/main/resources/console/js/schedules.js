// The schedules of jobs, with the next times at which they fire. They change seldom, and have no channel: they are asked for when the view is
// opened, and again when one of the times that are shown has passed.

import { call } from './access.js';
import { confirmed } from './confirm.js';
import { make, say, Table } from './table.js';
import { many, when } from './words.js';

const PAGE = 100;
const LEAST_MS = 10_000;
/** The longest that a timer of a browser can wait. */
const MOST_MS = 2_147_483_647;
const AFTER_MS = 1_000;

export class Schedules {
  #root;
  #table;
  #timer = null;
  #round = 0;

  /** @param {Document} root @param {(id: string) => string} linkTo where a job is shown */
  constructor(root, linkTo) {
    this.#root = root;
    this.#table = new Table(this.#find('schedules'), [
      { label: 'Schedule', text: ({ name }) => name },
      { label: 'When', text: ({ cron, time_zone: zone }) => `${cron}, ${zone}` },
      { label: 'Job', text: ({ type, queue }) => `${type} in ${queue}` },
      { label: 'Next times', fill: (cell, { next }) => times(cell, next) },
      { label: 'Missed, overlapping', text: ({ missed, overlap }) => `${missed}, ${overlap}` },
      { label: '', fill: (cell, schedule) => this.#button(cell, schedule, linkTo) },
    ], ({ name }) => name);
  }

  start() {
    void this.#load(++this.#round);
  }

  stop() {
    this.#round++;
    clearTimeout(this.#timer);
  }

  async #load(round) {
    clearTimeout(this.#timer);
    const state = this.#find('schedules-state');
    try {
      const { schedules, next } = await call('GET', `/schedules?limit=${PAGE}`);
      if (round !== this.#round) return;
      this.#table.show(schedules);
      say(state, schedules.length === 0 ? 'There are no schedules: PUT /schedules/NAME makes one.' : `${many(schedules.length, 'schedule')}${next ? ' and more' : ''}, by name.`);
      const first = Math.min(...schedules.map(schedule => Date.parse(schedule.next[0])).filter(at => !Number.isNaN(at)));
      if (first < Infinity) {
        const waitMs = Math.min(MOST_MS, Math.max(LEAST_MS, first - Date.now() + AFTER_MS));
        this.#timer = setTimeout(() => this.#load(round), waitMs);
      }
    } catch (fault) {
      if (round === this.#round) say(state, fault.message);
    }
  }

  #button(cell, { name, type }, linkTo) {
    if (cell.firstChild) return;
    const button = make('button', { type: 'button', className: 'quiet', textContent: 'Run now', ariaLabel: `Run ${name} now` });
    const link = make('a', { hidden: true });
    button.addEventListener('click', async () => {
      if (!await confirmed(`Run ${name} now?`, `A job of the type ${type} is enqueued, beside the times of the schedule.`, 'Run now')) return;
      const news = this.#find('schedules-news');
      try {
        const { id, state } = await call('POST', `/schedules/${encodeURIComponent(name)}/run-now`);
        say(news, `${name}: the job is ${state}.`);
        Object.assign(link, { href: linkTo(id), textContent: ' Its job', hidden: false });
      } catch (fault) {
        say(news, `Not done: ${fault.message}`);
      }
    });
    cell.append(button, link);
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

function times(cell, next) {
  const made = next.join();
  if (cell.dataset.made === made) return;
  cell.dataset.made = made;
  cell.replaceChildren(make('ol', { className: 'times' }, ...next.map(time => make('li', {}, make('time', { dateTime: time, textContent: when(time) })))));
}
