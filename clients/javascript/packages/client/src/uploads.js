/**
 * Uploading files: small ones in a form, large ones by tus 1.0.0, which goes on where it was cut, also after a reload. An entry of its own, so
 * that a page which only follows channels does not load it.
 * @module @tailrace/client/uploads
 */

import { aborted } from './abort.js';
import { retried } from './requests.js';
import { exchange, giveUp, sendResumably } from './tus.js';
import { sourceOf } from './upload-source.js';

/** @typedef {import('./history.js').Source} Source */
/** @typedef {import('./publish.js').Access} Access */
/** @typedef {import('./upload-source.js').Content} Content */
/** @typedef {import('./upload-source.js').NamedContent} NamedContent */
/** @typedef {import('./upload-source.js').Uploadable} Uploadable */
/**
 * A file as the server has it: what `GET /uploads/{id}` says.
 * @typedef {{id: string, name: string, declared_type?: string, detected_type: string, size: number, sha256: string, state: 'stored' | 'ready' | 'failed',
 *   reason?: string, pages?: number, text_characters?: number, channel: string, created_at: string}} Upload
 */
/**
 * How far a file is. `sending`: `sent` of `size` bytes are on the server's disk. `stored`: all of them. `reading`: its text is being read, `pages` of
 * `of` so far. `ready`: it can be asked about. `failed`: it is stored and has no text, `upload.reason` says why.
 * @typedef {{file: Uploadable, name: string, phase: 'sending' | 'stored' | 'reading' | 'ready' | 'failed', sent: number, size: number,
 *   upload?: Upload, pages?: number, of?: number | null}} UploadProgress
 */
/** In the order of the files. @typedef {{uploads: Upload[], refused: {file: Uploadable, name: string, error: Error}[]}} Uploaded */
/** An upload that was begun and is not whole. @typedef {{key: string, id: string, name: string, size: number, begunAt: number}} Unfinished */
/**
 * Where uploads that are not whole are kept over a reload; `webUploadStore` is one.
 * @typedef {{get: (key: string) => Unfinished | null | Promise<Unfinished | null>, set: (key: string, unfinished: Unfinished | null) => void | Promise<void>,
 *   all: () => Unfinished[] | Promise<Unfinished[]>}} UploadStore
 */
/**
 * @typedef {object} UploadOptions
 * @property {(progress: UploadProgress) => void} [onProgress]
 * @property {AbortSignal} [signal] stops; what is not whole can go on later, if there is a `store`
 * @property {UploadStore} [store] keeps what is not whole, so that the same file goes on after a reload
 * @property {boolean} [text] whether to wait until its text is read, true by default. A file that has none, such as a picture, is not waited for
 * @property {number} [parallel] how many files are sent at a time, 3 by default
 * @property {number} [formBytes] the longest file that is sent in a form, 256 KiB by default; 0 sends all of them resumably
 * @property {number} [partBytes] the length of the parts of a resumable upload; by default it follows the line, from 256 KiB to 8 MiB
 * @property {number} [retryForMs] how long it goes on trying without getting any further, 180 s by default: so long a server can take to see that a
 *   connection was lost
 * @property {number} [readForMs] how long it waits for the text, 180 s by default; then the upload is as it is
 */

const DEFAULTS = { text: true, parallel: 3, formBytes: 256 * 1024, retryForMs: 180_000, readForMs: 180_000 };
const FORM_MS = 60_000;
/** Where the channel says nothing, the server is asked so often. */
const ASK_MS = 10_000;
/** After so long the server has given up what is not whole. */
const KEPT_MS = 24 * 3600_000;

/**
 * Uploads a file, or several. A file that is refused does not keep the others from being taken.
 * @overload
 * @param {Source} client a TailraceClient or a SharedClient
 * @param {Uploadable} files
 * @param {UploadOptions} [options]
 * @returns {Promise<Upload>}
 */
/**
 * @overload
 * @param {Source} client
 * @param {Iterable<Uploadable> | FileList} files
 * @param {UploadOptions} [options]
 * @returns {Promise<Uploaded>}
 */
/**
 * @param {Source} client @param {any} files @param {UploadOptions} [options]
 * @returns {Promise<any>} of one file its record; of several, those that were taken and those that were not
 * @throws {import('./http.js').Problem} of one file, if it is refused or the server is away for too long; the reason of the signal if it is aborted
 */
