// A cited passage: the page of the file that it stands on, with the passage marked.

import { passageIn } from './answer-view.js';
import { freshToken } from './session.js';

const READ_MS = 20_000;

export class Passage {
  #root;
  #opened = 0;

  /** @param {Document} root */
  constructor(root) {
    this.#root = root;
    this.#find('passage-close').addEventListener('click', () => this.#find('passage').close());
    // What was read is somebody's: nothing of it stays behind a dialog that is closed.
    this.#find('passage').addEventListener('close', () => {
      this.#opened++;
      this.#find('passage-text').replaceChildren();
    });
  }

  /** @param {{number: number, upload: string, name?: string, page?: number, text?: string}} citation */
  async show({ number, upload, name = 'a file', page, text }) {
    const opened = ++this.#opened;
    this.#find('passage-title').textContent = `Source ${number}: ${name}${page ? `, page ${page}` : ''}`;
    this.#find('passage-state').textContent = 'Reading the page…';
    // Its beginning is here already.
    this.#show(text ? ['', text, ''] : ['', '', '']);
    this.#find('passage').showModal();
    let state = '';
    let parts = null;
    try {
      const whole = await pageOf(upload, page);
      parts = passageIn(whole, text) ?? [whole, '', ''];
      if (parts[1] === '') state = 'The passage itself was not found on this page.';
    } catch (fault) {
      state = fault.message;
    }
    if (opened !== this.#opened) return;
    this.#find('passage-state').textContent = state;
    if (parts) this.#show(parts);
  }

  close() {
    this.#find('passage').close();
  }

  /** @param {string[]} parts before the passage, itself, and behind it */
  #show([before, passage, behind]) {
    const mark = this.#root.createElement('mark');
    mark.textContent = passage;
    this.#find('passage-text').replaceChildren(before, ...(passage ? [mark] : []), behind);
    if (passage) mark.scrollIntoView({ block: 'nearest' });
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

/** @throws {Error} with words for whoever reads it */
async function pageOf(upload, page) {
  let answer;
  try {
    const headers = { Authorization: `Bearer ${await freshToken()}` };
    const query = page ? `?page=${page}` : '';
    answer = await fetch(`/uploads/${encodeURIComponent(upload)}/text${query}`, { headers, credentials: 'omit', signal: AbortSignal.timeout(READ_MS) });
    if (answer.ok) return (await answer.text()).replaceAll('\f', '\n');
  } catch (cause) {
    throw new Error('The page cannot be read now: the server cannot be reached.', { cause });
  }
  throw new Error(answer.status === 404 ? 'The file, or this page of it, is not there any more.' : `The page cannot be read now (${answer.status}).`);
}
