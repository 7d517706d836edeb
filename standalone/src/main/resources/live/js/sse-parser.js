// Reads a text/event-stream (WHATWG HTML, section 9.2.6), in pieces as they come. Pure.

/** @typedef {{type: string | null, data: string, id: string | null, retryMs: number | null}} Frame */

export class SseParser {
  #rest = '';
  #afterCr = false;
  #frame = empty();

  /**
   * @param {string} text the next piece; a line or a line's end may be cut anywhere
   * @returns {Frame[]} the frames that it ends, also those without data, which only move the cursor or set the pause
   */
  push(text) {
    const frames = [];
    // A line feed after a carriage return that ended the last piece belongs to it.
    if (this.#afterCr && text.startsWith('\n')) text = text.slice(1);
    if (text.length > 0) this.#afterCr = text.endsWith('\r');
    const lines = (this.#rest + text).split(/\r\n|\r|\n/);
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line === '') this.#end(frames);
      else this.#line(line);
    }
    return frames;
  }

  #line(line) {
    const colon = line.indexOf(':');
    if (colon === 0) return;
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

  #end(frames) {
    const { type, lines, id, retryMs } = this.#frame;
    this.#frame = empty();
    if (lines.length === 0 && id === null && retryMs === null) return;
    frames.push({ type: lines.length === 0 ? null : type ?? 'message', data: lines.join('\n'), id, retryMs });
  }
}

function empty() {
  return { type: null, lines: [], id: null, retryMs: null };
}
