// The jobs of one page of a filter, the newest first, as they stand. Of a fixed size, however many jobs there are.

export class JobList {
  /** In the order in which they are shown. */
  #jobs = [];
  #most;
  #fits;
  #takesNew;

  /**
   * @param {number} most how many are kept
   * @param {(job: object) => boolean} fits whether a job is of the filter
   * @param {boolean} takesNew whether jobs come in that were not there: on the first page alone
   */
  constructor(most, fits, takesNew) {
    this.#most = most;
    this.#fits = fits;
    this.#takesNew = takesNew;
  }

  get jobs() { return this.#jobs; }

  /** @param {object[]} jobs as the server gives them */
  show(jobs) {
    this.#jobs = [...jobs];
  }

  /** @param {object} data of an event @param {boolean} isFull whether there are more jobs behind this page */
  apply(data, isFull) {
    const { id } = data.job;
    const at = this.#jobs.findIndex(job => job.id === id);
    const job = after(this.#jobs[at], data);
    if (at >= 0) {
      if (this.#fits(job)) this.#jobs[at] = job;
      else this.#jobs.splice(at, 1);
      return;
    }
    if (!this.#takesNew || !this.#fits(job)) return;
    if (this.#jobs.length >= this.#most && !isBefore(job, this.#jobs.at(-1))) return;
    const place = this.#jobs.findIndex(each => isBefore(job, each));
    // What comes behind the last one of a page that has more behind it is on the next page.
    if (place < 0 && (isFull || this.#jobs.length >= this.#most)) return;
    this.#jobs.splice(place < 0 ? this.#jobs.length : place, 0, job);
    if (this.#jobs.length > this.#most) this.#jobs.pop();
  }
}

/** A job after an event. @param {object | undefined} job before it @param {{job: object, progress?: object, error?: object, result?: any}} data */
export function after(job, { job: now, progress, error, result }) {
  const isSameAttempt = job?.attempt === now.attempt;
  return {
    ...job,
    ...now,
    progress: progress ?? (isSameAttempt ? job.progress : undefined),
    last_error: error && error.type !== 'handed_back' ? { attempt: now.attempt, ...error } : job?.last_error,
    result: result ?? job?.result,
  };
}

function isBefore(one, other) {
  const [first, second] = [Date.parse(one.enqueued_at), Date.parse(other.enqueued_at)];
  return first === second ? one.id > other.id : first > second;
}
