// What is uploaded, as parts that can be asked for: a file of a browser, bytes, or a stream, of which what is not acknowledged is kept.

/** @typedef {Blob | Uint8Array | ArrayBuffer | string | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>} Content */
/**
 * A content with what a `File` knows of itself. A stream needs its `size`, in bytes. `key` is what it is found again by after a reload, where it is not
 * its name, type, size and time.
 * @typedef {{content: Content, name?: string, type?: string, size?: number, key?: string}} NamedContent
 */
/** @typedef {File | Blob | NamedContent} Uploadable */

/**
 * @typedef {object} Source
 * @property {string} name
 * @property {string} type empty if nobody says it
 * @property {number} size in bytes
 * @property {string} key
 * @property {(from: number, to: number) => Promise<Blob>} part of a stream, never one before the last
 */

/**
 * @param {Uploadable} file
 * @returns {Source}
 * @throws {TypeError} if it is nothing of the kind
 */
export function sourceOf(file) {
  const given = /** @type {NamedContent} */ (file instanceof Blob ? { content: file } : file);
  const { content } = given ?? {};
  const whole = blobOf(content);
  const { name = 'file', type = whole?.type ?? '', lastModified = '' } = /** @type {any} */ (whole instanceof File ? { ...named(whole), ...named(given) } : given);
  const size = whole?.size ?? given.size;
  if (!whole && !(isStream(content) && Number.isSafeInteger(size) && Number(size) >= 0)) {
    throw new TypeError('expected a File, a Blob, or { content, name } with bytes, a text, or a stream and its size');
  }
  const stream = whole ? null : new StreamParts(/** @type {any} */ (content), Number(size));
  return {
    name, type, size: Number(size),
    key: given.key ?? JSON.stringify([name, type, size, lastModified]),
    part: async (from, to) => (whole ? whole.slice(from, to) : /** @type {StreamParts} */ (stream).part(from, to)),
  };
}

/** What is said of it; nothing for what is not. @param {any} given */
const named = ({ name, type, lastModified }) => JSON.parse(JSON.stringify({ name, type: type || undefined, lastModified }));

/** @param {any} content @returns {Blob | null} */
function blobOf(content) {
  if (content instanceof Blob) return content;
  const isWhole = typeof content === 'string' || content instanceof ArrayBuffer || ArrayBuffer.isView(content);
  return isWhole ? new Blob([/** @type {any} */ (content)]) : null;
}

/** @param {any} content */
const isStream = content => typeof content?.getReader === 'function' || typeof content?.[Symbol.asyncIterator] === 'function';

/** A stream, of which the last part is kept until the next one is asked for: what was cut is sent again. */
class StreamParts {
  #chunks;
  #size;
  #from = 0;
  /** What is read and was not let go. @type {Uint8Array[]} */
  #held = [];
  #heldBytes = 0;

  /** @param {ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>} stream @param {number} size */
  constructor(stream, size) {
    this.#chunks = 'getReader' in stream ? read(stream) : stream[Symbol.asyncIterator]();
    this.#size = size;
  }

  /** @param {number} from @param {number} to @returns {Promise<Blob>} */
  async part(from, to) {
    if (from < this.#from) throw new TypeError(`the stream is at ${this.#from} and cannot go back to ${from}`);
    while (this.#from + this.#heldBytes < to) await this.#more();
    this.#letGo(from);
    // One that is longer than it was said to be would be cut without a word.
    if (to === this.#size) await this.#expectEnd();
    const blob = new Blob(/** @type {any} */ (this.#held));
    return blob.slice(0, to - from);
  }

  async #more() {
    const { done, value } = await this.#chunks.next();
    if (done) throw new TypeError(`the stream has ended at ${this.#from + this.#heldBytes} of ${this.#size} bytes`);
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    this.#held.push(bytes);
    this.#heldBytes += bytes.byteLength;
  }

  /** @param {number} from */
  #letGo(from) {
    for (let bytes = this.#held[0]; bytes && this.#from < from; bytes = this.#held[0]) {
      const gone = Math.min(bytes.byteLength, from - this.#from);
      if (gone === bytes.byteLength) this.#held.shift();
      else this.#held[0] = bytes.subarray(gone);
      this.#from += gone;
      this.#heldBytes -= gone;
    }
  }

  async #expectEnd() {
    const isLonger = this.#from + this.#heldBytes > this.#size;
    if (isLonger || !(await this.#chunks.next()).done) throw new TypeError(`the stream has more than ${this.#size} bytes`);
  }
}

/** Not all browsers can iterate over a stream. @param {ReadableStream<Uint8Array>} stream @returns {AsyncGenerator<Uint8Array, void, void>} */
async function* read(stream) {
  const reader = stream.getReader();
  for (let piece; !(piece = await reader.read()).done;) yield piece.value;
}
