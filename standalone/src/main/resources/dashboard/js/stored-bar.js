// Keeps what is looked at as a dashboard, opens others, and shares one by a link.

import { session, signIn, signOut } from '/live/js/session.js';
import { say } from './make.js';
import * as store from './store.js';
import { toDashboard, withSharing } from './view.js';

export class StoredBar {
  #find;
  #told;
  /** As the server has it, or null. */
  #stored = null;
  #view = null;
  #listed = [];
  /** Which one the question is about, whatever is looked at when it is answered. */
  #doomed = null;
  /** One thing after the other: each goes by what is stored then. */
  #acts = Promise.resolve();

  /**
   * @param {Document} root
   * @param {{open: (id: string | null) => void, saved: (dashboard: object) => void, deleted: () => void}} told
   */
  constructor(root, told) {
    this.#find = id => root.querySelector(`#${id}`);
    this.#told = told;
    const on = (id, kind, act) => this.#find(id).addEventListener(kind, act);
    on('boards', 'change', () => told.open(this.#find('boards').value || null));
    on('save', 'click', () => this.#act(() => this.#save(this.#stored?.id ?? null)));
    on('save-new', 'click', () => this.#act(() => this.#save(null)));
    on('share', 'change', () => {
      const [{ id }, { checked }] = [this.#stored, this.#find('share')];
      void this.#act(() => this.#share(id, checked));
    });
    on('delete', 'click', () => this.#askToDelete());
    on('sure', 'close', () => {
      const id = this.#doomed;
      if (this.#find('sure').returnValue === 'yes') void this.#act(() => this.#delete(id));
    });
    on('board-name', 'input', () => this.#draw());
    on('link', 'focus', () => this.#find('link').select());
    on('sign-in', 'click', () => this.#find('who').showModal());
    on('sign-out', 'click', () => signOut());
    on('who-form', 'submit', submitted => {
      submitted.preventDefault();
      void this.#enter(submitted.target);
    });
    on('who-close', 'click', () => this.#find('who').close());
    const person = session();
    this.#find('sign-in').hidden = person !== null;
    this.#find('sign-out').hidden = person === null;
    say(this.#find('person'), person?.email ?? '');
    this.#find('stored').hidden = person === null;
  }

  /** Asks which there are. */
  async refresh() {
    if (!session()) return;
    try {
      this.#listed = await store.list();
      this.#fill();
    } catch (fault) {
      say(this.#find('stored-fault'), fault.message);
    }
  }

  /** @param {object | null} stored @param {import('./view.js').View} view what is looked at */
  show(stored, view) {
    const isOther = stored?.id !== this.#stored?.id;
    this.#stored = stored?.id ? stored : null;
    this.#view = view;
    if (isOther || (stored && this.#find('board-name').value === '')) this.#find('board-name').value = this.#stored?.name ?? '';
    this.#fill();
    this.#draw();
  }

  #fill() {
    const boards = this.#find('boards');
    const known = this.#listed.map(each => (each.id === this.#stored?.id ? this.#stored : each));
    if (this.#stored && !known.includes(this.#stored)) known.unshift(this.#stored);
    boards.replaceChildren(new Option('not stored', ''), ...known.map(({ id, name }) => new Option(name, id)));
    boards.value = this.#stored?.id ?? '';
  }

  #draw() {
    const stored = this.#stored;
    const name = this.#find('board-name').value.trim();
    this.#find('save').disabled = name === '' || (stored !== null && !this.#differs(name));
    this.#find('save-new').hidden = stored === null;
    this.#find('save-new').disabled = name === '';
    this.#find('delete').hidden = stored === null;
    this.#find('share').disabled = stored === null;
    this.#find('share').checked = stored?.shared ?? false;
    const link = this.#find('link');
    link.hidden = !stored?.link;
    link.value = stored?.link ? `${location.origin}${location.pathname}#link=${stored.link}` : '';
  }

  /** Whether what is looked at is not what is stored. */
  #differs(name) {
    const { name: before, range, panels } = this.#stored;
    const now = toDashboard(this.#view, name);
    const plain = all => JSON.stringify(all.map(({ title = '', metrics, resolution = 'auto' }) => [title, metrics, resolution]));
    return before !== now.name || range !== now.range || plain(panels) !== plain(now.panels);
  }

  async #save(id) {
    const name = this.#find('board-name').value.trim();
    const shared = id !== null && this.#stored.shared;
    await this.#keep(id, { ...toDashboard(this.#view, name), shared }, 'Stored.');
  }

  async #share(id, shared) {
    if (id !== this.#stored?.id) return;
    await this.#keep(id, withSharing(this.#stored, shared), shared ? 'Whoever has the link can read it now, as it is stored.' : 'Its link leads nowhere now.');
  }

  async #keep(id, dashboard, news) {
    const looked = this.#view.dashboard;
    const saved = await store.save(id, dashboard, newKey());
    say(this.#find('stored-news'), news);
    // Unless something else has been opened meanwhile.
    if (looked === this.#view.dashboard) this.#told.saved(saved);
    await this.refresh();
  }

  #askToDelete() {
    const sure = this.#find('sure');
    this.#doomed = this.#stored.id;
    // It keeps the answer to the last question, and Escape gives none.
    sure.returnValue = '';
    sure.showModal();
  }

  async #delete(id) {
    await store.remove(id);
    const isShown = id === this.#stored?.id;
    say(this.#find('stored-news'), isShown ? 'Deleted. What is shown is not stored any more.' : 'Deleted.');
    if (isShown) this.#told.deleted();
    await this.refresh();
  }

  #act(act) {
    this.#acts = this.#acts.then(() => this.#try(act));
    return this.#acts;
  }

  async #try(act) {
    say(this.#find('stored-fault'), '');
    say(this.#find('stored-news'), '');
    try {
      await act();
    } catch (fault) {
      say(this.#find('stored-fault'), fault.message);
      this.#draw();
    }
  }

  async #enter(form) {
    const fault = this.#find('who-fault');
    say(fault, '');
    try {
      // The page is loaded again then: the stream of nobody is not theirs.
      await signIn(form.email.value, form.password.value);
    } catch (problem) {
      say(fault, problem.message);
    }
  }
}

/** Without https there is no randomUUID. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
