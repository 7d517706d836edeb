// Puts the console together: who uses it, and which of its views is looked at. The view stands in the address, after the #.

import { access, leave, person, useAccount, useToken } from './access.js';
import { Bridges } from './bridges.js';
import { Channels } from './channels.js';
import { Connections } from './connections.js';
import { Health } from './health.js';
import { Inspector } from './inspector.js';
import { JobPage } from './job-page.js';
import { hash, Jobs } from './jobs.js';
import { Namespaces } from './namespaces.js';
import { say } from './table.js';
import { Tokens } from './tokens.js';

/** What needs another role than admin. */
const ROLES = { jobs: 'operator', job: 'operator', bridges: 'operator' };

/** What is moved by a stream, and not by asking again. */
const FOLLOWING = ['jobs', 'job', 'inspector'];

const find = id => document.querySelector(`#${id}`);
const linkTo = channel => `#inspector=${encodeURIComponent(channel)}`;

const inspector = new Inspector(document, channel => { location.hash = linkTo(channel); });
const views = {
  jobs: new Jobs(document, id => `#job=${id}`),
  job: new JobPage(document, queue => hash({ queue })),
  bridges: new Bridges(document),
  connections: new Connections(document, linkTo),
  channels: new Channels(document, linkTo),
  inspector: {
    start(again, channel) {
      void inspector.offer();
      if (channel) inspector.show(channel);
    },
    stop() { inspector.stop(); },
  },
  namespaces: new Namespaces(document),
  health: new Health(document),
  tokens: new Tokens(document),
};
let current = null;

find('leave').addEventListener('click', () => {
  notice('');
  leave();
});
find('with-token').addEventListener('submit', submitted => {
  submitted.preventDefault();
  void enter(submitted.target, form => useToken(form.token.value));
});
find('with-account').addEventListener('submit', submitted => {
  submitted.preventDefault();
  void enter(submitted.target, form => useAccount(form.email.value, form.password.value));
});
find('refresh').addEventListener('change', () => { if (current && !FOLLOWING.includes(current)) views[current].start(find('refresh').checked); });
// The address says which view is looked at, so the link that skips the navigation leaves it as it is.
document.querySelector('.skip').addEventListener('click', clicked => {
  clicked.preventDefault();
  find('main').focus();
});
addEventListener('hashchange', () => {
  if (location.hash === '#main') find('main').focus();
  else show(true);
});
access.addEventListener('change', () => {
  halt();
  show(true);
});
access.addEventListener('refused', ({ detail: { status } }) => {
  close();
  if (status === 401) notice('The server does not take this token, or it is over. Sign in again.');
  else notice(lacking(person()));
});

show(false);
find('page').disabled = false;

async function enter(form, use) {
  say(find('entrance-fault'), '');
  notice('');
  try {
    await use(form);
    form.reset();
  } catch (fault) {
    say(find('entrance-fault'), fault.message);
  }
}

/** Shows what may be seen: the view that the address names, or how to get in. */
function show(moves) {
  const who = person();
  say(find('who'), who ? `${who.name}, ${who.roles.length > 0 ? `role ${who.roles.join(', ')}` : 'no role'}` : 'Nobody is signed in.');
  find('leave').hidden = who === null;
  const allowed = Object.keys(views).filter(name => who?.roles.includes(ROLES[name] ?? 'admin'));
  if (allowed.length === 0) {
    close();
    notice(who ? lacking(who) : '');
    if (moves) find('entrance-title').focus();
    return;
  }
  const first = allowed.includes('connections') ? 'connections' : allowed[0];
  const [asked, argument] = place() ?? [first];
  const name = allowed.includes(asked) ? asked : first;
  notice(name === asked ? '' : `The view ${asked} needs the role ${ROLES[asked] ?? 'admin'}, which this token does not have.`);
  const isNew = name !== current;
  if (isNew) halt();
  current = name;
  find('entrance').hidden = true;
  find('views').hidden = false;
  for (const each of Object.keys(views)) find(`view-${each}`).hidden = each !== name;
  for (const link of find('views').querySelectorAll('a')) {
    link.hidden = !allowed.includes(link.hash.slice(1));
    if (link.hash === `#${name === 'job' ? 'jobs' : name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  find('refresh').parentElement.hidden = FOLLOWING.includes(name);
  views[name].start(find('refresh').checked, name === asked ? argument : undefined);
  document.title = `${find(`${name}-title`).textContent}, Tailrace console`;
  // As a new page would, for whoever does not see that this one has changed.
  if (moves && isNew) find(`${name}-title`).focus();
}

function halt() {
  if (current) views[current].stop();
  current = null;
}

function close() {
  halt();
  find('views').hidden = true;
  for (const each of Object.keys(views)) find(`view-${each}`).hidden = true;
  find('entrance').hidden = false;
}

/** @returns {[string, string?] | null} the view that the address names, and what it is to show: a channel, a filter, a job */
function place() {
  const [, name, argument] = /^#([a-z]*)(?:=(.*))?$/.exec(location.hash) ?? [];
  if (!Object.hasOwn(views, name)) return null;
  try {
    return [name, argument && decodeURIComponent(argument)];
  } catch {
    return [name];
  }
}

/** @returns {string} a sentence that says what is missing */
function lacking(who) {
  if (who.isAdmin || who.roles.includes('operator')) {
    return 'The server does not let this token in. Sign in with another one that has the role admin, or operator for jobs.';
  }
  const roles = who.roles.length > 0 ? `the role ${who.roles.join(', ')}` : 'no role';
  return `${who.name || 'This token'} has ${roles}, and the console needs the role admin, or operator for jobs. Sign in with a token or an account that has it.`;
}

function notice(text) {
  say(find('notice'), text);
  find('notice').hidden = text === '';
}
