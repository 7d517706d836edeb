// What the page shows of an answer: its events become a text, and its citations become what one can press. Pure.

const CITED = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;
/** So many words of a passage find it on its page, where all of it does not. */
const FIRST_WORDS = 8;

export const NOTHING = Object.freeze({ state: 'waiting', text: '', reasoning: '', citations: Object.freeze([]), used: null, again: false, note: '' });

/**
 * What is shown after an event of the answer.
 * @param {typeof NOTHING} shown
 * @param {{type: string}} event as the client's answers give it
 */
export function shownAfter(shown, event) {
  switch (event.type) {
    case 'answer_started':
      return { ...NOTHING, state: 'answering', citations: event.citations ?? [], again: shown.state !== 'waiting' };
    case 'answer_delta': return { ...shown, text: shown.text + event.text };
    case 'answer_reasoning': return { ...shown, reasoning: shown.reasoning + event.text };
    case 'gap': return { ...shown, note: 'A part of this answer was lost. It begins anew in a moment.' };
    case 'answer_completed': {
      const note = event.finish_reason === 'length' ? 'It was cut at the most tokens that it may have.' : '';
      return { ...shown, state: 'completed', used: event.citations ?? null, note };
    }
    case 'answer_failed': return { ...shown, state: 'failed', note: event.detail || event.reason };
    case 'answer_cancelled': return { ...shown, state: 'cancelled', note: '' };
    default: return shown;
  }
}

/** @param {typeof NOTHING} shown */
export function stateInWords({ state, again, text }) {
  switch (state) {
    case 'waiting': return 'Waiting for the model…';
    case 'answering': return text === '' ? 'The model begins…' : again ? 'Answering, for another time…' : 'Answering…';
    case 'completed': return 'Answered.';
    case 'failed': return 'The answer has failed.';
    case 'cancelled': return 'Stopped.';
    default: return state;
  }
}

export const hasEnded = ({ state }) => ['completed', 'failed', 'cancelled'].includes(state);

/**
 * The text in pieces: what is text, and what is a citation. A number that no passage has is text.
 * @param {string} text
 * @param {{number: number}[]} citations the passages that the model was given
 * @returns {(string | {number: number})[]}
 */
export function pieces(text, citations) {
  const known = new Map(citations.map(each => [each.number, each]));
  const found = [];
  let end = 0;
  for (const { 0: whole, 1: numbers, index } of text.matchAll(CITED)) {
    const cited = numbers.split(',').map(number => known.get(Number(number)));
    if (cited.includes(undefined)) continue;
    if (index > end) found.push(text.slice(end, index));
    found.push(...cited);
    end = index + whole.length;
  }
  if (end < text.length) found.push(text.slice(end));
  return found;
}

/**
 * The passages of which the answer is said to be made: those that it names, also while it is still coming.
 * @param {typeof NOTHING} shown
 */
export function sources({ text, citations, used }) {
  const named = new Set(used ? used.map(each => each.number) : pieces(text, citations).map(each => each.number));
  return citations.filter(each => named.has(each.number));
}

/**
 * Where a passage is on its page: what comes before it, itself, and what comes behind it. Blanks and ends of lines may differ.
 * @param {string} page
 * @param {string} [passage] its beginning
 * @returns {[string, string, string] | null} null if it is not there
 */
export function passageIn(page, passage = '') {
  const words = passage.trim().split(/\s+/).filter(word => word !== '');
  for (const some of [words, words.slice(0, FIRST_WORDS)]) {
    if (some.length === 0) return null;
    const found = new RegExp(some.map(escaped).join('\\s+')).exec(page);
    if (found) return [page.slice(0, found.index), found[0], page.slice(found.index + found[0].length)];
  }
  return null;
}

const escaped = word => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
