// One connection for all tabs of a browser.

export { SharedClient } from './client.js';
