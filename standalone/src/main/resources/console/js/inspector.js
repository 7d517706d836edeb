// One channel: what it had, what comes, and publishing on it. The client brings both as one sequence without hole or repeat.

import { TailraceClient } from '/live/client/index.js';
import { follow, history } from '/live/client/history.js';
import { call, token } from './access.js';
import { EventList } from './event-list.js';
import { say } from './table.js';
import { many } from './words.js';

const FIRST = 50;
const PAGE = 50;

/** What a channel's name is made of; the server knows the rest of the rules. */
const NAME = /^[A-Za-z0-9._~:-]+$/;

const STATES = { idle: 'not following', 'catching-up': 'catching up', waiting: 'reconnecting', closed: 'not following' };
const REFUSALS = {
  forbidden: 'This token may not read it. Make one with a pattern that matches it, under Tokens.',
  undeclared: 'There is no such namespace: see Namespaces.',
  invalid: 'That is no channel’s name: expected namespace:part:part.',
};

export class Inspector {
  #root;
  #list;
  #client = null;
  #channel = null;
  /** While it is paused: {opened, open}. */
  #gate = null;

  /** @param {Document} root @param {(channel: string) => void} go shows a channel, with an address of its own */
  constructor(root, go) {
    this.#root = root;
    this.#list = new EventList(this.#find('events'));
    this.#find('inspect').addEventListener('submit', submitted => {
      submitted.preventDefault();
      const channel = submitted.target.channel.value.trim();
      // The same one again is wanted anew, and its address does not change.
      if (channel === this.#channel) this.show(channel);
      else go(channel);
    });
    this.#find('inspector-pause').addEventListener('click', () => this.#pause());
    this.#find('inspector-older').addEventListener('click', () => this.#older());
    this.#find('publish').addEventListener('submit', submitted => {
      submitted.preventDefault();
      void this.#publish(submitted.target);
    });
  }

  /** Offers the names of channels that are read while one is typed. */
  async offer() {
    try {
      const { channels } = await call('GET', '/admin/channels?limit=100');
      this.#find('known-channels').replaceChildren(...channels.map(({ channel }) => new Option('', channel)));
    } catch { /* They can be typed. */ }
  }

  /** Follows a channel, from its last events on. @param {string} channel */
  show(channel) {
    this.stop();
    this.#channel = channel;
    this.#find('inspect').channel.value = channel;
    this.#find('inspected').hidden = false;
    this.#fault('');
    this.#list.clear();
    this.#count();
    if (!NAME.test(channel)) {
      this.#fault(channel.includes('*') ? 'A pattern cannot be followed: name one channel.' : REFUSALS.invalid);
      return;
    }
    const client = new TailraceClient({ url: '/', credentials: 'omit', token: ({ refused }) => token(refused) });
    client.on('state', change => { if (client === this.#client) this.#state(change.state, change.status); });
    this.#client = client;
    void this.#follow(client, channel);
  }

  /** Follows nothing any more. What was shown stays. */
  stop() {
    const client = this.#client;
    this.#client = null;
    this.#channel = null;
    this.#open();
    client?.close();
    this.#state('idle');
  }

  async #follow(client, channel) {
    try {
      for await (const each of follow(client, channel, { last: FIRST })) {
        if (this.#gate) await this.#gate.opened;
        if (client !== this.#client) return;
        this.#list.add(each);
        this.#count();
      }
    } catch (fault) {
      if (client !== this.#client) return;
      this.#state('idle');
      this.#fault(REFUSALS[fault.slug] ?? fault.message);
    }
  }

  #state(state, status) {
    const shown = this.#find('inspector-state');
    const isPaused = this.#gate !== null && state === 'live';
    shown.dataset.state = isPaused ? 'paused' : state === 'idle' ? 'closed' : state;
    say(shown, isPaused ? 'paused' : `${STATES[state] ?? state}${status ? `, the server answers ${status}` : ''}`);
  }

  /** New events wait at the client, 10,000 at most: then it tells a gap. */
  #pause() {
    if (this.#gate) this.#open();
    else {
      const gate = {};
      gate.opened = new Promise(resolve => { gate.open = resolve; });
      this.#gate = gate;
    }
    this.#find('inspector-pause').ariaPressed = String(this.#gate !== null);
    if (this.#client) this.#state(this.#client.state);
  }

  #open() {
    this.#gate?.open();
    this.#gate = null;
    this.#find('inspector-pause').ariaPressed = 'false';
  }

  async #older() {
    const client = this.#client;
    const news = this.#find('inspector-news');
    if (!client) return;
    const oldest = this.#list.oldest;
    try {
      // The cursor of an event is the place behind it, so the page begins with the event itself.
      const page = await history(client, this.#channel, oldest ? { before: oldest.cursor, limit: PAGE + 1 } : { limit: PAGE });
      if (client !== this.#client) return;
      const older = page.deliveries.filter(each => each.kind !== 'event' || each.id !== oldest?.id);
      const added = this.#list.addOlder(older);
      if (added > 0) say(news, `${many(added, 'older event')}.`);
      else say(news, older.length > 0 ? 'This page shows no more than that.' : 'There are no older events within retention.');
      this.#count();
    } catch (fault) {
      if (client === this.#client) say(news, `Older events were not read: ${fault.message}`);
    }
  }

  async #publish(form) {
    const [news, faults] = [this.#find('publish-news'), this.#find('publish-fault')];
    say(news, '');
    say(faults, '');
    let data;
    try {
      data = JSON.parse(form.data.value);
    } catch (fault) {
      say(faults, `The data is not JSON: ${fault.message}`);
      form.data.focus();
      return;
    }
    if (!this.#client) {
      say(faults, 'Follow the channel first.');
      return;
    }
    const button = form.querySelector('[type=submit]');
    button.disabled = true;
    try {
      const { events: [published] } = await this.#client.publish(this.#channel, form.type.value.trim(), data);
      say(news, `Published as ${published.id}.`);
    } catch (fault) {
      say(faults, fault.status === 403 ? `This token may not publish here. ${fault.message}` : fault.message);
    } finally {
      const hadFocus = document.activeElement === document.body;
      button.disabled = false;
      if (hadFocus) button.focus();
    }
  }

  #count() {
    say(this.#find('inspector-count'), this.#list.size === 0 ? '' : `${many(this.#list.size, 'event')} shown`);
    this.#find('events-empty').hidden = this.#list.size > 0;
  }

  #fault(text) {
    say(this.#find('inspector-fault'), text);
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