export async function upload(client, files, options = {}) {
  /** @type {UploadOptions & typeof DEFAULTS} */
  const all = { ...DEFAULTS, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) };
  if (!isSeveral(files)) return one(client, files, all);
  /** @type {any[]} */
  const outcomes = [];
  const left = [...files].entries();
  // Each takes the next one when it has sent its own; their texts are read meanwhile.
  await Promise.all(Array.from({ length: all.parallel }, async () => {
    for (const [i, file] of left) {
      await new Promise(resolve => {
        const told = (/** @type {UploadProgress} */ progress) => {
          all.onProgress?.(progress);
          if (progress.phase !== 'sending') resolve(undefined);
        };
        outcomes[i] = one(client, file, { ...all, onProgress: told }).then(
          value => ({ value }), error => ({ file, name: file?.name ?? 'file', error })).finally(() => resolve(undefined));
      });
    }
  }));
  const ended = await Promise.all(outcomes);
  all.signal?.throwIfAborted();
  return { uploads: ended.flatMap(({ value }) => value ?? []), refused: ended.filter(({ error }) => error !== undefined) };
}

/** @param {any} files */
const isSeveral = files => Array.isArray(files) || (!(files instanceof Blob) && typeof files?.[Symbol.iterator] === 'function');

/** @param {Source} client @param {Uploadable} file @param {UploadOptions & typeof DEFAULTS} options @returns {Promise<Upload>} */
async function one(client, file, options) {
  const access = client.access();
  const source = sourceOf(file);
  const { name, size } = source;
  const tell = (/** @type {Partial<UploadProgress> & {phase: UploadProgress['phase']}} */ more) => {
    options.onProgress?.({ file, name, size, sent: size, ...more });
  };
  tell({ phase: 'sending', sent: 0 });
  const kept = await options.store?.get(source.key) ?? null;
  const isSmall = size <= options.formBytes && kept === null;
  const stored = await (isSmall ? inForm(access, source, options) : resumably(access, source, kept, options, sent => tell({ phase: 'sending', sent })));
  tell({ phase: 'stored', upload: stored });
  if (!options.text || stored.state !== 'stored' || !hasText(stored)) {
    if (stored.state !== 'stored') tell({ phase: stored.state, upload: stored });
    return stored;
  }
  const read = await withText(client, stored, options, tell);
  if (read.state !== 'stored') tell({ phase: read.state, upload: read, pages: read.pages });
  return read;
}

/** @param {Access} access @param {import('./upload-source.js').Source} source @param {Unfinished | null} kept
 * @param {UploadOptions & typeof DEFAULTS} options @param {(sent: number) => void} onSent @returns {Promise<Upload>} */
async function resumably(access, source, kept, { store, signal, retryForMs, partBytes }, onSent) {
  const { key, name, size } = source;
  const keep = async (/** @type {string | null} */ id) => { await store?.set(key, id === null ? null : { key, id, name, size, begunAt: Date.now() }); };
  const id = await sendResumably(access, source, { id: kept?.id ?? null, keep, onSent, signal, retryForMs, partBytes });
  const stored = await record(access, id, retryForMs, signal);
  await keep(null);
  return stored;
}

/**
 * In one request. Where its answer is lost, nobody knows whether the server has the file: it is looked for, and what is not there is sent resumably.
 * @param {Access} access @param {import('./upload-source.js').Source} source @param {UploadOptions & typeof DEFAULTS} options @returns {Promise<Upload>}
 */
async function inForm(access, source, options) {
  const { signal } = options;
  const content = await source.part(0, source.size);
  const form = new FormData();
  form.append('files', new Blob([content], { type: source.type }), source.name);
  try {
    const { json } = await exchange(access, 'POST', '/uploads', { body: form, signal, timeoutMs: FORM_MS });
    if (json?.uploads?.[0]) return json.uploads[0];
    throw new access.Problem(0, { detail: 'the answer is not one of Tailrace' });
  } catch (fault) {
    if (!(fault instanceof access.Problem) || !fault.passes) throw fault;
    const found = fault.status === 429 ? null : await aborted(like(access, source, content, options.retryForMs), signal);
    return found ?? resumably(access, { ...source, part: async (from, to) => content.slice(from, to) }, null, options, () => {});
  }
}

