// Numbers and times for people.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function count(number) {
  return number.toLocaleString();
}

/** As in "1 event", "2 events". */
export function many(number, one, more = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : more}`;
}

export function bytes(number) {
  let unit = 0;
  let value = number;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toLocaleString(undefined, { maximumFractionDigits: unit === 0 ? 0 : 1 })} ${UNITS[unit]}`;
}

/** @param {number | null} perSecond */
export function rate(perSecond) {
  return perSecond === null ? '–' : `${perSecond.toLocaleString(undefined, { maximumFractionDigits: 1 })}/s`;
}

/** @param {number} seconds a length of time */
export function length(seconds) {
  for (const [name, of] of [['year', 31_536_000], ['day', 86_400], ['hour', 3600], ['minute', 60]]) {
    if (seconds >= of && seconds % of === 0) return many(seconds / of, name);
  }
  return many(seconds, 'second');
}

/** A time of the server's, as this machine writes it. @param {string} time RFC 3339 */
export function when(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Where a client is: the server's way to write it begins with a slash. */
export function address(text) {
  return text.replace(/^\//, '');
}
