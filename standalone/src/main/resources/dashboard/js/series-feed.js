// One series as a panel has it: the windows of a range, and then what their channel brings, as one sequence. The answer says at which
// position it is true, and the channel is followed from there. Where events are missing, the windows are read again.

import { followSnapshot } from '/live/client/history.js';
import { SeriesPoints } from '/live/chart/series-points.js';
import { lengthOf } from '/live/chart/scales.js';
import { isAway } from '/live/js/backoff.js';
import { pauseMs } from '/live/client/backoff.js';
import { call } from '/live/js/api.js';
import { Rounds } from './rounds.js';

const COLUMNS = 't,count,min,max,mean,last';

/** A window can be ahead of this clock, and is to be there when its time comes. */
const AHEAD_MS = 60_000;

/** How many gaps are kept; older ones are forgotten. */
const MOST_GAPS = 20;

/** After how many new windows those are forgotten that are out of the range. */
const FORGET_EACH = 1_000;

export class SeriesFeed {
  #client;
  #told;
  #round = 0;
  #source = null;
  /** What was followed before, for as long as nothing new is: the connection is not let go of in between. */
  #former = [];
  #wake = () => {};

  /** The windows; null before there is an answer. @type {SeriesPoints | null} */
  points = null;
  /** What the answer says of the metric: {id, name, unit?}. */
  metric = null;
  resolution = null;
  /** What is wrong. @type {Error | null} */
  fault = null;
  /** What a bridge could not copy, as it was told since the panel was opened. @type {{from: ?string, to: ?string, reason: string}[]} */
  gaps = [];
  /** How many events have been taken, how many of them changed a window that was there, and how many brought nothing new. */
  taken = { added: 0, changed: 0, old: 0 };

  /**
   * @param {import('/live/client/shared/index.js').SharedClient} client
   * @param {string} id of the metric
   * @param {() => void} told something is to be drawn anew
   */
  constructor(client, id, told) {
    this.#client = client;
    this.id = id;
    this.#told = told;
  }

  /**
   * Reads and follows. What was shown stays until the answer is there.
   * @param {() => {from: number, to: number, isLive: boolean, resolution: string, maxPoints: number}} wanted asked each time when it is read
   */
  async open(wanted) {
    if (this.#source) this.#former.push(this.#source);
    this.#source = null;
    const round = ++this.#round;
    this.#wake();
    const rounds = new Rounds();
    while (round === this.#round) {
      let askedMs = 0;
      try {
        const view = wanted();
        const answer = await this.#read(view);
        if (round !== this.#round) return;
        this.#show(answer);
        rounds.follows(performance.now());
        await this.#follow(answer, view, round);
      } catch (fault) {
        if (round !== this.#round) return;
        this.fault = fault;
        this.#told();
        if (!(fault.passes ?? isAway(fault))) return;
        askedMs = fault.retryAfterMs ?? 0;
      }
      if (round !== this.#round) return;
      // Also where events are missing: a copy that is behind the retention of its channel answers with the same position again.
      await this.#pause(pauseMs(rounds.ended(performance.now()), askedMs, Math.random()));
    }
  }

  close() {
    this.#round++;
    this.#source?.close();
    this.#source = null;
    this.#forgetFormer();
    this.#wake();
  }

  /** Until the time is over, or something else is wanted. */
  #pause(ms) {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #forgetFormer() {
    for (const each of this.#former.splice(0)) each.close();
  }

  #read({ from, to, isLive, resolution, maxPoints }) {
    const query = new URLSearchParams({
      from: new Date(from).toISOString(), to: new Date(isLive ? to + AHEAD_MS : to).toISOString(),
      resolution, max_points: String(maxPoints), columns: COLUMNS,
    });
    return call('GET', `/metrics/${this.id}/series?${query}`);
  }

  #show(answer) {
    this.points = new SeriesPoints(lengthOf(answer.resolution));
    this.points.load(answer);
    this.metric = answer.metric;
    this.resolution = answer.resolution;
    this.fault = null;
    this.#told();
  }

  #take(data, view) {
    if (!isSeen(data, view, lengthOf(this.resolution))) return;
    const outcome = this.points.apply(data);
    this.taken[outcome]++;
    // A page that nobody sees draws nothing, and forgets all the same.
    if (view.isLive && outcome === 'added' && this.taken.added % FORGET_EACH === 0) this.points.dropBefore(Date.parse(data.t) - 1.2 * (view.to - view.from));
    this.#told();
  }

  #miss({ from, to, reason }) {
    this.gaps = [...this.gaps, { from, to, reason }].slice(-MOST_GAPS);
    this.#told();
  }

  /** Returns when the windows have to be read again. */
  async #follow(answer, view, round) {
    const source = closable(this.#client, () => this.#forgetFormer());
    this.#source = source;
    try {
      for await (const each of followSnapshot(source, answer.channel, () => answer)) {
        // It goes on until something else is followed in its place.
        if (round !== this.#round) continue;
        if (each.kind === 'gap' || each.kind === 'reset') return;
        if (each.kind !== 'event') continue;
        if (each.type === 'point') this.#take(each.data, view);
        else if (each.type === 'series_gap') this.#miss(each.data);
      }
    } finally {
      source.close();
    }
  }
}

/** Whether a window touches a range that stands; one that ends now moves on to it. */
function isSeen(data, { from, to, isLive }, lengthMs) {
  const t = Date.parse(data.t);
  return isLive || (t > from - lengthMs && t < to);
}

/** A client whose subscriptions can be ended while nothing comes: a loop over them ends then, too. @param {() => void} subscribed told of each */
function closable(client, subscribed) {
  const subscriptions = [];
  return {
    access: () => client.access(),
    get cursor() { return client.cursor; },
    subscribe: (...wanted) => {
      const subscription = client.subscribe(...wanted);
      subscriptions.push(subscription);
      subscribed();
      return subscription;
    },
    close: () => { for (const each of subscriptions.splice(0)) each.close(); },
  };
}
