// What the events of a queue come to: how many a second, how long jobs wait and run. Of a fixed size, however many events there are: a
// minute in seconds, and latencies as counts of ranges, four to each doubling.

const SECONDS = 60;
/** Rates are of so many seconds: of fewer they are chance. */
const RATE_SECONDS = 10;
const PER_DOUBLING = 4;
/** The last range ends at about three months. */
const RANGES = 33 * PER_DOUBLING;

const KINDS = ['enqueued', 'started', 'succeeded', 'failed'];

export class QueueFigures {
  #slots = new Map();

  /** @param {{type: string, time: string, data: {job: object, error?: {type: string}}}} event @param {number} nowMs of a clock that never goes back */
  add({ type, time, data: { job, error } }, nowMs) {
    const slot = this.#slot(Math.floor(nowMs / 1000));
    switch (type) {
      case 'job_scheduled':
        if (Date.parse(time) === Date.parse(job.enqueued_at)) slot.enqueued++;
        break;
      case 'job_started':
        slot.started++;
        // Of a further attempt nothing says when it might have begun.
        if (job.attempt === 1) note(slot, 'waits', Date.parse(job.started_at) - Math.max(Date.parse(job.run_at), Date.parse(job.enqueued_at)));
        break;
      case 'job_succeeded':
        slot.succeeded++;
        note(slot, 'runs', Date.parse(time) - Date.parse(job.started_at));
        break;
      case 'job_retrying':
      case 'job_dead':
        if (error?.type === 'handed_back') break;
        slot.failed++;
        note(slot, 'runs', Date.parse(time) - Date.parse(job.started_at));
        break;
      default:
    }
  }

  /** @param {number} nowMs @returns {{rates: Record<string, number>, waits: object | null, runs: object | null, series: object[]}} */
  at(nowMs) {
    const now = Math.floor(nowMs / 1000);
    this.#forget(now);
    const rates = {};
    for (const kind of KINDS) {
      let sum = 0;
      // The second that is under way is not over.
      for (let second = now - RATE_SECONDS; second < now; second++) sum += this.#slots.get(second)?.[kind] ?? 0;
      rates[kind] = sum / RATE_SECONDS;
    }
    const series = Array.from({ length: SECONDS }, (_, i) => {
      const slot = this.#slots.get(now - SECONDS + i);
      return { enqueued: slot?.enqueued ?? 0, done: (slot?.succeeded ?? 0) + (slot?.failed ?? 0) };
    });
    return { rates, waits: this.#quantiles('waits'), runs: this.#quantiles('runs'), series };
  }

  #slot(second) {
    let slot = this.#slots.get(second);
    if (!slot) {
      slot = { enqueued: 0, started: 0, succeeded: 0, failed: 0, waits: null, runs: null };
      this.#slots.set(second, slot);
      this.#forget(second);
    }
    return slot;
  }

  #forget(now) {
    for (const second of this.#slots.keys()) {
      if (second >= now - SECONDS) break;
      this.#slots.delete(second);
    }
  }

  #quantiles(what) {
    const all = new Float64Array(RANGES);
    let total = 0;
    for (const slot of this.#slots.values()) {
      slot[what]?.forEach((count, i) => {
        all[i] += count;
        total += count;
      });
    }
    return total === 0 ? null : { count: total, p50: quantile(all, total * 0.5), p99: quantile(all, total * 0.99) };
  }
}

function note(slot, what, ms) {
  // A job that was told to run before its time has waited for nothing.
  if (!(ms >= 0)) return;
  slot[what] ??= new Uint32Array(RANGES);
  slot[what][Math.min(RANGES - 1, Math.floor(Math.log2(ms + 1) * PER_DOUBLING))]++;
}

/** The middle of the range that has it, in milliseconds. */
function quantile(counts, rank) {
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i];
    if (counts[i] > 0 && seen >= rank) return i === 0 ? 0 : 2 ** ((i + 0.5) / PER_DOUBLING) - 1;
  }
  return 0;
}
