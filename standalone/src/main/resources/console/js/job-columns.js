// What a row says of a job.

import { make, say } from './table.js';
import { moment, span } from './words.js';

const ERROR_CHARACTERS = 140;

/**
 * @param {(id: string) => string} linkTo
 * @param {Set<string>} selected the ids of the selected ones, which this changes
 * @param {() => void} changed told when it has
 */
export function jobColumns(linkTo, selected, changed) {
  return [
    { label: 'Job', fill: (cell, { id, type }) => {
      if (!cell.firstChild) {
        const box = make('input', { type: 'checkbox', ariaLabel: `Select ${type} ${id}` });
        box.addEventListener('change', () => {
          if (box.checked) selected.add(id);
          else selected.delete(id);
          changed();
        });
        cell.append(make('span', { className: 'job-name' }, make('label', { className: 'pick' }, box), make('a', { href: linkTo(id), className: 'mono', textContent: id })));
      }
      cell.querySelector('input').checked = selected.has(id);
    } },
    { label: 'Type', text: ({ type }) => type },
    { label: 'Queue', text: ({ queue }) => queue },
    { label: 'State', fill: (cell, job) => stateOf(cell, job) },
    { label: 'Attempt', isNumber: true, text: ({ attempt, max_attempts: most }) => `${attempt} of ${most}` },
    { label: 'Enqueued', text: ({ enqueued_at: at }) => moment(at) },
    { label: 'Waited, ran', text: job => lengths(job) },
    { label: 'Last error', text: ({ last_error: error }) => (error ? shortened(`${error.type}: ${error.message}`) : '') },
  ];
}

/** Its state, and how far it is. @param {HTMLElement} cell @param {object} job */
export function stateOf(cell, job) {
  const shown = cell.firstElementChild ?? cell.appendChild(make('span', { className: 'state job-state' }));
  shown.dataset.state = job.state;
  say(shown, job.state);
  const fraction = job.state === 'running' ? job.progress?.fraction : undefined;
  let bar = cell.querySelector('progress');
  if (fraction === undefined || fraction === null) {
    bar?.remove();
    return;
  }
  bar ??= cell.appendChild(make('progress', { max: 1, ariaLabel: 'Progress' }));
  bar.value = fraction;
}

/** How long it waited for its first attempt, and how long its last one took. */
function lengths({ attempt, enqueued_at: enqueued, run_at: runAt, started_at: started, finished_at: finished, state }) {
  if (!started) return '';
  const waited = attempt === 1 ? Date.parse(started) - Math.max(Date.parse(enqueued), Date.parse(runAt)) : -1;
  const parts = [waited >= 0 ? span(waited) : '–'];
  if (finished && state !== 'cancelled') parts.push(span(Math.max(0, Date.parse(finished) - Date.parse(started))));
  return parts.join(', ');
}

function shortened(text) {
  return text.length > ERROR_CHARACTERS ? `${text.slice(0, ERROR_CHARACTERS)}…` : text;
}
