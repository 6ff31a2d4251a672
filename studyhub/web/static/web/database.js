// IndexedDB with promises, and ids. Nothing here knows what is stored.

// A storage that says nothing for so long is none. Writing a lesson's sound takes a cheap phone seconds.
const OPENS = 5000;
const ANSWERS = 10000;
const DEAF = 25000; // for so long nobody else waits for one that said nothing
const silent = () => new DOMException("storage does not answer", "TimeoutError");

/** No room: the one failure that deleting something helps against. */
export const isFull = (e) => Boolean(e) && e.name === "QuotaExceededError";

/** Opens a database; rejects where the phone keeps nothing (private windows, full or broken). `gone`
 *  hears when the connection ends: the browser closed it, the data was cleared, a newer page needs it. */
function openDb(name, upgrade, gone) {
  return new Promise((resolve, reject) => {
    let request;
    try { request = indexedDB.open(name, 1); } catch (e) { reject(e); return; }
    let late = setTimeout(() => { late = 0; reject(silent()); }, OPENS);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onerror = () => { clearTimeout(late); reject(request.error); };
    request.onsuccess = () => {
      const db = request.result;
      clearTimeout(late);
      db.onclose = gone;
      // A newer page wants to change the layout, or to delete: do not stand in its way.
      db.onversionchange = () => { db.close(); gone(); };
      if (late) resolve(db);
      else db.close(); // nobody waits for it any more
    };
  });
}

/** Transactions in the database of that name (`transact`). A connection that has gone is opened anew,
 *  once; a storage that fell silent is not waited for again and again. */
export function database(name, upgrade) {
  /** @type {Promise<any> | null} */
  let opened = null;
  let deaf = -DEAF;
  const attempt = async (asked) => {
    const mine = opened = opened || openDb(name, upgrade, () => { if (opened === mine) opened = null; });
    try { return await transact(await mine, ...asked); } catch (e) {
      if (opened === mine && !isFull(e)) opened = null;
      throw e;
    }
  };
  return async (...asked) => {
    if (performance.now() - deaf < DEAF) throw silent();
    try { return await attempt(asked); } catch (e) {
      if (isFull(e)) throw e;
      if (e && e.name !== "TimeoutError") return attempt(asked);
      deaf = performance.now();
      throw e;
    }
  };
}

/** Tells that nothing more is asked. WebKit keeps a page that is left as it stands, with what it had
 *  begun: without this word the next page waits for a lock that nobody will give back. */
export function commit(tx) {
  if (tx.commit) tx.commit();
}

/** One transaction. Resolves with what `work` returned once it is on the disk, not before. Work that
 *  asks on when answers come (`more`) tells its own end. Rejects when the storage does not answer. */
function transact(db, stores, mode, work, more) {
  return new Promise((resolve, reject) => {
    let result;
    let tx;
    // "strict": the promise "已保存" is made only after the phone has really written it.
    try { tx = db.transaction(stores, mode, { durability: "strict" }); } catch (e) { reject(e); return; }
    const late = setTimeout(() => {
      // What has told its own end is on its way to the disk: called lost, it would be written twice.
      try { tx.abort(); } catch (e) { if (more) return; }
      reject(silent());
    }, ANSWERS);
    const failed = () => { clearTimeout(late); reject(tx.error || new Error("aborted")); };
    tx.oncomplete = () => { clearTimeout(late); resolve(result && "value" in result ? result.value : undefined); };
    tx.onerror = failed;
    tx.onabort = failed;
    const stored = [].concat(stores).map((store) => tx.objectStore(store));
    result = work.apply(null, stored);
    if (!more) commit(tx);
  });
}

/** The result of a request as `{ value }`, filled in when the transaction is complete. */
export function result(request) {
  const box = { value: undefined };
  request.onsuccess = () => { box.value = request.result; };
  return box;
}

/** What belongs to the phone, not to a person: packs, their parts, settings of the phone. */
export const shared = database("studyhub", (db) => {
  db.createObjectStore("packs", { keyPath: "lesson" }).createIndex("path", "path");
  db.createObjectStore("parts", { keyPath: "url" });
  db.createObjectStore("meta");
});

export async function phone(name) {
  try { return await shared("meta", "readonly", (rows) => result(rows.get(name))); } catch (e) { return undefined; }
}

export async function setPhone(name, value) {
  try { await shared("meta", "readwrite", (rows) => { rows.put(value, name); }); return true; } catch (e) { return false; }
}

// Ids ------------------------------------------------------------------------------------------
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function uuidOf(bytes) {
  const text = hex(bytes);
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}

export function bytesOf(uuid) {
  return Uint8Array.from(uuid.replace(/-/g, "").match(/../g), (pair) => parseInt(pair, 16));
}

/** UUIDv7: milliseconds first, so that ids sort by the time of making; then `tail` (10 bytes). */
function uuid7(time, tail) {
  const bytes = new Uint8Array(16);
  let rest = time;
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(tail, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return uuidOf(bytes);
}

export function randomUuid() {
  return uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

/** The id of a record. Its tail follows from device, account and number: a receipt need not carry it,
 *  and the server makes the same one again (records/receipts.py). */
export function recordId(time, device, account, seq) {
  const own = bytesOf(device);
  const mine = bytesOf(account);
  const tail = new Uint8Array(10);
  for (let i = 0; i < 10; i += 1) tail[i] = own[i + 6] ^ mine[i + 6];
  for (let i = 0; i < 4; i += 1) tail[9 - i] ^= Math.floor(seq / 256 ** i) % 256;
  return uuid7(time, tail);
}
