// Reads a text/event-stream (WHATWG HTML, section 9.2.6), in pieces as they come. Pure.

/** The most characters that one frame may have: an event has 1 MiB at most, and JSON may escape each of them. */
export const MAX_FRAME_CHARS = 8 * 1024 * 1024;

export class SseParser {
  #rest = '';
  #afterCr = false;
  #first = true;
  #chars = 0;
  #frame = empty();

  /**
   * @param {string} text the next piece; a line or a line's end may be cut anywhere
   * @returns {import('./types.js').Frame[]} the frames that it ends, also those without data, which only move the cursor or set
   *   the pause
   * @throws {RangeError} if a frame is longer than MAX_FRAME_CHARS: what sends it is no Tailrace
   */
  push(text) {
    /** @type {import('./types.js').Frame[]} */
    const frames = [];
    if (this.#first && text.length > 0) {
      this.#first = false;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    // A line feed after a carriage return that ended the last piece belongs to it.
    if (this.#afterCr && text.startsWith('\n')) text = text.slice(1);
    if (text.length > 0) this.#afterCr = text.endsWith('\r');
    // A long line comes in many pieces: it is looked through once, not with each of them.
    if (!/[\r\n]/.test(text)) this.#rest += text;
    else {
      const lines = (this.#rest + text).split(/\r\n|\r|\n/);
      this.#rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') this.#end(frames);
        else this.#line(line);
      }
    }
    if (this.#chars + this.#rest.length > MAX_FRAME_CHARS) throw new RangeError('a frame is too large');
    return frames;
  }

  /** @param {string} line */
  #line(line) {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    this.#chars += line.length;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    const frame = this.#frame;
    switch (field) {
      case 'event': frame.type = value; break;
      case 'data': frame.lines.push(value); break;
      case 'id': if (!value.includes('\0')) frame.id = value; break;
      case 'retry': if (/^\d+$/.test(value)) frame.retryMs = Number(value); break;
      default: // Unknown fields are ignored.
    }
  }

  /** @param {import('./types.js').Frame[]} frames */
  #end(frames) {
    const { type, lines, id, retryMs } = this.#frame;
    this.#frame = empty();
    this.#chars = 0;
    if (lines.length === 0 && id === null && retryMs === null) return;
    frames.push({ type: lines.length === 0 ? null : type || 'message', data: lines.join('\n'), id, retryMs });
  }
}

/** @returns {{type: string | null, lines: string[], id: string | null, retryMs: number | null}} */
function empty() {
  return { type: null, lines: [], id: null, retryMs: null };
}
