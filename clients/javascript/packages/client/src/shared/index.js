/**
 * One connection for all tabs of a browser.
 * @module @tailrace/client/shared
 */

export { SharedClient } from './client.js';

/** @typedef {import('./client.js').SharedOptions} SharedOptions */
