// The newsfeed: what was there when the page was opened comes from GET /feed, what comes later from the stream.

import { call, session } from './api.js';
import { untilAnswered } from './backoff.js';
import { register, signIn, signOut } from './session.js';

const SHOWN = 100;
const NOTICES = {
  lost: 'You are signed out: the server takes this session no longer. Sign in to go on.',
  'signed-out-elsewhere': 'You are signed out: this session has ended in another tab. Sign in to go on.',
};

export class Feed {
  #shown = new Set();

  constructor(root) {
    this.root = root;
    this.#on('sign-in', form => this.#signIn(form), 'sign-in-fault');
    this.#on('follow', async form => {
      await call('PUT', `/follows/${encodeURIComponent(form.user.value.trim())}`);
      form.reset();
    }, 'feed-fault');
    this.#on('post', async form => {
      await call('POST', '/posts', { text: form.text.value });
      form.reset();
    }, 'feed-fault');
    this.#find('new-here').addEventListener('click', () => this.#toggleNew());
  }

  /** Shows the person of this tab, if there is one; their posts as soon as the server can be asked. */
  async show() {
    const person = session();
    this.#find('signed-out').hidden = person !== null;
    this.#find('signed-in').hidden = person === null;
    this.#showWho(person);
    this.#find('posts').replaceChildren();
    this.#find('posts-empty').hidden = false;
    this.#shown.clear();
    if (!person) return;
    const isCurrent = () => session()?.id === person.id;
    try {
      const page = await untilAnswered(() => call('GET', '/feed?limit=50'), isCurrent);
      if (isCurrent()) for (const post of page.posts) this.#addOlder(post);
    } catch (problem) {
      if (isCurrent()) this.#find('feed-fault').textContent = problem.message;
    }
  }

  /** Says how a session ended, where whoever it was would not know, and has the way back ready. */
  notice(how, email) {
    const text = NOTICES[how] ?? '';
    this.#find('session-notice').textContent = text;
    this.#find('session-notice').hidden = text === '';
    if (!text || !email) return;
    if (!this.#find('sign-in').querySelector('.only-new').hidden) this.#toggleNew();
    this.#find('sign-in').email.value = email;
  }

  /**
   * A post of the stream, which is in the order of the log: it is newer than all before it, and than what the page had below.
   * One that the page of GET /feed has shown already goes up, too: the stream may have told of earlier ones before the page came.
   *
   * @param {{id: string, author_id: string, text: string, created_at: string}} post
   */
  add(post) {
    const list = this.#find('posts');
    if (this.#shown.has(post.id)) [...list.children].find(item => item.dataset.post === post.id)?.remove();
    this.#shown.add(post.id);
    list.prepend(this.#item(post, true));
    while (list.childElementCount > SHOWN) list.lastElementChild.remove();
    this.#find('posts-empty').hidden = true;
  }

  /**
   * A post was deleted: it goes, and does not come back with a page of GET /feed that was asked for before.
   *
   * @param {{id: string}} deleted
   */
  remove({ id }) {
    const list = this.#find('posts');
    [...list.children].find(item => item.dataset.post === id)?.remove();
    this.#shown.add(id);
    this.#find('posts-empty').hidden = list.childElementCount > 0;
  }

  /** A post of GET /feed, which come the newest first. */
  #addOlder(post) {
    const list = this.#find('posts');
    if (this.#shown.has(post.id) || list.childElementCount >= SHOWN) return;
    this.#shown.add(post.id);
    list.append(this.#item(post, false));
    this.#find('posts-empty').hidden = true;
  }

  #item(post, fresh) {
    const item = document.createElement('li');
    item.dataset.post = post.id;
    item.classList.toggle('fresh', fresh);
    const meta = document.createElement('span');
    meta.className = 'meta';
    const mine = post.author_id === session()?.id;
    meta.textContent = `${mine ? 'you' : post.author_id.slice(-8)} · ${new Date(post.created_at).toLocaleTimeString()}`;
    item.append(post.text, meta);
    return item;
  }

  async #signIn(form) {
    const isNew = !form.querySelector('.only-new').hidden;
    const { email, password, name } = form;
    await (isNew ? register(email.value, password.value, name.value) : signIn(email.value, password.value));
    form.reset();
  }

  #toggleNew() {
    const name = this.#find('sign-in').querySelector('.only-new');
    name.hidden = !name.hidden;
    name.querySelector('input').required = !name.hidden;
    this.#find('new-here').setAttribute('aria-expanded', String(!name.hidden));
    this.#find('sign-in').querySelector('[type=submit]').textContent = name.hidden ? 'Sign in' : 'Register';
    this.#find('new-here').textContent = name.hidden ? 'New here?' : 'I have an account';
  }

  #showWho(person) {
    const who = this.root.querySelector('#who');
    who.replaceChildren();
    if (!person) return;
    const id = document.createElement('span');
    id.id = 'my-id';
    id.className = 'mono';
    id.textContent = person.id;
    const out = document.createElement('button');
    out.type = 'button';
    out.textContent = 'Sign out';
    out.addEventListener('click', signOut);
    who.append(`${person.email} · `, id, out);
  }

  #on(formId, action, faultId) {
    const form = this.#find(formId);
    const fault = this.#find(faultId);
    form.addEventListener('submit', async submitted => {
      submitted.preventDefault();
      fault.textContent = '';
      const button = form.querySelector('[type=submit]');
      button.disabled = true;
      try {
        await action(form);
      } catch (problem) {
        fault.textContent = problem.message;
      } finally {
        button.disabled = false;
      }
    });
  }

  #find(id) {
    return this.root.querySelector(`#${id}`);
  }
}
