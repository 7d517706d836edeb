// One job, live: how it stands, its attempts and what they have logged, what it was given and led to, and what has happened to it.

import { call } from './access.js';
import { confirmed } from './confirm.js';
import { EventList } from './event-list.js';
import { act, ACTIONS } from './job-actions.js';
import { stateOf } from './job-columns.js';
import { after } from './job-list.js';
import { JobLog, readLog } from './job-log.js';
import { JobStream } from './job-stream.js';
import { make, say, Table } from './table.js';
import { moment, span, when } from './words.js';

/** As the server takes it. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const RENDER_MS = 250;
/** So much of what has happened is read again. */
const PAST = 200;

export class JobPage {
  #root;
  #linkToQueue;
  #attempts;
  #events;
  #log;
  #stream = null;
  #id = null;
  #job = null;
  #timer = null;

  /** @param {Document} root @param {(queue: string) => string} linkToQueue where the jobs of a queue are shown */
  constructor(root, linkToQueue) {
    this.#root = root;
    this.#linkToQueue = linkToQueue;
    this.#events = new EventList(this.#find('job-events'));
    this.#log = new JobLog(this.#find('job-log'), this.#find('job-no-log'));
    this.#attempts = new Table(this.#find('job-attempts'), [
      { label: 'Attempt', text: ({ attempt }) => String(attempt) },
      { label: 'Outcome', fill: (cell, { outcome }) => stateOf(cell, { state: outcome ?? 'running' }) },
      { label: 'Worker', text: ({ worker }) => worker ?? '' },
      { label: 'Began', text: ({ started_at: at }) => (at ? moment(at) : '') },
      { label: 'When, since it was enqueued', fill: (cell, attempt) => this.#bar(cell, attempt) },
      { label: 'Took', isNumber: true, text: ({ started_at: from, ended_at: to }) => (from && to ? span(Date.parse(to) - Date.parse(from)) : '') },
      { label: 'Error', text: ({ error }) => (error ? `${error.type}: ${error.message}` : '') },
    ], ({ attempt }) => String(attempt));
    for (const action of Object.keys(ACTIONS)) this.#find(`job-${action}`).addEventListener('click', () => this.#act(action));
  }

  /** @param {boolean} _ @param {string} [id] */
  start(_, id = '') {
    this.stop();
    this.#id = id;
    this.#job = null;
    this.#events.clear();
    this.#log.clear();
    this.#find('job').hidden = true;
    say(this.#find('job-title'), `Job ${id}`);
    say(this.#find('job-news'), '');
    say(this.#find('job-fault'), UUID.test(id) ? '' : `“${id}” is not the id of a job.`);
    this.#state('idle', 'not following');
    if (!UUID.test(id)) return;
    const stream = new JobStream({
      load: async () => {
        const job = await call('GET', `/jobs/${encodeURIComponent(id)}`);
        return { job, log: await readLog(id) };
      },
      loaded: ({ job, log }) => {
        this.#log.show(log);
        this.#loaded(job);
      },
      event: event => this.#event(event),
      state: (state, words) => this.#state(state, words),
      fault: fault => say(this.#find('job-fault'), fault?.message ?? ''),
    });
    this.#stream = stream;
    void stream.open([`job:${id}`], `last:${PAST}`);
    this.#timer = setInterval(() => { if (!document.hidden && this.#job?.state === 'running') this.#render(); }, RENDER_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#stream?.close();
    this.#stream = null;
  }

  #loaded(job) {
    this.#job = job;
    this.#find('job').hidden = false;
    for (const [name, value] of [['payload', job.payload], ['result', job.result]]) {
      this.#find(`job-${name}-part`).hidden = value === undefined;
      say(this.#find(`job-${name}`), JSON.stringify(value, null, 2) ?? '');
    }
    this.#render();
  }

  #event(event) {
    const { type, time, data } = event;
    if (type === 'job_logged') {
      this.#log.add(data);
      return;
    }
    this.#events.add(event);
    // What was before that what the server has said is told as past alone.
    if (!data.job || Date.parse(time) < lastChange(this.#job)) return;
    this.#job = { ...after(this.#job, data), attempts: attemptsAfter(this.#job.attempts ?? [], type, time, data) };
    if (data.result !== undefined && data.result !== null) this.#loaded(this.#job);
    else this.#render();
  }

  #render() {
    const job = this.#job;
    const facts = [
      ['State', cell => stateOf(cell, job)],
      ['Progress', progressOf(job)],
      ['Type', job.type],
      ['Queue', cell => { if (!cell.firstChild) cell.append(make('a', { href: this.#linkToQueue(job.queue), textContent: job.queue })); }],
      ['Attempt', `${job.attempt} of ${job.max_attempts}, ${span(job.timeout_seconds * 1000)} each at the most`],
      ['Worker', job.worker ?? ''],
      ['Priority', `${job.priority} of 9`],
      ['Key', job.key ?? ''],
      ['Unique key', job.unique_key ?? ''],
      ['Enqueued', when(job.enqueued_at)],
      ['May run', job.state === 'scheduled' || job.state === 'retrying' ? when(job.run_at) : ''],
      ['Began', job.started_at ? when(job.started_at) : ''],
      ['Ended', job.finished_at ? when(job.finished_at) : ''],
      ['Last error', job.last_error ? `${job.last_error.type} in attempt ${job.last_error.attempt}: ${job.last_error.message}` : ''],
    ].filter(([, what]) => what !== '');
    showFacts(this.#find('job-facts'), facts);
    this.#attempts.show(job.attempts ?? []);
    this.#find('job-no-attempts').hidden = (job.attempts ?? []).length > 0;
    for (const [action, { from }] of Object.entries(ACTIONS)) this.#find(`job-${action}`).disabled = !from.includes(job.state);
  }

  #bar(cell, { started_at: from, ended_at: to }) {
    const bar = cell.firstElementChild ?? cell.appendChild(make('span', { className: 'track' }, make('span', { className: 'attempt-bar' })));
    const [start, now] = [Date.parse(this.#job.enqueued_at), this.#job.finished_at ? Date.parse(this.#job.finished_at) : Date.now()];
    const whole = Math.max(1, now - start);
    const at = time => Math.min(100, Math.max(0, 100 * (time - start) / whole));
    const left = from ? at(Date.parse(from)) : 0;
    bar.firstElementChild.style.left = `${left}%`;
    bar.firstElementChild.style.width = `${Math.max(1, at(to ? Date.parse(to) : now) - left)}%`;
  }

  async #act(action) {
    const { verb, tells } = ACTIONS[action];
    const news = this.#find('job-news');
    if (action === 'cancel' && !await confirmed('Cancel this job?', tells.replace(/^Those that run are/, 'If it runs, it is'), 'Cancel it')) return;
    const id = this.#id;
    try {
      const { state } = await act(action, id);
      if (id === this.#id) say(news, state === 'pending' ? 'Asked for. The dispatcher has not decided it yet.' : `${verb}: done, the job is ${state}.`);
    } catch (fault) {
      if (id === this.#id) say(news, `Not done: ${fault.message}`);
    }
  }

  #state(state, words) {
    const shown = this.#find('job-live');
    shown.dataset.state = state === 'idle' ? 'closed' : state;
    say(shown, words);
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

/** When the last of what a job says has happened. */
function lastChange({ enqueued_at: enqueued, started_at: started, finished_at: finished, attempts = [] }) {
  const ended = attempts.map(({ ended_at: at }) => at);
  return Math.max(...[enqueued, started, finished, ...ended].filter(Boolean).map(time => Date.parse(time)));
}

function attemptsAfter(attempts, type, time, { job, error }) {
  const outcome = {
    job_started: null,
    job_retrying: error?.type === 'handed_back' ? 'handed_back' : 'failed',
    job_dead: 'failed',
    job_succeeded: 'succeeded',
    job_cancelled: 'cancelled',
  }[type];
  if (outcome === undefined || job.attempt === 0) return attempts;
  const at = attempts.findIndex(({ attempt }) => attempt === job.attempt);
  const before = attempts[at] ?? { attempt: job.attempt, worker: job.worker, started_at: job.started_at };
  // An attempt has one outcome.
  const now = outcome === null || before.outcome
    ? before
    : { ...before, outcome, ended_at: time, ...(outcome === 'failed' && error && { error }) };
  return at < 0 ? [...attempts, now] : attempts.with(at, now);
}

function progressOf({ progress }) {
  if (!progress) return '';
  const { fraction, message } = progress;
  return [fraction === undefined || fraction === null ? '' : `${Math.round(fraction * 100)} %`, message ?? ''].filter(Boolean).join(', ');
}

/** Facts keep their elements, so that neither the focus nor a selection is lost. */
function showFacts(list, facts) {
  const known = new Map([...list.querySelectorAll('dt')].map(term => [term.textContent, term]));
  let place = list.firstElementChild;
  for (const [name, what] of facts) {
    let term = known.get(name);
    let value = term?.nextElementSibling;
    known.delete(name);
    if (!term) {
      term = make('dt', { textContent: name });
      value = make('dd');
    }
    if (term === place) place = value.nextElementSibling;
    else {
      list.insertBefore(term, place);
      list.insertBefore(value, place);
    }
    if (typeof what === 'string') say(value, what);
    else what(value);
  }
  for (const term of known.values()) {
    term.nextElementSibling.remove();
    term.remove();
  }
}
