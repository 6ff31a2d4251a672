// Where the records of one account lie on this phone: IndexedDB, else localStorage, else this page.

import { commit, openDb, phoneNotes, randomUuid, result, transact } from "./base.js";

const newHead = () => ({ device: randomUuid(), seq: 0 });

/** The device and the number it has come to, read and written in one transaction: two pages that begin
 *  at once must not make two devices of one phone. */
function withHead(notes, use) {
  const box = { value: null };
  const asked = notes.get("head");
  asked.onsuccess = () => {
    const head = asked.result || newHead();
    if (!asked.result) notes.put(head, "head");
    box.value = use(head);
    commit(asked.transaction);
  };
  return box;
}

function inDatabase(db) {
  const meta = (name) => transact(db, "meta", "readonly", (rows) => result(rows.get(name)));
  return {
    safe: true,
    meta,
    setMeta: (name, value) => transact(db, "meta", "readwrite", (rows) => { rows.put(value, name); }),
    all: () => transact(db, "records", "readonly", (rows) => result(rows.getAll())),
    put: (list) => transact(db, "records", "readwrite", (rows) => { list.forEach((row) => rows.put(row)); }),
    remove: (ids) => transact(db, "records", "readwrite", (rows) => { ids.forEach((id) => rows.delete(id)); }),
    // The number and the record are written together: numbers have no gaps, whatever dies when.
    append: (make) => transact(db, ["records", "meta"], "readwrite", (rows, notes) => withHead(notes, (head) => {
      head.seq += 1;
      const row = make(head.device, head.seq);
      rows.add(row);
      notes.put(head, "head");
      return row;
    }), true),
    device: () => transact(db, "meta", "readwrite", (notes) => withHead(notes, (head) => head.device), true),
    renew: () => transact(db, "meta", "readwrite", (notes) => { notes.delete("head"); }),
  };
}

function inMemory(name) {
  let kept = { meta: {}, rows: {} };
  let safe = true;
  // Pages open side by side may see each other's writing late: each is a device of its own here (its
  // head is not stored) and keeps what it wrote, whatever another page writes over it.
  let head = null;
  const use = (work) => {
    let stored = null;
    try { stored = JSON.parse(phoneNotes.get(name)); } catch (e) { /* nothing was kept */ }
    if (stored) kept = { meta: Object.assign(stored.meta, safe ? null : kept.meta), rows: Object.assign(stored.rows, kept.rows) };
    return work(kept.rows, kept.meta);
  };
  const change = async (work) => {
    const done = use(work);
    safe = phoneNotes.set(name, JSON.stringify(kept));
    return done;
  };
  const ownHead = () => { head = head || newHead(); return head; };
  change(() => {});
  return {
    get safe() { return safe; },
    meta: async (key) => use((rows, meta) => meta[key]),
    setMeta: (key, value) => change((rows, meta) => { meta[key] = value; }),
    all: async () => use((rows) => Object.keys(rows).map((id) => rows[id])),
    put: (list) => change((rows) => { list.forEach((row) => { rows[row.id] = row; }); }),
    remove: (ids) => change((rows) => { ids.forEach((id) => { delete rows[id]; }); }),
    append: (make) => change((rows) => {
      const { device } = ownHead();
      head.seq += 1;
      const row = make(device, head.seq);
      rows[row.id] = row;
      return row;
    }),
    device: async () => ownHead().device,
    renew: async () => { head = null; },
  };
}

/** What was written while the database refused comes in once it takes records again. */
async function takeOver(rows, name) {
  let kept = null;
  try { kept = JSON.parse(phoneNotes.get(name)); } catch (e) { /* nothing was kept */ }
  if (!kept) return;
  try {
    await rows.put(Object.keys(kept.rows).map((id) => kept.rows[id]));
    phoneNotes.set(name, null);
  } catch (e) { /* still full: they stay where they are, and in the mirror */ }
}

/** From the moment the database says nothing any more, all goes on without it, what was asked as well. */
function whileItAnswers(database, accountId) {
  let now = database;
  let loose = null; // one for all who are waiting
  /** @type {any} */
  const rows = { get safe() { return now.safe; } };
  Object.keys(database).filter((name) => name !== "safe").forEach((name) => {
    rows[name] = async (...asked) => {
      try {
        return await now[name](...asked);
      } catch (e) {
        if (e.name !== "TimeoutError") throw e;
        loose = loose || openLoose(accountId, []);
        now = await loose;
        return now[name](...asked);
      }
    };
  });
  return rows;
}

/** Rows of one account: `safe` is false where the phone keeps nothing.
 *  @returns {Promise<Rows>} */
export async function openRows(accountId) {
  try {
    const db = await openDb("q_" + accountId, 1, (fresh) => {
      fresh.createObjectStore("records", { keyPath: "id" });
      fresh.createObjectStore("meta");
    });
    const rows = inDatabase(db);
    await rows.all(); // some phones open a database and then refuse to use it
    await takeOver(rows, "loose:" + accountId);
    return whileItAnswers(rows, accountId);
  } catch (e) {
    return openLoose(accountId, []);
  }
}

/** Without the database. What it still holds comes along: a full one can often be read. */
export async function openLoose(accountId, held) {
  const loose = inMemory("loose:" + accountId);
  await loose.put(held.filter((row) => row.state === "waiting"));
  return loose;
}

// One at a time, whatever the number of tabs -----------------------------------------------------
/** Does `work` while no other page of this phone does the same; null where another does and `patient` is false. */
export async function oneAtATime(name, patient, rows, work) {
  if (navigator.locks) {
    return navigator.locks.request(name, { ifAvailable: !patient }, (lock) => (lock ? work() : null));
  }
  const lease = (await rows.meta("lease")) || 0;
  if (lease > Date.now() && !patient) return null;
  await rows.setMeta("lease", Date.now() + 30000);
  try { return await work(); } finally { await rows.setMeta("lease", 0); }
}
