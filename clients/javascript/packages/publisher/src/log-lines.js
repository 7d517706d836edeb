// What handlers log, on its way to the server, which keeps it with the job.

const MAX_LINES = 500;
const MAX_BYTES = 65_536;
const MAX_LINE_BYTES = 4_096;
const EVERY_MS = 500;
const CUT = '…';

/** @typedef {'info' | 'warn' | 'error'} Level */

/** The lines of one attempt that the server does not have yet. What comes after the bounds is counted. */
export class LogLines {
  #attempt;
  #send;
  /** @type {{line: number, at: string, level: Level, text: string}[]} */
  #unsent = [];
  #lines = 0;
  #bytes = 0;
  #dropped = 0;
  #told = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #sending = Promise.resolve();

  /**
   * @param {number} attempt
   * @param {(body: object, isLast: boolean) => Promise<unknown>} send rejects if the server does not have the lines, which are sent with the next ones then
   */
  constructor(attempt, send) {
    this.#attempt = attempt;
    this.#send = send;
  }

  /** Keeps a line, cut if it is too long, or counts it. @param {string} message @param {Level} level */
  add(message, level) {
    const text = cut(`${message}` || ' ');
    const size = Buffer.byteLength(text);
    if (this.#dropped > 0 || this.#lines === MAX_LINES || this.#bytes + size > MAX_BYTES) {
      this.#dropped++;
    } else {
      this.#lines++;
      this.#bytes += size;
      this.#unsent.push({ line: this.#lines, at: new Date().toISOString(), level, text });
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#next(false);
    }, EVERY_MS);
  }

  /** Sends what is left. */
  async end() {
    clearTimeout(this.#timer);
    this.#next(true);
    await this.#sending;
  }

  /** One request after the other. @param {boolean} isLast */
  #next(isLast) {
    this.#sending = this.#sending.then(async () => {
      const news = this.#dropped > this.#told && (isLast || this.#told === 0);
      if (this.#unsent.length === 0 && !news) return;
      const [lines, dropped] = [this.#unsent, this.#dropped];
      this.#unsent = [];
      try {
        await this.#send({ attempt: this.#attempt, lines, dropped }, isLast);
        this.#told = dropped;
      } catch {
        // Said again with the next ones: a line that the server has twice is one, because lines have numbers.
        this.#unsent = [...lines, ...this.#unsent];
      }
    });
  }
}

/** @param {string} message */
function cut(message) {
  // By way of UTF-8, so that half a surrogate pair does not make the server refuse it.
  const bytes = Buffer.from(message);
  if (bytes.length <= MAX_LINE_BYTES) return bytes.toString();
  let end = MAX_LINE_BYTES - Buffer.byteLength(CUT);
  // Not within a character.
  while ((bytes[end] & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString() + CUT;
}
