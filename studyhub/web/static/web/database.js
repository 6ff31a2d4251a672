// IndexedDB with promises, and ids. Nothing here knows what is stored.

// A storage that says nothing for so long is none. Writing a lesson's sound takes a cheap phone seconds.
const OPENS = 5000;
const ANSWERS = 10000;
const silent = () => new DOMException("storage does not answer", "TimeoutError");

/** Opens a database; rejects where the phone keeps nothing (private windows, full or broken). */
export function openDb(name, version, upgrade) {
  return new Promise((resolve, reject) => {
    let request;
    try { request = indexedDB.open(name, version); } catch (e) { reject(e); return; }
    const late = setTimeout(() => reject(silent()), OPENS);
    request.onupgradeneeded = () => upgrade(request.result, request.transaction);
    request.onerror = () => { clearTimeout(late); reject(request.error); };
    request.onsuccess = () => {
      clearTimeout(late);
      const db = request.result;
      // A newer page wants to change the layout: do not stand in its way.
      db.onversionchange = () => db.close();
      resolve(db);
    };
  });
}

/** Tells that nothing more is asked. WebKit keeps a page that is left as it stands, with what it had
 *  begun: without this word the next page waits for a lock that nobody will give back. */
export function commit(tx) {
  if (tx.commit) tx.commit();
}

/** One transaction. Resolves with what `work` returned once it is on the disk, not before. Work that
 *  asks on when answers come (`more`) tells its own end. Rejects when the storage does not answer. */
export function transact(db, stores, mode, work, more) {
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

function read(db, store, key) {
  return transact(db, store, "readonly", (rows) => result(rows.get(key)));
}

export function write(db, store, row, key) {
  return transact(db, store, "readwrite", (rows) => { rows.put(row, key); });
}

// The shared database ---------------------------------------------------------------------------
let shared = null;

/** What belongs to the phone, not to a person: packs, their parts, settings of the phone. */
export function sharedDb() {
  if (!shared) {
    shared = openDb("studyhub", 1, (db) => {
      db.createObjectStore("packs", { keyPath: "lesson" }).createIndex("path", "path");
      db.createObjectStore("parts", { keyPath: "url" });
      db.createObjectStore("meta");
    });
    shared.catch(() => {});
  }
  return shared;
}

export async function phone(name) {
  try { return await read(await sharedDb(), "meta", name); } catch (e) { return undefined; }
}

export async function setPhone(name, value) {
  try { await write(await sharedDb(), "meta", value, name); return true; } catch (e) { return false; }
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
