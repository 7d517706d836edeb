// Seeded schedules of what goes wrong, in the format of clients/schedules.md: how they are made, and a server that does them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestServer } from './server.js';

/** A generator of numbers from 0 to 1 that depends on its seed alone (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const KINDS = ['cut', 'cut', 'cut', 'kill', 'drain', 'refuse', 'refuse', 'token', 'lose', 'lose', 'reset', 'html', 'silent', 'bad_cursor', 'hide'];

const MORE_KINDS = [...KINDS, 'thin', 'thin', 'thin', 'freeze', 'freeze', 'close', 'close', 'no_token'];

/** The schedules up to this one have the kinds alone that there were when they were written. */
const FIRST_WITH_MORE = 51;

/** The schedule of a seed. */
export function schedule(seed) {
  const kinds = seed < FIRST_WITH_MORE ? KINDS : MORE_KINDS;
  const random = seeded(seed);
  const upTo = n => Math.floor(random() * (n + 1));
  const steps = Array.from({ length: 3 + upTo(6) }, () => {
    const kind = kinds[upTo(kinds.length - 1)];
    switch (kind) {
      case 'refuse': return { do: kind, status: [503, 502, 429, 500][upTo(3)], retry_after: upTo(1) };
      case 'lose': return { do: kind, events: 1 + upTo(4), after: upTo(5) };
      case 'reset': return { do: kind, events: upTo(4), after: upTo(5), reason: ['truncated', 'other_generation', 'beyond_end'][upTo(2)] };
      case 'html': case 'bad_cursor': case 'hide': return { do: kind };
      case 'thin': return { do: kind, channel: upTo(2), events: 1 + upTo(3), after: upTo(5) };
      case 'close': return { do: kind, reason: ['overloaded', 'unavailable', 'too_many_streams'][upTo(2)], after: upTo(5) };
      default: return { do: kind, after: upTo(8) };
    }
  });
  return { seed, channels: [`news:s${seed}-a`, `news:s${seed}-b`, `news:s${seed}-c`], events: 60, steps };
}

/** The schedules that the tests run: those of the file, or as many others as the environment variable says. */
export function schedules() {
  const more = Number(process.env.TAILRACE_SCHEDULES ?? 0);
  return more > 0 ? Array.from({ length: more }, (_, i) => schedule(1001 + i))
    : JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'schedules.json'), 'utf8'));
}

/** How long a page is frozen. */
const FROZEN_MS = 3_600_000;

/** Does a schedule: each stream that is opened takes the next step, and the one after the last step brings all that is left. */
export class ScheduleServer extends TestServer {
  #next = 0;
  #served = 0;
  #floor = 0;
  /** Of each channel, before which event retention has taken its own. */
  #floors = new Map();
  #reset = null;
  #tokens = 0;
  #badCursor = false;
  #withoutToken = false;
  /** A driver's clock goes on by so many milliseconds, as that of a page that was frozen. */
  slept = ms => {};

