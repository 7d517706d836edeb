// The newsfeed: what was there when the page was opened comes from GET /feed, what comes later from the stream.

import { call, register, session, signIn, signOut } from './api.js';

const SHOWN = 100;

export class Feed extends EventTarget {
  #shown = new Set();

  constructor(root) {
    super();
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

  /** Shows the person of this tab, if there is one. */
  async show() {
    const person = session();
    this.#find('signed-out').hidden = person !== null;
    this.#find('signed-in').hidden = person === null;
    this.#showWho(person);
    this.#find('posts').replaceChildren();
    this.#shown.clear();
    if (person) {
      const page = await call('GET', '/feed?limit=50');
      for (const post of page.posts.toReversed()) this.add(post, false);
    }
  }

  /** @param {{id: string, author_id: string, text: string, created_at: string}} post */
  add(post, fresh = true) {
    if (this.#shown.has(post.id)) return;
    this.#shown.add(post.id);
    const item = document.createElement('li');
    item.dataset.post = post.id;
    item.classList.toggle('fresh', fresh);
    const meta = document.createElement('span');
    meta.className = 'meta';
    const mine = post.author_id === session()?.id;
    meta.textContent = `${mine ? 'you' : post.author_id.slice(-8)} · ${new Date(post.created_at).toLocaleTimeString()}`;
    item.append(post.text, meta);
    const list = this.#find('posts');
    list.prepend(item);
    while (list.childElementCount > SHOWN) list.lastElementChild.remove();
    this.#find('posts-empty').hidden = true;
  }

  async #signIn(form) {
    const isNew = !form.querySelector('.only-new').hidden;
    const { email, password, name } = form;
    await (isNew ? register(email.value, password.value, name.value) : signIn(email.value, password.value));
    form.reset();
    await this.show();
    this.dispatchEvent(new Event('person'));
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
    out.addEventListener('click', async () => {
      signOut();
      await this.show();
      this.dispatchEvent(new Event('person'));
    });
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
