// The schedules of jobs, with the next times at which they fire. They are asked for when the view is opened, and again when their channel says
// that one was set, has fired, was skipped or is deleted.

import { call } from './access.js';
import { confirmed } from './confirm.js';
import { make, say, Table } from './table.js';
import { many, when } from './words.js';

/** The channel that tells of them. */
export const SCHEDULES_CHANNEL = 'jobs:.schedules';

const PAGE = 100;
/** When it is asked after an event. The answer comes from a copy, which can be some seconds behind the channel. Many events are one question. */
const ASKED_AFTER_MS = [1_000, 4_000, 10_000];

export class Schedules {
  #root;
  #table;
  #timer = null;
  /** How often it was asked since the last event. */
  #asked = 0;
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
    this.#timer = null;
  }

  /** Something has happened on the channel. */
  changed() {
    this.#asked = 0;
    if (this.#timer === null) this.#ask();
  }

  #ask() {
    const round = this.#round;
    this.#timer = setTimeout(async () => {
      await this.#load(round);
      if (round !== this.#round) return;
      this.#timer = null;
      if (this.#asked < ASKED_AFTER_MS.length) this.#ask();
    }, ASKED_AFTER_MS[this.#asked++]);
  }

  async #load(round) {
    const state = this.#find('schedules-state');
    try {
      const { schedules, next } = await call('GET', `/schedules?limit=${PAGE}`);
      if (round !== this.#round) return;
      this.#table.show(schedules);
      say(state, schedules.length === 0 ? 'There are no schedules: PUT /schedules/NAME makes one.' : `${many(schedules.length, 'schedule')}${next ? ' and more' : ''}, by name.`);
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
