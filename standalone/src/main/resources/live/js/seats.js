// The seats panel: a list of shows and the map of one of them. The channels of the show are added to the page's stream
// first; then the map is read as it is at that cursor or later, and what came meanwhile is applied to it. An event says what
// a seat is now, not how it changed, so one that is in the map already changes nothing.

import { call, session } from './api.js';
import { untilAnswered } from './backoff.js';
import { stateInWords } from './connection-panel.js';
import { SeatBasket } from './seat-basket.js';
import { isNews, LogClock, SEAT_TYPES, SeatBook } from './seat-book.js';
import { layOut } from './seat-layout.js';
import { SeatLegend } from './seat-legend.js';
import { SeatMap } from './seat-map.js';
import { confirm, hold, newKey, release } from './seat-orders.js';
import { faultOf, outcome, refusal, seatCount, seatNames, showTitle } from './seat-words.js';

const OUTCOMES = ['reservation_held', 'reservation_confirmed', 'reservation_released', 'reservation_expired'];
const REFUSED = 'reservation_refused';
const OWN_EVENTS = 100;
const REOPEN_MS = 1000;
const EARLY_EVENTS = 10_000;
const KNOWN_RESERVATIONS = 1000;
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
  // Of the person, also of other shows: the stream tells of them once.
  #known = new Map();
  // What came for the show that is being opened, before its map.
  #early = null;
  #wantedId = null;
  #isBehind = false;
  #wasCut = false;
  #repainting = false;
  #opening = 0;
  #reopening = null;

  constructor(root, stream) {
    this.#root = root;
    this.#stream = stream;
    this.#map = new SeatMap(this.#find('seat-map'));
    this.#basket = new SeatBasket(root);
    this.#legend = new SeatLegend(this.#find('seat-legend'));
    this.#listen();
  }

  /** Lists the shows, and opens the one that the address names. */
  async start() {
    const open = () => {
      const id = HASH.exec(location.hash)?.[1];
      if (id && id !== this.#wantedId) void this.#open(id);
    };
    addEventListener('hashchange', open);
    open();
    await this.#list();
  }

  /** The channels that are needed, each with how many of its earlier events. The person's own is there before a show is open: others on the page follow it, too. */
  channels() {
    const person = session();
    const own = person ? { [`user:${person.id}`]: OWN_EVENTS } : {};
    return this.#wantedId ? { [`show:${this.#wantedId}`]: 0, ...own } : own;
  }

  /** Another person in this tab, or nobody: other reservations, another channel. */
  person() {
    this.#known.clear();
    if (this.#wantedId) void this.#open(this.#wantedId);
  }

  #listen() {
    this.#map.addEventListener('choose', ({ detail }) => this.#choose(detail));
    this.#basket.addEventListener('hold', () => void this.#hold());
    this.#basket.addEventListener('unchoose', () => this.#changed(this.#book.unchoose()));
    this.#basket.addEventListener('confirm', ({ detail }) => void this.#step(detail, confirm));
    this.#basket.addEventListener('release', ({ detail }) => void this.#step(detail, release));
    this.#stream.addEventListener('event', ({ detail }) => this.#onEvent(detail));
    this.#stream.addEventListener('control', ({ detail }) => this.#onControl(detail));
    this.#stream.addEventListener('state', () => {
      this.#showState();
      const isBack = this.#wasCut && this.#stream.state !== 'cut';
      this.#wasCut = this.#stream.state === 'cut';
      // A show that was opened while the page was cut off is not on the stream yet.
      if (isBack && this.#isBehind) void this.#open(this.#wantedId);
    });
    this.#find('open-show').addEventListener('submit', submitted => {
      submitted.preventDefault();
      const id = this.#find('show').value;
      if (!id) return;
      history.replaceState(null, '', `#show=${id}`);
      void this.#open(id);
    });
    this.#find('show').addEventListener('focus', () => void this.#list());
  }

  #showState() {
    const state = this.#find('seats-state');
    const isOpening = this.#early !== null && this.#stream.state === 'live';
    state.dataset.state = this.#wantedId === null ? 'closed' : isOpening ? 'catching-up' : this.#stream.state;
    state.textContent = this.#wantedId === null ? 'closed' : isOpening ? 'opening' : stateInWords(this.#stream).name;
  }

  async #list() {
    const select = this.#find('show');
    try {
      const page = await untilAnswered(() => call('GET', '/shows?limit=50'));
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
    clearTimeout(this.#reopening);
    this.#reopening = null;
    const opening = ++this.#opening;
    const isCurrent = () => opening === this.#opening;
    this.#fault('');
    this.#wantedId = id;
    this.#early = [];
    this.#showState();
    try {
      const show = await this.#ask(isCurrent, `/shows/${id}`);
      this.#isBehind = this.#stream.state === 'cut';
      let after = '';
      if (!this.#isBehind) {
        this.#stream.update();
        after = `?after=${await this.#stream.joined(Object.keys(this.channels()))}`;
        if (!isCurrent()) return;
      }
      const { seats } = await this.#ask(isCurrent, `/shows/${id}/seats${after}`);
      if (isCurrent()) this.#enter(show, seats);
    } catch (fault) {
      if (!isCurrent()) return;
      this.#early = null;
      this.#fault(fault.status === 404 ? 'There is no such show.' : faultOf(fault));
      this.#showState();
    }
  }

  // As long as nothing else is opened, through any outage, and the person is told.
  #ask(isCurrent, path) {
    return untilAnswered(() => call('GET', path), fault => {
      if (isCurrent()) this.#news(`Waiting for the show: ${fault.message}`);
      return isCurrent();
    });
  }

  #enter(show, seats) {
    const isOther = show.id !== this.#show?.id;
    const early = this.#early;
    this.#early = null;
    this.#show = show;
    this.#book = new SeatBook(seats);
    for (const reservation of this.#known.values()) if (reservation.show_id === show.id) this.#book.put(reservation);
    this.#draw(isOther);
    for (const event of early) this.#take(event, false);
    this.#news(isOther ? `${show.name}: ${seatCount(seats.length)}.` : '');
    this.#showState();
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

  #put(reservation, tell) {
    this.#remember(reservation);
    if (!this.#book.put(reservation)) return;
    if (tell && reservation.state === 'refused') this.#fault(outcome(reservation));
    else if (tell) this.#news(outcome(reservation));
    this.#changed(reservation.seats);
  }

  #remember(reservation) {
    if (!reservation.show_id || !isNews(this.#known.get(reservation.id), reservation)) return;
    this.#known.delete(reservation.id);
    this.#known.set(reservation.id, reservation);
    if (this.#known.size > KNOWN_RESERVATIONS) this.#known.delete(this.#known.keys().next().value);
  }

  #onEvent({ type, envelope }) {
    const isSeat = SEAT_TYPES.includes(type);
    if (!isSeat && !OUTCOMES.includes(type) && type !== REFUSED) return;
    this.#clock.observe(envelope.time, performance.now());
    if (OUTCOMES.includes(type)) this.#remember(envelope.data);
    const showId = isSeat ? envelope.channel.split(':')[1] : envelope.data.show_id;
    if (showId !== this.#wantedId) return;
    if (this.#early === null) {
      this.#take({ type, envelope }, true);
    } else if (this.#early.push({ type, envelope }) > EARLY_EVENTS) {
      // The map has not come for so long that a later one is less work. What came until then is in it.
      this.#opening++;
      this.#early = [];
      this.#openAgainSoon();
    }
  }

  // What comes with the map, or before it, is no news.
  #take({ type, envelope: { data } }, tell) {
    if (SEAT_TYPES.includes(type)) {
      const lost = this.#book.change(type, data.seats);
      if (tell && lost.length > 0) this.#news(`Somebody was faster: ${seatNames(lost)}.`);
      this.#changed(data.seats);
    } else if (type === REFUSED) {
      this.#onRefused(data, tell);
    } else {
      this.#put(data, tell);
    }
  }

  #onRefused(decision, tell) {
    // A hold's id is its command's. Of another step only the reason is known, and that it is over.
    const refused = this.#book.reservation(decision.command_id);
    if (refused?.state === 'pending') {
      this.#put({ ...refused, state: 'refused', reason: decision.reason }, tell);
      return;
    }
    const waiting = this.#book.reservations.filter(r => r.busy);
    for (const reservation of waiting) this.#book.setBusy(reservation.id, false);
    if (tell && waiting.length > 0) this.#fault(refusal(decision));
    this.#changed([]);
  }

  // The stream does not go on from where the map is: take a new map.
  #onControl({ type }) {
    const isLost = type === 'stream.gap' || type === 'stream.reset';
    if (this.#wantedId !== null && isLost) this.#openAgainSoon();
  }

  #openAgainSoon() {
    this.#reopening ??= setTimeout(() => { void this.#open(this.#wantedId); }, REOPEN_MS * (0.5 + Math.random()));
  }

  // Seats are painted at once; what is counted from all of them once a frame.
  #changed(ids) {
    for (const id of ids) this.#map.paint(id, this.#book.look(id));
    if (this.#repainting) return;
    this.#repainting = true;
    requestAnimationFrame(() => {
      this.#repainting = false;
      this.#legend.show(this.#book.counts());
      this.#basket.show(this.#book, session() !== null, at => this.#clock.until(at, performance.now()));
    });
  }

  #news(text) { this.#find('seat-news').textContent = text; }

  #fault(text) { this.#find('seat-fault').textContent = text; }

  #find(id) { return this.#root.querySelector(`#${id}`); }
}
