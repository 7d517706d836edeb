// The answer on the page: its text as it comes, its citations as buttons, and the passages that it names.

import { hasEnded, pieces, sources, stateInWords } from './answer-view.js';
import { Passage } from './passage.js';

const NEAR_PX = 30;
const LATE_MS = 200;

export class AnswerBox {
  #root;
  #passage;
  #nameOf;
  #drawing = false;
  /** @type {[string, import('./answer-view.js').NOTHING] | null} */
  #newest = null;
  #drawn = '';

  /** @param {Document} root @param {(upload: string) => string | undefined} nameOf the file's name, where the server does not say it */
  constructor(root, nameOf) {
    this.#root = root;
    this.#nameOf = nameOf;
    this.#passage = new Passage(root);
  }

  hide() {
    this.#newest = null;
    this.#find('answer').hidden = true;
    this.#find('answer-text').replaceChildren();
    this.#find('answer-sources').replaceChildren();
    this.#drawn = '';
    this.#find('answer-question').textContent = '';
    this.#passage.close();
  }

  /** Draws at most once in a frame, however fast tokens come. @param {string} question @param {import('./answer-view.js').NOTHING} view */
  show(question, view) {
    this.#newest = [question, view];
    if (this.#drawing) return;
    this.#drawing = true;
    const draw = () => {
      if (!this.#drawing) return;
      this.#drawing = false;
      clearTimeout(timer);
      if (this.#newest) this.#draw(...this.#newest);
    };
    // A tab that nobody looks at has no frames, and is to be right all the same.
    const timer = setTimeout(draw, LATE_MS);
    requestAnimationFrame(draw);
  }

  #draw(question, view) {
    this.#find('answer').hidden = false;
    this.#find('answer').dataset.state = view.state;
    this.#find('answer-question').textContent = question ?? '';
    this.#say('answer-state', stateInWords(view));
    this.#say('answer-note', view.note);
    this.#find('answer-thinks').hidden = view.reasoning === '';
    this.#find('answer-reasoning').textContent = view.reasoning;
    // Screen readers wait for the end, and are not told each token.
    const text = this.#find('answer-text');
    text.setAttribute('aria-busy', String(!hasEnded(view)));
    const isAtEnd = text.scrollHeight - text.scrollTop - text.clientHeight < NEAR_PX;
    this.#text(text, view);
    // Whoever has scrolled up to read is left there.
    if (isAtEnd) text.scrollTop = text.scrollHeight;
    this.#sources(view);
  }

  /** The text that is there already stays as it is, so that what is marked or has the focus does, too. */
  #text(box, { text, citations }) {
    const parts = pieces(text, citations);
    let node = box.firstChild;
    parts.forEach((part, i) => {
      if (typeof part === 'string') {
        if (node?.nodeType === Node.TEXT_NODE) {
          if (node.data !== part) node.data = part;
        } else {
          const made = this.#root.createTextNode(part);
          if (node) node.replaceWith(made);
          else box.append(made);
          node = made;
        }
      } else if (node?.nodeName !== 'BUTTON' || node.dataset.number !== String(part.number)) {
        const made = this.#button(part, String(part.number), 'cite');
        if (node) node.replaceWith(made);
        else box.append(made);
        node = made;
      }
      if (i < parts.length - 1) node = node.nextSibling;
    });
    while (parts.length > 0 && node?.nextSibling) node.nextSibling.remove();
    if (parts.length === 0) box.replaceChildren();
  }

  #sources(view) {
    const all = sources(view);
    const key = JSON.stringify(all.map(each => [each.number, each.upload, each.page]));
    this.#find('answer-sources-title').hidden = all.length === 0;
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#find('answer-sources').replaceChildren(...all.map(each => {
      const item = this.#root.createElement('li');
      item.append(this.#button(each, `${each.number}. ${this.#named(each)}`, 'quiet'));
      return item;
    }));
  }

  #button(citation, text, look) {
    const button = this.#root.createElement('button');
    button.type = 'button';
    button.className = look;
    button.dataset.number = citation.number;
    button.textContent = text;
    button.setAttribute('aria-label', `Source ${citation.number}: ${this.#named(citation)}`);
    button.addEventListener('click', () => void this.#passage.show({ ...citation, name: this.#name(citation) }));
    return button;
  }

  #name({ name, upload }) {
    return name ?? this.#nameOf(upload) ?? 'a file';
  }

  #named(citation) {
    return `${this.#name(citation)}${citation.page ? `, page ${citation.page}` : ''}`;
  }

  /** Only what has changed is told. */
  #say(id, text) {
    const place = this.#find(id);
    if (place.textContent !== text) place.textContent = text;
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
