// Tabs that come and go, change their channels, pause, freeze and crash, in an order that a seed says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../../../test-support/schedules.js';
import { SimulatedBrowser, SimulatedServer, turn } from '../../../test-support/tabs-simulation.js';

const STARTS = { 'news:a': 'live', 'news:b': 'last:3', 'news:c': 'last:8' };
const CHANNELS = Object.keys(STARTS);
const STEPS = 500;

// By hand: TAILRACE_SEEDS=1000 node --test packages/client/test/tabs.test.js
const SEEDS = Number(process.env.TAILRACE_SEEDS ?? 60);

/** What a tab hears of a channel, held against what the server has. */
class Watch {
  next = null;
  readyAt = null;
  gap = null;

  constructor(run, name, channel, start) {
    Object.assign(this, { run, name, channel, start });
  }

  take(delivery) {
    if (delivery.kind !== 'event') {
      this.gap = delivery.reason;
      return;
    }
    const { data: n, channel } = delivery;
    if (channel !== this.channel) this.run.fault(`${this.name} got ${channel} for ${this.channel}`);
    else if (this.next === null) {
      // From ready on nothing may be missing, and of the past as much as was asked for.
      const last = Number(this.start.split(':')[1] ?? 0);
      const latest = Math.max(this.run.server.oldest.get(channel), Math.min(this.readyAt ?? Infinity, this.run.server.counts.get(channel) - last));
      if (n > latest && last > 0 && !this.gap) this.run.fault(`${this.name} began ${channel} at ${n}, and no later than ${latest} was asked for (${this.start})`);
      if (this.readyAt !== null && n > this.readyAt && !this.gap) this.run.fault(`${this.name} began ${channel} at ${n} and was ready at ${this.readyAt}`);
    } else if (n < this.next) this.run.fault(`${this.name} got ${channel} ${n} again, expected ${this.next}`);
    else if (n > this.next && !this.gap) this.run.fault(`${this.name} got ${channel} ${n}, expected ${this.next}, and no gap was told`);
    this.next = n + 1;
    this.gap = null;
  }
}

/** What may happen next, each as often as its number says. There are always two tabs at least. */
const ACTIONS = [
  [250, ({ run, server }) => server.publish(run.pick(CHANNELS))],
  [250, ({ run, server, stream }) => { if (stream) server.step(stream, run.random); }],
  [350, ({ browser }) => { browser.deliver(); }],
  [70, ({ run, browser }) => browser.pass(run.random() * 300)],
  [5, ({ run, browser }) => browser.pass(run.random() * 20_000)],
  [1, ({ browser }) => browser.pass(301_000)],
  [10, ({ server, stream }) => { if (stream) server.heartbeat(stream); }],
  [6, ({ server, stream }) => { if (stream) server.cut(stream); }],
  [3, ({ run, server }) => server.trim(run.pick(CHANNELS), 12)],
  [10, ({ run, browser }) => { if (browser.tabs.length < 5) run.open(); }],
  [15, ({ run, awake }) => { if (awake) run.change(awake); }],
  [4, ({ awake }) => awake?.client.pause()],
  [6, ({ awake }) => awake?.client.resume()],
  [10, ({ tab }) => { tab.isFrozen = !tab.isFrozen; }],
  // The one that leads is frozen for so long that the others take its place.
  [4, ({ browser, tab }) => {
    (browser.tabs.find(each => browser.leads(each)) ?? tab).isFrozen = true;
    return browser.pass(25_000);
  }],
  [4, ({ browser, tab, isMany }) => { if (isMany) browser.kill(browser.tabs.find(each => browser.leads(each)) ?? tab); }],
  [3, ({ browser, tab, isMany }) => { if (isMany) browser.kill(tab); }],
  [3, ({ browser, awake, isMany }) => {
    if (!awake || !isMany) return;
    awake.client.close();
    browser.kill(awake);
  }],
];
const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

class Run {
  faults = [];
  shared = 0;
  apart = 0;
  #names = 0;
  /** @type {Map<any, Map<string, {watch: Watch, sub: any}>>} */
  #watched = new Map();

