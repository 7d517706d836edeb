/**
 * Uploads and answers as methods of a client. An entry of its own, so that a page which only follows channels does not load it.
 * @module @tailrace/client/files
 */

import { answer, resumeAnswer } from './answers.js';
import { upload } from './uploads.js';

/** @typedef {import('./history.js').Source} Source */
/**
 * What a client can do with files; each is the function of the same name.
 * @typedef {object} FilesMethods
 * @property {UploadMethod} upload
 * @property {(question: import('./answers.js').Question) => import('./answers.js').Asked} answer
 * @property {(id: string, options?: {signal?: AbortSignal}) => import('./answers.js').Asked} resumeAnswer
 */
/**
 * @typedef {{
 *   (file: import('./uploads.js').Uploadable, options?: import('./uploads.js').UploadOptions): Promise<import('./uploads.js').Upload>,
 *   (files: Iterable<import('./uploads.js').Uploadable> | FileList, options?: import('./uploads.js').UploadOptions): Promise<import('./uploads.js').Uploaded>
 * }} UploadMethod
 */

/**
 * `const client = withFiles(new TailraceClient({…}))`: the same client, which has `upload`, `answer` and `resumeAnswer`.
 * @template {Source} T
 * @param {T} client a TailraceClient or a SharedClient
 * @returns {T & FilesMethods}
 */
export function withFiles(client) {
  return Object.assign(client, {
    upload: (/** @type {any} */ files, /** @type {any} */ options) => /** @type {any} */ (upload(client, files, options)),
    answer: (/** @type {import('./answers.js').Question} */ question) => answer(client, question),
    resumeAnswer: (/** @type {string} */ id, /** @type {{signal?: AbortSignal} | undefined} */ options) => resumeAnswer(client, id, options),
  });
}
