// The seats panel: a list of shows and the map of one of them. The snapshot says at which position it is true, and the
// stream is joined there, so that no change is missed or seen twice.

import { call, session } from './api.js';
import { SeatBasket } from './seat-basket.js';
import { LogClock, SEAT_TYPES, SeatBook } from './seat-book.js';
import { layOut } from './seat-layout.js';
import { SeatLegend } from './seat-legend.js';
import { SeatMap } from './seat-map.js';
import { confirm, hold, newKey, release } from './seat-orders.js';
import { faultOf, outcome, refusal, seatCount, seatNames, showTitle } from './seat-words.js';
import { ResumableStream } from './stream.js';

const OUTCOMES = ['reservation_held', 'reservation_confirmed', 'reservation_released', 'reservation_expired'];
const REFUSED = 'reservation_refused';
const REOPEN_MS = 1000;
const HASH = /^#show=([0-9a-f-]{36})$/;

export class Seats {
  #root;
  #show = null;
  #layout = null;
  #book = new SeatBook([]);
  #clock = new LogClock();
  #map;
  #basket;
  #legend;
  #stream;
  #joined = false;
  #cutByUser = false;
  #repainting = false;
  #opening = 0;

  constructor(root) {
    this.#root = root;
    this.#map = new SeatMap(this.#find('seat-map'));
    this.#basket = new SeatBasket(root);
    this.#legend = new SeatLegend(this.#find('seat-legend'));
    this.#stream = new ResumableStream(() => this.#subscription());
    this.#listen();
  }

