// One seeded run of pages that share a hub, against a server of a few lines: pages come, go, come back at their cursor, change
// their channels; connections drop; the hub forgets. Each page must see each event of its channels once and in order.
// Called by StreamHubTest with the hub's class and a seed; gives what went wrong, or null.

export function simulate(StreamHub, seed, steps = 400) {
  const random = mulberry(seed);
  const pick = list => list[Math.floor(random() * list.length)];
  const channels = ['a', 'b', 'c', 'd'];
  const log = [];
  const faults = [];

  /** As the server does it: a cursor is a position on each channel that it was made for. */
  class Stream extends EventTarget {
    constructor(subscription) {
      super();
      this.subscription = subscription;
      this.state = 'closed';
      this.detail = {};
      this.cursor = null;
      this.at = new Map();
      streams.push(this);
    }

    enter(state) {
      this.state = state;
      this.dispatchEvent(new Event('state'));
    }

    connect() {
      const { channels: wanted, start } = this.subscription();
      const known = this.cursor ? new Map(JSON.parse(this.cursor)) : new Map();
      this.at = new Map(wanted.map(channel => [channel, known.get(channel) ?? startOf(channel, Number(start.split(':')[1]))]));
      this.enter('connecting');
      this.due = 'open';
    }

    cut() {
      this.due = null;
      this.enter('cut');
    }

    wake() {}

    /** One step of the server's: the connection opens, an event comes, or it is caught up. */
    step() {
      if (this.due === 'open') {
        this.due = 'events';
        this.enter('catching-up');
        this.frame('stream.open', JSON.stringify({ connection_id: 'x', channels: [...this.at.keys()].map(channel => ({ channel })) }));
        return;
      }
      if (this.due !== 'events') return;
      const behind = [...this.at].filter(([channel, at]) => log.some(event => event.channel === channel && event.n >= at));
      if (behind.length > 0) {
        const [channel, at] = pick(behind);
        const event = log.find(e => e.channel === channel && e.n >= at);
        this.at.set(channel, event.n + 1);
        this.frame('happened', JSON.stringify(event));
      } else if (this.state === 'catching-up') {
        this.enter('live');
        this.frame('stream.caught_up', '{}');
      } else if (random() < 0.2) {
        this.frame(null, '');
      }
    }

    frame(type, data) {
      this.cursor = JSON.stringify([...this.at]);
      this.dispatchEvent(new CustomEvent('frame', { detail: { type, data, id: this.cursor } }));
    }
  }

  const counts = new Map(channels.map(channel => [channel, 0]));
  const streams = [];
  const startOf = (channel, last) => Math.max(0, counts.get(channel) - last);
  const hub = () => new StreamHub(subscription => new Stream(subscription), { keptEvents: 8, keptCursors: 12 });
  const shared = hub();

  class Page {
    constructor(name) {
      this.name = name;
      this.wanted = {};
      this.cursor = null;
      this.next = new Map();
      this.joined = 0;
    }

    follow(hub) {
      this.leave();
      this.hub = hub;
      this.port = { post: message => { if (this.port && this.hub === hub) this.receive(message); } };
      hub.attach(this.port, { channels: this.wanted, cursor: this.cursor, token: null });
    }

    leave() {
      const { hub, port } = this;
      this.hub = this.port = null;
      if (hub) hub.detach(port);
    }

    change(channel) {
      if (channel in this.wanted) {
        delete this.wanted[channel];
        this.next.delete(channel);
      } else {
        this.wanted[channel] = pick([0, 3, 8]);
      }
      if (this.hub) this.hub.change(this.port, { channels: this.wanted });
    }

    receive(message) {
      if (message.op === 'apart') {
        // Not from within the hub's own call: a message takes its time.
        this.hub = this.port = null;
        apart.push(this);
        return;
      }
      if (message.op === 'joined') {
        // Whoever reads a copy at this cursor misses nothing: what it has not seen by now comes.
        const at = new Map(JSON.parse(message.cursor));
        for (const channel of message.channels) {
          if (!at.has(channel)) faults.push(`${this.name} joined ${channel} at a cursor that does not know it`);
          else if (this.next.has(channel) && this.next.get(channel) !== at.get(channel)) {
            faults.push(`${this.name} joined ${channel} at ${at.get(channel)} and has seen up to ${this.next.get(channel)}`);
          } else this.next.set(channel, at.get(channel));
        }
        this.joined++;
      }
      if (message.op === 'frame' && message.type === 'happened') {
        const { channel, n } = JSON.parse(message.data);
        if (!(channel in this.wanted)) faults.push(`${this.name} got ${channel}, which it does not want`);
        const next = this.next.get(channel);
        if (next !== undefined && next !== n) faults.push(`${this.name} got ${channel} ${n}, expected ${next}`);
        this.next.set(channel, n + 1);
      }
      if (message.id || message.op === 'joined') this.cursor = message.id ?? message.cursor;
    }
  }

  const apart = [];
  const pages = ['p', 'q', 'r'].map(name => new Page(name));
  const actions = [
    () => { const channel = pick(channels); log.push({ channel, n: counts.get(channel) }); counts.set(channel, counts.get(channel) + 1); },
    () => pick(streams).step(),
    () => pick(streams).step(),
    () => pick(streams).step(),
    () => { const page = pick(pages); if (!page.hub && !apart.includes(page) && Object.keys(page.wanted).length > 0) page.follow(shared); },
    () => { if (random() < 0.3) pick(pages).leave(); },
    // A page that is away changes nothing: it would come back with a cursor that was not made for its channels.
    () => { const page = pick(pages); if (random() < 0.4 && (page.hub || page.cursor === null)) page.change(pick(channels)); },
    () => { const stream = pick(streams); if (random() < 0.2 && !['cut', 'closed'].includes(stream.state)) stream.connect(); },
    () => { const page = apart.shift(); if (page) page.follow(hub()); },
  ];
  for (let step = 0; step < steps && faults.length === 0; step++) pick(actions)();
  // Everything comes to an end, and everybody has everything.
  for (const page of apart) page.follow(hub());
  for (const page of pages) if (!page.hub && Object.keys(page.wanted).length > 0) page.follow(shared);
  while (apart.length > 0) apart.shift().follow(hub());
  for (let step = 0; step < 2000; step++) for (const stream of streams) stream.step();
  for (const page of pages) {
    for (const channel of Object.keys(page.wanted)) {
      if (page.next.get(channel) !== counts.get(channel)) faults.push(`${page.name} ended at ${page.next.get(channel)} of ${counts.get(channel)} of ${channel}`);
    }
  }
  return faults.length === 0 ? null : `seed ${seed}: ${faults[0]}`;
}

function mulberry(seed) {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}