  constructor(seed) {
    this.seed = seed;
    this.random = seeded(seed);
    this.server = new SimulatedServer(CHANNELS);
    this.browser = new SimulatedBrowser(this.random, this.server);
  }

  fault(what) { this.faults.push(`seed ${this.seed}: ${what}`); }

  pick(list) { return list[Math.floor(this.random() * list.length)]; }

  open() {
    // So much that most runs have a tab that is let go because it does not read.
    const tab = this.browser.open({ keepEvents: 6, behindChars: 1_500 });
    tab.name = `tab ${++this.#names}`;
    this.#watched.set(tab, new Map());
    this.change(tab);
  }

  change(tab, channel = this.pick(CHANNELS)) {
    const all = this.#watched.get(tab);
    const before = all.get(channel);
    if (before) {
      all.delete(channel);
      before.sub.close();
      return;
    }
    const start = STARTS[channel];
    const watch = new Watch(this, tab.name, channel, start);
    const sub = tab.client.subscribe(channel, { start }, each => { if (all.get(channel)?.watch === watch) watch.take(each); });
    all.set(channel, { watch, sub });
    void sub.ready.then(({ channels }) => { if (channels.length > 0) watch.readyAt = this.server.counts.get(channel); });
  }

  step() {
    let chance = this.random() * TOTAL;
    const [, act] = ACTIONS.find(([weight]) => (chance -= weight) < 0);
    const { browser, server } = this;
    const tab = this.pick(browser.tabs);
    return act({ run: this, browser, server, tab, awake: tab.isFrozen ? null : tab, stream: this.pick([...server.streams]), isMany: browser.tabs.length > 2 });
  }

  /** Nothing goes wrong any more. */
  async settle() {
    const { browser, server } = this;
    for (const tab of browser.tabs) {
      tab.isFrozen = false;
      tab.client.resume();
    }
    for (let seconds = 0; seconds < 70; seconds++) {
      for (const stream of [...server.streams]) server.heartbeat(stream);
      for (let isBusy = true; isBusy;) {
        isBusy = false;
        for (const stream of [...server.streams]) isBusy = server.step(stream, this.random) || isBusy;
        while (browser.deliver()) {
          isBusy = true;
          await turn();
        }
      }
      await browser.pass(1000);
    }
  }

  async run() {
    try {
      for (let i = 0; i < 3; i++) this.open();
      for (let step = 0; step < STEPS && this.faults.length === 0; step++) {
        await this.step();
        await turn();
      }
      if (this.faults.length > 0) return this;
      await this.settle();
      for (const channel of CHANNELS) this.server.publish(channel);
      await this.settle();
      this.#check();
      return this;
    } finally {
      this.browser.stop();
      await turn();
    }
  }

  #check() {
    const { tabs } = this.browser;
    for (const tab of tabs) {
      for (const [channel, { watch }] of this.#watched.get(tab)) {
        const count = this.server.counts.get(channel);
        if (watch.next !== count) this.fault(`${tab.name} (${tab.client.state}, ${tab.client.sharing}) ended ${channel} at ${watch.next} of ${count}`);
      }
    }
    const follow = tabs.filter(tab => this.#watched.get(tab).size > 0);
    this.apart = follow.filter(tab => tab.client.sharing === 'tab').length;
    this.shared = follow.length - this.apart;
    const expected = this.apart + Math.min(1, this.shared);
    if (this.server.streams.size !== expected) this.fault(`${this.server.streams.size} connections of ${this.shared} tabs that share one and ${this.apart} that do not`);
  }
}

test(`tabs that come, go, pause, freeze and crash get every event once and in order, or the gap is told, with ${SEEDS} seeds`, async () => {
  const faults = [];
  let shared = 0;
  let apart = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const run = await new Run(seed).run();
    faults.push(...run.faults);
    shared += run.shared;
    apart += run.apart;
  }
  assert.deepEqual(faults, []);
  assert.ok(apart > 0 && shared > 2 * apart, `most tabs share one, whatever has happened: ${shared}, and ${apart} that do not`);
});