  constructor(plan) {
    super();
    this.plan = plan;
    this.onStream(stream => this.#serve(stream));
  }

  /** The token that counts now. */
  get token() { return `token-${this.#tokens}`; }

  /** What a driver's token callback gives, or throws. */
  async giveToken() {
    if (!this.#withoutToken) return this.token;
    this.#withoutToken = false;
    throw new Error('there is no token now');
  }

  #serve(stream) {
    if (stream.token !== this.token) {
      stream.refuse(401, { type: 'unauthorized' });
      return;
    }
    if (this.#badCursor && stream.cursor) {
      this.#badCursor = false;
      stream.refuse(400, { type: 'invalid-cursor' });
      return;
    }
    const step = this.plan.steps[this.#next++] ?? { do: 'all' };
    switch (step.do) {
      case 'refuse': stream.refuse(step.status, { type: 'unavailable' }, { 'Retry-After': String(step.retry_after) }); break;
      case 'html': stream.head('text/html').write('<html><body>Sign in to the network</body></html>').end(); break;
      case 'bad_cursor': this.#badCursor = true; this.#bring(stream, 2).cut(); break;
      // What hides a page is the browser; to the server it is a connection that goes.
      case 'hide': this.#bring(stream, 1).cut(); break;
      case 'all': this.#bring(stream, Infinity); break;
      case 'silent': this.#bring(stream, step.after); break;
      case 'kill': this.#bring(stream, step.after).cut(); break;
      case 'cut':
        this.#bring(stream, step.after).write(`id: c${this.plan.events}\nevent: counted\ndata: {"channel":"${this.plan.channels[0]}","id":"ha`);
        stream.end();
        break;
      case 'drain': this.#bring(stream, step.after).control('closing', { reason: 'draining', reconnect: true }).end(); break;
      case 'token': case 'no_token':
        this.#bring(stream, step.after);
        this.#tokens++;
        this.#withoutToken = step.do === 'no_token';
        stream.control('closing', { reason: 'token_expired', reconnect: false }).end();
        break;
      case 'close': this.#bring(stream, step.after).control('closing', { reason: step.reason, reconnect: true }).end(); break;
      case 'freeze':
        this.#bring(stream, step.after);
        setTimeout(() => {
          this.slept(FROZEN_MS);
          this.#send(stream, 2).cut();
        }, 5);
        break;
      case 'thin':
        this.#bring(stream, step.after).cut();
        this.#take(step);
        break;
      case 'lose':
        this.#bring(stream, step.after).cut();
        this.#floor = Math.min(this.plan.events - 5, this.#served + step.events);
        break;
      case 'reset':
        this.#bring(stream, step.after).cut();
        this.#reset = { reason: step.reason, to: Math.min(this.plan.events - 5, this.#served + step.events) };
        break;
      default: throw new Error(`no such step: ${step.do}`);
    }
  }

  /** The next events after the cursor, and first what the cursor has missed. */
  #bring(stream, count) {
    const { channels, events } = this.plan;
    let at = stream.cursor ? Number(stream.cursor.slice(1)) : 0;
    stream.open({ id: `c${at}`, at: 'offset', retry: 1, connectionId: `conn-${this.#next}` });
    if (this.#reset !== null) {
      const { reason, to } = this.#reset;
      this.#reset = null;
      at = Math.max(at, to);
      this.#floor = Math.max(this.#floor, at);
      stream.control('reset', { reason, channels: channels.map(channel => ({ channel, start: { at: 'offset' } })) }, `c${at}`);
    }
    if (at < this.#floor) {
      stream.control('gap', { channels, from: at, to: this.#floor, lost: this.#floor - at }, `c${this.#floor}`);
      at = this.#floor;
    }
    for (const [channel, floor] of this.#floors) {
      const lost = Array.from({ length: Math.max(0, floor - at) }, (_, i) => channels[(at + i) % channels.length]).filter(each => each === channel).length;
      if (lost > 0) stream.control('gap', { channels: [channel], from: at, to: floor, lost }, `c${at}`);
    }
    stream.at = at;
    return this.#send(stream, count);
  }

  #send(stream, count) {
    const { channels, events } = this.plan;
    for (let left = count; left > 0 && stream.at < events; stream.at++) {
      const n = stream.at;
      const channel = channels[n % channels.length];
      if (n < (this.#floors.get(channel) ?? 0)) continue;
      stream.event(channel, { n }, { id: `c${n + 1}` });
      left--;
    }
    this.#served = Math.max(this.#served, stream.at);
    if (stream.at === events) stream.control('caught_up', {}, `c${events}`);
    return stream;
  }

  /** Retention takes the next events of one channel alone that were not sent yet. */
  #take({ channel, events }) {
    const { length } = this.plan.channels;
    const first = this.#served + (channel - this.#served % length + length) % length;
    const name = this.plan.channels[channel];
    this.#floors.set(name, Math.max(this.#floors.get(name) ?? 0, Math.min(this.plan.events - 5, first + (events - 1) * length + 1)));
  }
}

/**
 * Holds what a client was given against the promise: every event once and in order, or the gap is told.
 * @param {object} plan
 * @param {({n: number} | {told: 'gap' | 'reset', lost: number | null, channels: string[]})[]} received in its order
 * @returns {string[]} what is wrong
 */
export function broken(plan, received) {
  const wrong = [];
  let next = 0;
  let isReset = false;
  /** What gaps have told to be missing from here on: how much, and of which channels (of any if there are none). */
  let told = [];
  for (const each of received) {
    if (each.told === 'reset') isReset = true;
    else if (each.told === 'gap') told.push({ channels: each.channels, left: each.lost ?? Infinity });
    else {
      const { n } = each;
      if (n === next - 1 || (n < next && !isReset)) wrong.push(`${n} came again after ${next - 1}`);
      // After a reset anything may follow.
      for (let missing = next; missing < n && !isReset; missing++) {
        const channel = plan.channels[missing % plan.channels.length];
        const gap = told.find(({ channels, left }) => left > 0 && (channels.length === 0 || channels.includes(channel)));
        if (gap) gap.left--;
        else wrong.push(`${missing} is missing before ${n} and no gap was told`);
      }
      // What is taken of all channels is taken at once; of one channel, its events are missing among those of the others.
      told = told.filter(({ channels, left }) => left > 0 && channels.length === 1);
      isReset = false;
      next = n + 1;
    }
  }
  if (next !== plan.events) wrong.push(`it ends at ${next} of ${plan.events}`);
  return wrong;
}
