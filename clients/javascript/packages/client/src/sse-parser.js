// Reads a text/event-stream (WHATWG HTML, section 9.2.6), in pieces as they come. Pure.

/** The most characters that one frame may have: an event has 1 MiB at most, and JSON may escape each of them. */
export const MAX_FRAME_CHARS = 8 * 1024 * 1024;

/** @type {import('./types.js').Frame} */
const EMPTY = { type: null, data: '', id: null, retryMs: null };

export class SseParser {
  #rest = '';
  #afterCr = false;
  /** @type {string | null} */
  #data = null;
  #frame = { ...EMPTY };

  /**
   * @param {string} text the next piece, decoded (TextDecoder takes a byte order mark away); a line or a line's end may be cut anywhere
   * @returns {import('./types.js').Frame[]} the frames that it ends, also those without data, which only move the cursor or set
   *   the pause
   * @throws {RangeError} if a frame is longer than MAX_FRAME_CHARS: what sends it is no Tailrace
   */
  push(text) {
    /** @type {import('./types.js').Frame[]} */
    const frames = [];
    // A line feed after a carriage return that ended the last piece belongs to it.
    if (this.#afterCr && text.startsWith('\n')) text = text.slice(1);
    if (text.length > 0) this.#afterCr = text.endsWith('\r');
    // A long line comes in many pieces: it is looked through once, not with each of them.
    if (!/[\r\n]/.test(text)) this.#rest += text;
    else {
      const lines = (this.#rest + text).split(/\r\n|\r|\n/);
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#line(line, frames);
    }
    if (this.#rest.length + (this.#data?.length ?? 0) > MAX_FRAME_CHARS) throw new RangeError('a frame is too large');
    return frames;
  }

  /** @param {string} line @param {import('./types.js').Frame[]} frames */
  #line(line, frames) {
    const frame = this.#frame;
    const [, field, value] = /** @type {string[]} */ (/^([^:]*):? ?(.*)/s.exec(line));
    if (field === 'event') frame.type = value;
    else if (field === 'data') this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    else if (field === 'id' && !value.includes('\0')) frame.id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) frame.retryMs = Number(value);
    if (line) return;
    const data = this.#data;
    if (data !== null || frame.id !== null || frame.retryMs !== null) {
      frames.push({ ...frame, type: data === null ? null : frame.type || 'message', data: data ?? '' });
    }
    this.#data = null;
    this.#frame = { ...EMPTY };
  }
}
