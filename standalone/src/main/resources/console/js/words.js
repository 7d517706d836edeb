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

/** A length of time, as short as it can be read. @param {number} ms */
export function span(ms) {
  const shown = (number, unit) => `${number.toLocaleString(undefined, { maximumFractionDigits: number < 10 ? 1 : 0 })} ${unit}`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return shown(ms / 1000, 's');
  if (ms < 3_600_000) return shown(ms / 60_000, 'min');
  if (ms < 172_800_000) return shown(ms / 3_600_000, 'h');
  return shown(ms / 86_400_000, 'days');
}

/** A time of the server's on this day as a time of day, another one with its day. @param {string} time RFC 3339 */
export function moment(time) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString() : when(time);
}
