// Asks a model about files. The answer is events of a channel: what is asked here is kept in this browser by its id, so that it goes on
// after a reload, and in the other tabs of the same person.

import { answer as ask, models, resumeAnswer } from '../client/answers.js';
import { hasEnded, NOTHING, shownAfter } from './answer-view.js';
import { AnswerBox } from './answer-box.js';
import { session } from './api.js';
import { untilAnswered } from './backoff.js';
import { counted } from './file-words.js';

const CUT = 'The connection is cut. Resume it above, then ask.';
const KEY = 'tailrace.answer.';

export class Asking {
  #root;
  #stream;
  #files;
  #box;
  #answer = null;
  #reading = null;
  #shown = 0;

  /** @param {Document} root @param {import('./page-stream.js').PageStream} stream @param {import('./files.js').Files} files */
  constructor(root, stream, files) {
    this.#root = root;
    this.#stream = stream;
    this.#files = files;
    this.#box = new AnswerBox(root, id => files.nameOf(id));
    this.#find('ask').addEventListener('submit', submitted => {
      submitted.preventDefault();
      void this.#ask();
    });
    this.#find('question').addEventListener('keydown', pressed => {
      if (pressed.key !== 'Enter' || pressed.shiftKey || pressed.isComposing) return;
      pressed.preventDefault();
      this.#find('ask').requestSubmit();
    });
    this.#find('stop').addEventListener('click', () => void this.#stop());
    files.addEventListener('change', () => this.#about());
    // Another tab has asked.
    addEventListener('storage', ({ key }) => {
      const person = session();
      if (person && key === KEY + person.id) void this.#resume();
    });
  }

  /** Somebody else, or nobody, is signed in. @param {string} how */
  person(how) {
    const shown = ++this.#shown;
    this.#reading?.abort();
    this.#answer = null;
    this.#box.hide();
    this.#fault('');
    const person = session();
    this.#find('files-open').hidden = person === null;
    this.#find('files-sign-in').hidden = person !== null;
    // A question is for whoever has asked it.
    if (how === 'signed-out' || how === 'signed-out-elsewhere') for (const key of Object.keys(localStorage)) if (key.startsWith(KEY)) localStorage.removeItem(key);
    if (!person) return;
    void this.#models(shown);
    void this.#resume();
  }

  async #models(shown) {
    const select = this.#find('model');
    try {
      const all = await untilAnswered(() => models(this.#stream.client), () => shown === this.#shown);
      if (shown !== this.#shown) return;
      select.replaceChildren(...all.map(({ name, reachable }) => new Option(reachable ? name : `${name} (cannot be reached now)`, name)));
      this.#find('models-none').hidden = all.length > 0;
      this.#find('ask').hidden = all.length === 0;
      this.#about();
    } catch (fault) {
      if (shown === this.#shown) this.#fault(fault.message);
    }
  }

  #about() {
    const { length } = this.#files.chosen;
    this.#find('about').textContent = length === 0 ? 'No file is chosen: the model answers by itself.' : `The answer reads ${counted(length, 'file')}.`;
  }

  async #ask() {
    const person = session();
    const question = this.#find('question').value.trim();
    if (!person || !question) return;
    if (!this.#stream.client) return this.#fault(CUT);
    this.#reading?.abort();
    this.#fault('');
    const button = this.#find('ask').querySelector('[type=submit]');
    button.disabled = true;
    const shown = this.#shown;
    try {
      const uploads = this.#files.chosen;
      const answer = await ask(this.#stream.client, {
        model: this.#find('model').value, messages: [{ role: 'user', content: question }], ...(uploads.length > 0 && { uploads }),
      });
      if (shown !== this.#shown) return;
      localStorage.setItem(KEY + person.id, JSON.stringify({ id: answer.id, question }));
      this.#find('question').value = '';
      void this.#read(answer, question);
    } catch (fault) {
      if (shown === this.#shown) this.#fault(fault.message);
    } finally {
      button.disabled = false;
    }
  }

  /** The answer that was asked for last in this browser. */
  async #resume() {
    const shown = this.#shown;
    const { id, question } = kept();
    if (!id || id === this.#answer?.id) return;
    try {
      const answer = await untilAnswered(() => resumeAnswer(this.#stream.client, id), () => shown === this.#shown);
      if (shown === this.#shown && kept().id === id) void this.#read(answer, question);
    } catch (fault) {
      // It is forgotten, as all answers are some day.
      if (shown === this.#shown && fault.status === 404) localStorage.removeItem(KEY + session()?.id);
    }
  }

  async #read(answer, question) {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#answer = answer;
    const shown = this.#shown;
    let view = NOTHING;
    this.#show(question, view);
    try {
      for await (const event of answer) {
        if (reading.signal.aborted) return;
        view = shownAfter(view, event);
        this.#show(question, view);
      }
    } catch (fault) {
      if (reading.signal.aborted || shown !== this.#shown) return;
      this.#fault(fault.message);
    }
  }

  #show(question, view) {
    this.#box.show(question, view);
    this.#find('stop').hidden = hasEnded(view);
  }

  async #stop() {
    const answer = this.#answer;
    const button = this.#find('stop');
    button.disabled = true;
    try {
      await answer?.cancel();
    } catch (fault) {
      if (answer === this.#answer) this.#fault(fault.message);
    } finally {
      button.disabled = false;
    }
  }

  #fault(text) {
    this.#find('ask-fault').textContent = text;
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

/** @returns {{id?: string, question?: string}} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY + session()?.id) ?? '{}');
  } catch {
    return {};
  }
}
