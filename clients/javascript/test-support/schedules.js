// Seeded schedules of what goes wrong, in the format of clients/schedules.md: how they are made, and a server that does them.

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

/** The schedule of a seed. */
export function schedule(seed) {
  const random = seeded(seed);
  const upTo = n => Math.floor(random() * (n + 1));
  const steps = Array.from({ length: 3 + upTo(6) }, () => {
    const kind = KINDS[upTo(KINDS.length - 1)];
    switch (kind) {
      case 'refuse': return { do: kind, status: [503, 502, 429, 500][upTo(3)], retry_after: upTo(1) };
      case 'lose': return { do: kind, events: 1 + upTo(4), after: upTo(5) };
      case 'reset': return { do: kind, events: upTo(4), after: upTo(5), reason: ['truncated', 'other_generation', 'beyond_end'][upTo(2)] };
      case 'html': case 'bad_cursor': case 'hide': return { do: kind };
      default: return { do: kind, after: upTo(8) };
    }
  });
  return { seed, channels: [`news:s${seed}-a`, `news:s${seed}-b`, `news:s${seed}-c`], events: 60, steps };
}

/** Does a schedule: each stream that is opened takes the next step, and the one after the last step brings all that is left. */
export class ScheduleServer extends TestServer {
  #next = 0;
  #served = 0;
  #floor = 0;
  #reset = null;
  #tokens = 0;
  #badCursor = false;

  constructor(plan) {
    super();
    this.plan = plan;
    this.onStream(stream => this.#serve(stream));
  }

  /** The token that counts now. */
  get token() { return `token-${this.#tokens}`; }

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
      case 'token':
        this.#bring(stream, step.after);
        this.#tokens++;
        stream.control('closing', { reason: 'token_expired', reconnect: false }).end();
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
    const end = Math.min(events, at + count);
    for (; at < end; at++) stream.event(channels[at % channels.length], { n: at }, { id: `c${at + 1}` });
    this.#served = Math.max(this.#served, at);
    if (at === events) stream.control('caught_up', {}, `c${at}`);
    return stream;
  }
}

/**
 * Holds what a client was given against the promise: every event once and in order, or the gap is told.
 * @param {object} plan
 * @param {({n: number} | {told: 'gap' | 'reset', lost: number | null})[]} received in its order
 * @returns {string[]} what is wrong
 */
export function broken(plan, received) {
  const wrong = [];
  let next = 0;
  let told = null;
  for (const each of received) {
    if ('told' in each) {
      // After a reset anything may follow, whatever else is told besides.
      told = told?.told === 'reset' || each.told === 'reset' ? { told: 'reset', lost: null }
        : { told: 'gap', lost: each.lost === null || told?.lost === null ? null : each.lost + (told?.lost ?? 0) };
      continue;
    }
    if (each.n === next - 1 || (each.n < next && told?.told !== 'reset')) wrong.push(`${each.n} came again after ${next - 1}`);
    else if (each.n > next && told === null) wrong.push(`${next} to ${each.n - 1} are missing and no gap was told`);
    else if (each.n > next && told.lost !== null && each.n - next > told.lost) wrong.push(`more is missing before ${each.n} than the gap said`);
    told = null;
    next = each.n + 1;
  }
  if (next !== plan.events) wrong.push(`it ends at ${next} of ${plan.events}`);
  return wrong;
}
