// The files of the person of this tab: what is being sent, what can go on, and what the server has.

import { discardUpload, upload, uploadKey, webUploadStore } from '../client/uploads.js';
import { call, session } from './api.js';
import { untilAnswered } from './backoff.js';
import { phaseInWords } from './file-words.js';
import { FileRows } from './file-rows.js';

const PAGE = 20;
const PARALLEL = 3;
/** While a file is in one of these, it is not taken again. */
const RUNNING = ['waiting', 'sending', 'reading'];
const ENDED = ['ready', 'failed'];

/** Emits 'change' when other files can be asked about. */
export class Files extends EventTarget {
  #root;
  #stream;
  #rows;
  /** By the id of an upload, or a key of this page while there is none. @type {Map<string, any>} */
  #items = new Map();
  #waiting = [];
  #sending = 0;
  /** Files that were stored while one of the same size was sent here. @type {Set<string>} */
  #later = new Set();
  /** When the newest of the listed files was stored; what is told of before is known, or deleted, or further down. */
  #newest = Infinity;
  #next = null;
  #store = null;
  #shown = 0;

  /** @param {Document} root @param {import('./page-stream.js').PageStream} stream */
  constructor(root, stream) {
    super();
    this.#root = root;
    this.#stream = stream;
    this.#rows = new FileRows(root, {
      cancel: item => void this.#cancel(item), remove: item => void this.#delete(item), choose: () => this.#find('pick').click(),
      chosen: () => this.dispatchEvent(new Event('change')),
    });
    this.#find('pick').addEventListener('change', ({ target }) => {
      this.add([...target.files]);
      // The same file can be chosen again.
      target.value = '';
    });
    this.#find('files-more').addEventListener('click', () => void this.#list(this.#next));
    this.#listenToDrops();
  }

  /** The ready files whose boxes are ticked. @returns {string[]} */
  get chosen() {
    return [...this.#items.values()].filter(item => item.phase === 'ready' && this.#rows.isChosen(item)).map(item => item.upload.id);
  }

  nameOf(id) {
    return this.#items.get(id)?.name;
  }

  /** Somebody else, or nobody, is signed in. */
  async person() {
    this.#shown++;
    this.#newest = Infinity;
    const person = session();
    for (const item of this.#items.values()) item.stop?.abort();
    this.#items.clear();
    this.#waiting = [];
    this.#rows.clear();
    this.#say('');
    this.#fault('');
    this.#store = person && webUploadStore(`tailrace.uploads.${person.id}`);
    this.#emptied();
    if (!person) return;
    for (const each of await this.#store.all()) {
      this.#put({ key: each.key, name: each.name, size: each.size, phase: 'unfinished', unfinished: each });
    }
    await this.#list(null);
  }

  /** Files that somebody has chosen or dropped. @param {File[]} files */
  add(files) {
    if (!session()) return;
    if (!this.#stream.client) return this.#fault('The connection is cut. Resume it above, then choose the files.');
    this.#fault('');
    for (const file of files) {
      const key = uploadKey(file);
      const before = [...this.#items.values()].find(item => item.key === key && item.phase !== 'ready' && item.phase !== 'stored');
      // The one that is under way already, or the one that goes on.
      if (before && RUNNING.includes(before.phase)) continue;
      if (before) this.#drop(before);
      const item = this.#put({ key, name: file.name, size: file.size, phase: 'waiting', file, stop: new AbortController() });
      this.#waiting.push(item);
    }
    this.#sendNext();
  }

  /** What the stream tells of a file, perhaps of one that another tab sends, perhaps of the time before the files were listed. @param {string} type @param {any} data @param {string} time */
  heard(type, data, time) {
    const item = this.#items.get(data.upload);
    if (item?.stop) return;
    switch (type) {
      case 'upload_stored':
        if (item || Date.parse(time) <= this.#newest) break;
        // Probably the one that this page is sending, which is told its id in a moment.
        if (this.#isSending(data.size)) this.#later.add(data.upload);
        else void this.#fetch(data.upload);
        break;
      case 'extraction_progress':
        if (item && !ENDED.includes(item.phase)) this.#set(item, { phase: 'reading', pages: data.pages, of: data.of });
        break;
      case 'upload_ready':
      case 'upload_failed':
        if (item && !ENDED.includes(item.phase)) void this.#fetch(data.upload);
        break;
    }
  }

  #isSending(size) {
    return [...this.#items.values()].some(item => item.phase === 'sending' && item.size === size);
  }

  #sendNext() {
    while (this.#sending < PARALLEL && this.#waiting.length > 0) void this.#send(this.#waiting.shift());
  }

  async #send(item) {
    const shown = this.#shown;
    this.#sending++;
    let isSending = true;
    const sent = () => {
      if (isSending) this.#sending--;
      isSending = false;
      for (const id of this.#later) if (!this.#items.has(id)) void this.#fetch(id);
      this.#later.clear();
      this.#sendNext();
    };
    const { client } = this.#stream;
    try {
      const record = await upload(client, item.file, {
        store: this.#store, signal: item.stop.signal,
        onProgress: progress => {
          if (shown !== this.#shown) return;
          const { phase, sent: bytes, upload: had, pages, of } = progress;
          this.#known(item, had);
          if (phase !== 'sending') sent();
          this.#set(item, { phase, sent: bytes, pages, of });
        },
      });
      if (shown !== this.#shown) return;
      item.stop = null;
      this.#known(item, record);
      this.#set(item, { phase: record.state });
      this.#say(`${item.name}: ${phaseInWords(item)}`);
      this.dispatchEvent(new Event('change'));
    } catch (fault) {
      if (shown === this.#shown && !item.stop?.signal.aborted) await this.#failed(item, fault);
    } finally {
      sent();
    }
  }

  async #failed(item, fault) {
    item.stop = null;
    const unfinished = await this.#store.get(item.key);
    const words = fault.body?.errors?.[0]?.message ?? fault.message;
    this.#set(item, unfinished ? { phase: 'unfinished', unfinished } : { phase: 'refused', fault: words });
    this.#fault(`${item.name}: ${words}`);
  }

  /** Stops what is sent, or takes away what is not whole or was refused. */
  async #cancel(item) {
    item.stop?.abort(new Error('cancelled'));
    this.#waiting = this.#waiting.filter(each => each !== item);
    const unfinished = item.unfinished ?? await this.#store?.get(item.key);
    this.#drop(item);
    // What was wrong with it needs nobody's attention any more.
    this.#fault('');
    this.#say(`${item.name}: cancelled`);
    if (!unfinished) return;
    try {
      await discardUpload(this.#stream.client, unfinished, this.#store);
    } catch (fault) {
      this.#fault(`${item.name}: ${fault.message}`);
    }
  }

  async #delete(item) {
    // Nobody waits for its text any more.
    item.stop?.abort(new Error('deleted'));
    try {
      await call('DELETE', `/uploads/${item.upload.id}`);
      this.#drop(item);
      this.#say(`${item.name}: deleted`);
      this.dispatchEvent(new Event('change'));
    } catch (fault) {
      if (fault.status === 404) this.#drop(item);
      else this.#fault(`${item.name}: ${fault.message}`);
    }
  }

  /** @param {?string} before */
  async #list(before) {
    const shown = this.#shown;
    const query = new URLSearchParams({ limit: String(PAGE), ...(before && { before }) });
    try {
      const page = await untilAnswered(() => call('GET', `/uploads?${query}`), () => shown === this.#shown);
      if (shown !== this.#shown) return;
      for (const record of page.uploads) if (!this.#items.has(record.id)) this.#show(record, true);
      if (before === null) this.#newest = Math.max(0, ...page.uploads.map(record => Date.parse(record.created_at)));
      this.#next = page.next ?? null;
      this.#find('files-more').hidden = this.#next === null;
      this.#emptied();
      this.dispatchEvent(new Event('change'));
    } catch (fault) {
      if (shown === this.#shown) this.#fault(fault.message);
    }
  }

  async #fetch(id) {
    const shown = this.#shown;
    try {
      const record = await untilAnswered(() => call('GET', `/uploads/${id}`), () => shown === this.#shown);
      const item = this.#items.get(id);
      if (shown !== this.#shown || item?.stop) return;
      if (item) {
        item.upload = record;
        this.#set(item, { phase: record.state, pages: undefined });
      } else this.#show(record, false);
      this.dispatchEvent(new Event('change'));
    } catch { /* It was deleted meanwhile. */ }
  }

  #show(record, isOlder) {
    this.#put({ key: record.id, name: record.name, size: record.size, phase: record.state, upload: record }, isOlder);
  }

  /** An item of this page has an id from now on. */
  #known(item, record) {
    if (!record) return;
    item.upload = record;
    if (item.id === record.id) return;
    // The stream was faster.
    const other = this.#items.get(record.id);
    if (other && other !== item) this.#rows.remove(other);
    this.#items.delete(item.id);
    item.id = record.id;
    item.name = record.name;
    this.#items.set(item.id, item);
  }

  #put(item, isOlder = false) {
    item.id = item.upload?.id ?? `${item.key} ${Math.random()}`;
    this.#items.set(item.id, item);
    this.#rows.add(item, isOlder);
    this.#emptied();
    return item;
  }

  #set(item, change) {
    Object.assign(item, change);
    this.#rows.update(item);
  }

  #drop(item) {
    this.#items.delete(item.id);
    this.#rows.remove(item);
    this.#emptied();
  }

  #listenToDrops() {
    const zone = this.#find('drop');
    const isOver = over => ({ dataTransfer }) => zone.classList.toggle('over', over && Boolean(dataTransfer?.types.includes('Files')));
    for (const name of ['dragenter', 'dragover']) zone.addEventListener(name, isOver(true));
    for (const name of ['dragleave', 'drop']) zone.addEventListener(name, isOver(false));
    // Beside the zone, too: a browser would leave the page and show the file.
    for (const name of ['dragover', 'drop']) this.#root.addEventListener(name, dropped => { if (dropped.dataTransfer?.types.includes('Files')) dropped.preventDefault(); });
    zone.addEventListener('drop', ({ dataTransfer }) => this.add([...dataTransfer.files]));
  }

  #emptied() {
    this.#find('files-empty').hidden = this.#items.size > 0;
    if (!session()) this.#find('files-more').hidden = true;
  }

  #say(text) {
    this.#find('files-news').textContent = text;
  }

  #fault(text) {
    this.#find('files-fault').textContent = text;
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
