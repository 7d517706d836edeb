// Puts together the command that makes a token. The signing key stays where the command runs.

import { person } from './access.js';
import { say } from './table.js';

const PART = '(?:[A-Za-z0-9._~-]{1,64}|\\*)';
const PATTERN = new RegExp(`^(?:\\*\\*|(?:[a-z][a-z0-9_-]{0,31}|\\*)(?::${PART}){0,7})$`);
const TTL = /^([0-9]{1,9})([smhd])$/;
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 };

export class Tokens {
  #root;
  #form;

  /** @param {Document} root */
  constructor(root) {
    this.#root = root;
    this.#form = root.querySelector('#token');
    this.#form.addEventListener('input', () => this.#compose());
    this.#form.addEventListener('submit', submitted => {
      submitted.preventDefault();
      void this.#copy();
    });
    this.#find('token-copy').addEventListener('click', () => this.#copy());
  }

  start() {
    say(this.#find('own-claims'), JSON.stringify(person()?.claims ?? {}, null, 2));
    this.#compose();
  }

  stop() {}

  #compose() {
    const asked = wanted(this.#form);
    const faults = faultsOf(asked);
    say(this.#find('token-fault'), faults.join(' '));
    say(this.#find('token-news'), '');
    say(this.#find('token-command'), faults.length === 0 ? command(asked) : '');
    say(this.#find('token-claims'), faults.length === 0 ? JSON.stringify(claims(asked), null, 2) : '');
    this.#find('token-copy').disabled = faults.length > 0;
  }

  async #copy() {
    const text = this.#find('token-command').textContent;
    if (!text) return;
    try {
      await navigator.clipboard.writeText(text);
      say(this.#find('token-news'), 'Copied.');
    } catch {
      // Not over plain HTTP, nor where somebody has forbidden it.
      getSelection().selectAllChildren(this.#find('token-command'));
      say(this.#find('token-news'), 'The browser does not let this page copy. The command is selected: copy it by hand.');
    }
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

function wanted(form) {
  const lines = name => form[name].value.split(/[\s,]+/).filter(line => line !== '');
  return {
    subject: form.subject.value.trim(),
    roles: [...form.querySelectorAll('[name=role]:checked')].map(({ value }) => value),
    subscribe: lines('subscribe'),
    publish: lines('publish'),
    ttl: form.ttl.value.trim(),
  };
}

/** @returns {string[]} sentences */
export function faultsOf({ subject, subscribe, publish, ttl }) {
  const faults = [];
  if (subject === '') faults.push('Say whose token it is.');
  for (const pattern of [...subscribe, ...publish]) {
    if (!PATTERN.test(pattern)) faults.push(`${pattern} is no pattern: expected a channel’s name in which a whole part may be *, or ** alone.`);
  }
  if (!(Number(TTL.exec(ttl)?.[1]) > 0)) faults.push('Say how long it is valid: a number and s, m, h or d, like 1h.');
  return faults;
}

export function command({ subject, roles, subscribe, publish, ttl }) {
  const options = [['--sub', [subject]], ['--role', roles], ['--subscribe', subscribe], ['--publish', publish], ['--ttl', [ttl]]];
  return ['./tailrace token', ...options.flatMap(([name, values]) => values.map(value => `${name} ${quoted(value)}`))].join(' ');
}

export function claims({ subject, roles, subscribe, publish, ttl }) {
  const [, number, unit] = TTL.exec(ttl);
  return { iss: 'tailrace', sub: subject, roles, channels: { subscribe, publish }, exp: `${number * SECONDS[unit]} s after iat` };
}

/** As a shell takes it for one word. */
function quoted(value) {
  return /^[A-Za-z0-9._~:@/-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