/** One of the newest uploads with this content. @param {Access} access @param {import('./upload-source.js').Source} source @param {Blob} content
 * @param {number} retryForMs @returns {Promise<Upload | null>} */
async function like(access, source, content, retryForMs) {
  const page = await retried(access, `${access.url}/uploads?limit=200`, { method: 'GET' }, retryForMs, answer => Array.isArray(answer?.uploads));
  const hash = await sha256(content);
  // Without a hash, which a page over plain HTTP cannot make, the name has to do.
  return page.uploads.find((/** @type {Upload} */ each) => each.size === source.size && (hash === null ? each.name === source.name : each.sha256 === hash)) ?? null;
}

/** @param {Blob} content */
async function sha256(content) {
  const digest = await globalThis.crypto?.subtle?.digest('SHA-256', await content.arrayBuffer());
  return digest ? Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('') : null;
}

/** @param {Access} access @param {string} id @param {number | undefined} retryForMs @param {AbortSignal} [signal] @returns {Promise<Upload>} */
function record(access, id, retryForMs, signal) {
  return aborted(retried(access, `${access.url}/uploads/${id}`, { method: 'GET' }, retryForMs, answer => answer?.id === id), signal);
}

/** Pictures, sounds and films have no text, and nothing tells so. @param {Upload} upload */
const hasText = ({ detected_type: type }) => !/^(image|audio|video|font)\//.test(type);

/**
 * Waits until its text is read, or there is none.
 * @param {Source} client @param {Upload} stored @param {UploadOptions & typeof DEFAULTS} options
 * @param {(more: {phase: 'reading', upload: Upload, pages?: number, of?: number | null}) => void} tell
 * @returns {Promise<Upload>}
 */
async function withText(client, stored, { signal, readForMs }, tell) {
  const access = client.access();
  const { clock } = access;
  let wake = () => {};
  let isTold = false;
  const subscription = client.subscribe(stored.channel, { start: 'earliest' }, each => {
    if (each.kind !== 'event') return;
    if (each.type === 'extraction_progress') tell({ phase: 'reading', upload: stored, pages: each.data.pages, of: each.data.of });
    isTold ||= each.type === 'upload_ready' || each.type === 'upload_failed';
    if (isTold) wake();
  });
  const until = clock.now() + readForMs;
  try {
    for (;;) {
      /** @type {any} */
      let timer;
      await aborted(new Promise(resolve => {
        wake = () => resolve(undefined);
        // Also where the channel cannot be read, or is late.
        timer = clock.setTimer(wake, Math.min(ASK_MS, Math.max(0, until - clock.now())));
        if (isTold) wake();
      }), signal).finally(() => clock.clearTimer(timer));
      isTold = false;
      const now = await record(access, stored.id, undefined, signal);
      if (now.state !== 'stored' || clock.now() >= until) return now;
    }
  } finally {
    subscription.close();
  }
}

/** What a file is found again by: the `key` of an unfinished upload. @param {Uploadable} file @returns {string} */
export const uploadKey = file => sourceOf(file).key;

/**
 * Gives up an upload that is not whole: what the server has of it is deleted.
 * @param {Source} client @param {Unfinished} unfinished @param {UploadStore} store where it is kept
 */
export async function discardUpload(client, unfinished, store) {
  await giveUp(client.access(), unfinished.id);
  await store.set(unfinished.key, null);
}

/**
 * Keeps uploads that are not whole in a browser's storage. Where storage is refused or full nothing is kept, which harms nothing but what follows a reload.
 * @param {string} [name] one for each person
 * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} [storage] localStorage by default
 * @returns {UploadStore}
 */
export function webUploadStore(name = 'tailrace.uploads', storage = globalThis.localStorage) {
  const read = () => {
    try {
      const all = /** @type {Record<string, Unfinished>} */ (JSON.parse(storage.getItem(name) ?? '{}'));
      return Object.fromEntries(Object.entries(all).filter(([, each]) => Date.now() - each.begunAt < KEPT_MS));
    } catch {
      return {};
    }
  };
  return {
    get: key => read()[key] ?? null,
    all: () => Object.values(read()),
    set(key, unfinished) {
      const all = read();
      delete all[key];
      if (unfinished) all[key] = unfinished;
      try {
        if (Object.keys(all).length === 0) storage.removeItem(name);
        else storage.setItem(name, JSON.stringify(all));
      } catch { /* As above. */ }
    },
  };
}
