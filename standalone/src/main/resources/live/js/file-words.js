// Files in words. Pure.

/** Why a file has no text, or is not taken: the words of docs/files.md. */
const REASONS = {
  encrypted: 'it needs a password',
  damaged: 'it is damaged',
  too_large: 'it is too large',
  took_too_long: 'it took too long to read',
  unsupported: 'its content is an archive of another kind',
  no_text: 'there are no letters in it; letters in pictures are not read',
  empty: 'it is empty',
  type_not_allowed: 'files of its type are not taken',
  quota: 'you have as many files as you may',
};

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  const units = ['KiB', 'MiB', 'GiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** @param {number} count @param {string} noun */
export function counted(count, noun) {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** @param {string} reason */
export function reasonInWords(reason) {
  return REASONS[reason] ?? String(reason).replaceAll('_', ' ');
}

/**
 * How far a file is, in words.
 * @param {{phase: string, sent?: number, size: number, upload?: object, pages?: number, of?: ?number, fault?: string}} item
 */
export function phaseInWords({ phase, sent = 0, size: whole, upload, pages, of, fault }) {
  switch (phase) {
    case 'waiting': return `waits, ${size(whole)}`;
    case 'sending': return `${size(sent)} of ${size(whole)} sent`;
    case 'unfinished': return `not whole yet, ${size(whole)}. Choose the same file to go on`;
    case 'stored': return `${size(whole)}, stored`;
    case 'reading': return pages ? `reading, page ${pages}${of ? ` of ${of}` : ''}` : 'its text is being read';
    case 'ready': return `${size(whole)}, ${counted(upload?.pages ?? 1, 'page')}, ready`;
    case 'failed': return `${size(whole)}, stored without text: ${reasonInWords(upload?.reason ?? 'unknown')}`;
    case 'refused': return fault || 'not taken';
    default: return phase;
  }
}

/** How much of the bar is full: 0 to 1, null where nobody knows it, undefined where there is none. */
export function share({ phase, sent = 0, size: whole, pages, of }) {
  switch (phase) {
    case 'waiting': return 0;
    case 'sending': return whole > 0 ? sent / whole : 0;
    case 'reading': return pages && of ? pages / of : null;
    default: return undefined;
  }
}
