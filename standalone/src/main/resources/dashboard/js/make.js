// Elements, and words for numbers and times.

export { make, say } from '/console/js/table.js';

const NUMBER = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 5 });

/** @param {number} value */
export const number = value => NUMBER.format(value);

/** @param {number} ms @returns {string} in the time of this place */
export function time(ms) {
  return d3.timeFormat('%Y-%m-%d %H:%M:%S')(new Date(ms));
}