  /** Lists the shows, and opens the one that the address names. */
  async start() {
    const open = () => {
      const id = HASH.exec(location.hash)?.[1];
      if (id && id !== this.#show?.id) void this.#open(id);
    };
    addEventListener('hashchange', open);
    open();
    await this.#list();
  }

  /** Another person in this tab, or nobody: other reservations, another channel. */
  person() {
    if (this.#show) void this.#open(this.#show.id);
  }

  /** Ends the stream on purpose. The map stays as it was. */
  cut() {
    this.#cutByUser = true;
    this.#stream.cut();
  }

  /** Takes it up at the cursor, also with a new token. */
  resume() {
    this.#cutByUser = false;
    if (this.#show && this.#stream.cursor && !document.hidden) this.#stream.connect();
  }

  #listen() {
    this.#map.addEventListener('choose', ({ detail }) => this.#choose(detail));
    this.#basket.addEventListener('hold', () => void this.#hold());
    this.#basket.addEventListener('unchoose', () => this.#changed(this.#book.unchoose()));
    this.#basket.addEventListener('confirm', ({ detail }) => void this.#step(detail, confirm));
    this.#basket.addEventListener('release', ({ detail }) => void this.#step(detail, release));
    this.#stream.addEventListener('event', ({ detail }) => this.#onEvent(detail));
    this.#stream.addEventListener('control', ({ detail }) => this.#onControl(detail.type));
    this.#stream.addEventListener('state', () => {
      const state = this.#find('seats-state');
      state.textContent = this.#stream.state;
      state.dataset.state = this.#stream.state;
    });
    this.#find('open-show').addEventListener('submit', submitted => {
      submitted.preventDefault();
      const id = this.#find('show').value;
      if (!id) return;
      history.replaceState(null, '', `#show=${id}`);
      void this.#open(id);
    });
    this.#find('show').addEventListener('focus', () => void this.#list());
    // A browser has six connections to a server for all of its tabs: one that nobody looks at gives its second one back.
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#stream.cut();
      else if (!this.#cutByUser) this.resume();
    });
  }

  #subscription() {
    const person = session();
    const channels = [`show:${this.#show.id}`];
    if (person) channels.push(`user:${person.id}`);
    // The cursor says where the show goes on; of one's own channel it says nothing yet, and that starts with what was.
    return { channels, types: [...SEAT_TYPES, ...OUTCOMES, REFUSED], start: 'last:100', token: person?.access };
  }

  async #list() {
    const select = this.#find('show');
    try {
      const page = await call('GET', '/shows?limit=50');
      const options = page.shows.map(show => new Option(showTitle(show), show.id));
      if (this.#show && !page.shows.some(s => s.id === this.#show.id)) {
        options.push(new Option(showTitle(this.#show), this.#show.id));
      }
      const chosen = select.value || this.#show?.id;
      const same = options.length === select.options.length && options.every((o, i) => o.value === select.options[i].value);
      if (!same) select.replaceChildren(...options);
      if (chosen) select.value = chosen;
      this.#find('shows-empty').hidden = options.length > 0;
    } catch (fault) {
      this.#fault(faultOf(fault));
    }
  }

  async #open(id) {
    const opening = ++this.#opening;
    this.#stream.cut();
    this.#fault('');
    try {
      const [show, snapshot] = await Promise.all([call('GET', `/shows/${id}`), call('GET', `/shows/${id}/seats`)]);
      if (opening !== this.#opening) return;
      const isOther = show.id !== this.#show?.id;
      this.#show = show;
      this.#book = new SeatBook(snapshot.seats);
      this.#joined = false;
      this.#draw(isOther);
      this.#stream.cursor = snapshot.position;
      if (!this.#cutByUser && !document.hidden) this.#stream.connect();
      if (isOther) this.#news(`${show.name}: ${seatCount(snapshot.seats.length)}.`);
    } catch (fault) {
      if (opening === this.#opening) this.#fault(fault.status === 404 ? 'There is no such show.' : faultOf(fault));
    }
  }

  #draw(isOther) {
    if (isOther) {
      this.#layout = layOut(this.#show.sections);
      this.#map.draw(this.#layout, this.#show.name, id => this.#book.look(id));
      this.#find('seats-open').hidden = false;
      this.#find('show').value = this.#show.id;
      const drawn = this.#layout.seats.size;
      this.#find('seats-undrawn').textContent = drawn === this.#layout.total
        ? '' : `The map shows ${drawn} of ${this.#layout.total} seats.`;
    }
    this.#changed(this.#layout.seats.keys());
  }

  #choose(id) {
    this.#fault('');
    if (this.#book.toggle(id)) this.#changed([id]);
    else this.#news(`${seatNames([id])} cannot be chosen.`);
  }

  async #hold() {
    const book = this.#book;
    const key = newKey();
    const seats = book.unchoose();
    book.put({ id: key, state: 'pending', seats });
    this.#fault('');
    this.#changed(seats);
    let answer = null;
    try {
      answer = await hold(this.#show.id, seats, key);
    } catch (fault) {
      this.#fault(faultOf(fault));
    }
    book.forget(key);
    if (book !== this.#book) return;
    this.#changed(seats);
    if (answer) this.#put(answer, true);
  }

  async #step(id, action) {
    const book = this.#book;
    this.#fault('');
    book.setBusy(id, true);
    this.#changed([]);
    let undecided = false;
    try {
      const answer = await action(id);
      undecided = answer.state === 'pending';
      if (undecided) this.#news('Not decided yet. The answer will come by itself.');
      else if (book === this.#book) this.#put(answer, true);
    } catch (fault) {
      this.#fault(faultOf(fault));
    }
    // What is not decided yet stays busy until one's own channel tells.
    if (!undecided) book.setBusy(id, false);
    this.#changed([]);
  }

  // What one's own channel tells before it has caught up is no news.
  #put(reservation, tell = this.#joined) {
    if (!this.#book.put(reservation)) return;
    if (tell && reservation.state === 'refused') this.#fault(outcome(reservation));
    else if (tell) this.#news(outcome(reservation));
    this.#changed(reservation.seats);
  }

  #onEvent({ type, envelope: { time, data } }) {
    this.#clock.observe(time, Date.now());
    if (SEAT_TYPES.includes(type)) {
      const lost = this.#book.change(type, data.seats);
      if (lost.length > 0) this.#news(`Somebody was faster: ${seatNames(lost)}.`);
      this.#changed(data.seats);
    } else if (data.show_id !== this.#show.id) {
      // Another show's.
    } else if (type === REFUSED) {
      this.#onRefused(data);
    } else {
      this.#put(data);
    }
  }

  #onRefused(decision) {
    // A hold's id is its command's. Of another step only the reason is known, and that it is over.
    const refused = this.#book.reservation(decision.command_id);
    if (refused?.state === 'pending') {
      this.#put({ ...refused, state: 'refused', reason: decision.reason });
      return;
    }
    const waiting = this.#book.reservations.filter(r => r.busy);
    for (const reservation of waiting) this.#book.setBusy(reservation.id, false);
    if (this.#joined && waiting.length > 0) this.#fault(refusal(decision));
    this.#changed([]);
  }

  #onControl(type) {
    if (type === 'stream.caught_up') this.#joined = true;
    // The stream no longer goes on from where the map is: take a new map.
    if (type === 'stream.gap' || type === 'stream.reset') {
      const id = this.#show.id;
      setTimeout(() => { if (this.#show.id === id) void this.#open(id); }, REOPEN_MS);
    }
  }

  // Seats are painted at once; what is counted from all of them once a frame.
  #changed(ids) {
    for (const id of ids) this.#map.paint(id, this.#book.look(id));
    if (this.#repainting) return;
    this.#repainting = true;
    requestAnimationFrame(() => {
      this.#repainting = false;
      this.#legend.show(this.#book.counts());
      this.#basket.show(this.#book, session() !== null, at => this.#clock.until(at, Date.now()));
    });
  }

  #news(text) { this.#find('seat-news').textContent = text; }

  #fault(text) { this.#find('seat-fault').textContent = text; }

  #find(id) { return this.#root.querySelector(`#${id}`); }
}
