// What a hook keeps beyond the page: the last items of a key, in IndexedDB; in memory where storage is refused.

const DATABASE = 'tailrace-react';
const STORE = 'items';
const SAVE_MS = 500;
/** @type {Map<string, any[]>} */
const memory = new Map();
const MAX_KEYS = 100;
/** @type {Promise<IDBDatabase> | null} */
let opening = null;

/**
 * @param {string} name
 * @param {() => Promise<string | null>} who whose items they are now; null if nothing says so, and then nothing is kept
 * @returns {{load: () => Promise<any[]>, save: (items: any[]) => void}}
 */
export function itemStorage(name, who) {
  // Of whom this storage is: of whoever was there first. What was shown to one person is never kept for the next.
  const owner = who().catch(() => null);

  /** @type {any} */
  let timer = null;
  /** @type {any[]} */
  let newest = [];
  return {
    async load() {
      const key = keyOf(await owner, name);
      if (key === null) return [];
      try {
        return await request(await database(), 'readonly', store => store.get(key)) ?? memory.get(key) ?? [];
      } catch {
        return memory.get(key) ?? [];
      }
    },
    save(items) {
      newest = items;
      timer ??= setTimeout(async () => {
        timer = null;
        const key = keyOf(await owner, name);
        if (key === null || await who().catch(() => null) !== await owner) return;
        memory.delete(key);
        memory.set(key, newest);
        if (memory.size > MAX_KEYS) memory.delete(memory.keys().next().value ?? '');
        // Storage that is full or refused: what is in memory stays for this page.
        try { await request(await database(), 'readwrite', store => store.put(newest, key)); } catch { /* As above. */ }
      }, SAVE_MS);
    },
  };
}

/** @param {string | null} owner @param {string} name */
const keyOf = (owner, name) => (owner === null ? null : JSON.stringify([owner, name]));

/** @returns {Promise<IDBDatabase>} */
function database() {
  opening ??= new Promise((resolve, reject) => {
    const open = indexedDB.open(DATABASE, 2);
    open.onupgradeneeded = () => {
      // The first version did not say whose the items were.
      if (open.result.objectStoreNames.contains(STORE)) open.result.deleteObjectStore(STORE);
      open.result.createObjectStore(STORE);
    };
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
