// What a hook keeps beyond the page: the last items of a key, in IndexedDB; in memory where storage is refused.

const DATABASE = 'tailrace-react';
const STORE = 'items';
const SAVE_MS = 500;
/** @type {Map<string, any[]>} */
const memory = new Map();
const MAX_KEYS = 100;
/** @type {Promise<IDBDatabase> | null} */
let opening = null;

/** @param {string} key @returns {{load: () => Promise<any[]>, save: (items: any[]) => void}} */
export function itemStorage(key) {
  /** @type {any} */
  let timer = null;
  /** @type {any[]} */
  let newest = [];
  return {
    async load() {
      try {
        return await request(await database(), 'readonly', store => store.get(key)) ?? memory.get(key) ?? [];
      } catch {
        return memory.get(key) ?? [];
      }
    },
    save(items) {
      newest = items;
      memory.delete(key);
      memory.set(key, items);
      if (memory.size > MAX_KEYS) memory.delete(memory.keys().next().value ?? '');
      timer ??= setTimeout(async () => {
        timer = null;
        // Storage that is full or refused: what is in memory stays for this page.
        try { await request(await database(), 'readwrite', store => store.put(newest, key)); } catch { /* As above. */ }
      }, SAVE_MS);
    },
  };
}

/** @returns {Promise<IDBDatabase>} */
function database() {
  opening ??= new Promise((resolve, reject) => {
    const open = indexedDB.open(DATABASE, 1);
    open.onupgradeneeded = () => { open.result.createObjectStore(STORE); };
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error);
  });
  return opening;
}

/** @param {IDBDatabase} db @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} ask @returns {Promise<any>} */
function request(db, mode, ask) {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode);
    const asked = ask(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}
