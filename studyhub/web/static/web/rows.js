// Where the records of one account lie on this phone: IndexedDB, else localStorage, else this page.

import { commit, database, isFull, phoneNotes, randomUuid, result } from "./base.js";
import { mirrored } from "./mirror.js";

const AGAIN = 30000; // until a database that took nothing is asked anew
const LEASE = 30000;

const newHead = () => ({ device: randomUuid(), seq: 0 });

/** The device and the number it has come to, read and written in one transaction: two pages that begin
 *  at once must not make two devices of one phone. */
function withHead(notes, use) {
  const box = { value: null };
  const asked = notes.get("head");
  asked.onsuccess = () => {
    const head = asked.result || newHead();
    if (!asked.result) notes.put(head, "head");
    try { box.value = use(head); } catch (e) { asked.transaction.abort(); return; }
    commit(asked.transaction);
  };
  return box;
}

function inDatabase(use) {
  const meta = (name) => use("meta", "readonly", (rows) => result(rows.get(name)));
  return {
    meta,
    setMeta: (name, value) => use("meta", "readwrite", (rows) => { rows.put(value, name); }),
    all: () => use("records", "readonly", (rows) => result(rows.getAll())),
    put: (list) => use("records", "readwrite", (rows) => { list.forEach((row) => rows.put(row)); }),
    remove: (ids) => use("records", "readwrite", (rows) => { ids.forEach((id) => rows.delete(id)); }),
    // The number and the record are written together: numbers have no gaps, whatever dies when.
    append: (make) => use(["records", "meta"], "readwrite", (rows, notes) => withHead(notes, (head) => {
      head.seq += 1;
      const row = make(head.device, head.seq);
      rows.add(row);
      notes.put(head, "head");
      return row;
    }), true),
    device: () => use("meta", "readwrite", (notes) => withHead(notes, (head) => head.device), true),
    renew: () => use("meta", "readwrite", (notes) => { notes.delete("head"); }),
  };
}

function inNotes(name) {
  let kept = { meta: {}, rows: {} };
  let noted = true;
  // Pages open side by side may see each other's writing late: each is a device of its own here (its
  // head is not stored) and keeps what it wrote, whatever another page writes over it.
  /** @type {any} */
  let head = null;
  const use = (work) => {
    /** @type {any} */
    let stored = null;
    try { stored = JSON.parse(phoneNotes.get(name) || "null"); } catch (e) { /* nothing was kept */ }
    if (stored) kept = { meta: Object.assign(stored.meta, noted ? null : kept.meta), rows: Object.assign(stored.rows, kept.rows) };
    return work(kept.rows, kept.meta);
  };
  const change = (work) => {
    const done = use(work);
    noted = phoneNotes.set(name, JSON.stringify(kept));
    return done;
  };
  const list = () => use((rows) => Object.keys(rows).map((id) => rows[id]));
  const ownHead = () => { head = head || newHead(); return head; };
  change(() => {});
  return {
    get noted() { return noted; },
    list,
    meta: async (key) => use((rows, meta) => meta[key]),
    setMeta: async (key, value) => change((rows, meta) => { meta[key] = value; }),
    all: async () => list(),
    put: async (more) => change((rows) => { more.forEach((row) => { rows[row.id] = row; }); }),
    remove: async (ids) => change((rows) => { ids.forEach((id) => { delete rows[id]; }); }),
    append: async (make) => change((rows) => {
      const { device } = ownHead();
      head.seq += 1;
      const row = make(device, head.seq);
      rows[row.id] = row;
      return row;
    }),
    device: async () => ownHead().device,
    renew: async () => { head = null; },
    clear: () => phoneNotes.set(name, null),
  };
}

function diskOf(accountId) {
  return inDatabase(database("q_" + accountId, (fresh) => {
    fresh.createObjectStore("meta");
    const records = fresh.createObjectStore("records", { keyPath: "id" });
    // The data may have been cleared under an open page.
    mirrored(accountId).forEach((row) => records.put(row));
  }));
}

/** What lies in the notes goes to the disk, with what comes meanwhile; `own` is what was noted of the
 *  account. `done` is told before anything more can be noted. */
async function moveIn(notes, disk, own, done) {
  // The epoch is met again: what lies on the disk alone has not been sent anew.
  const names = Object.keys(own).filter((name) => name !== "lease" && name !== "epoch");
  for (const name of names) await disk.setMeta(name, own[name]);
  let list;
  do {
    list = notes.list();
    await disk.put(list);
  } while (JSON.stringify(list) !== JSON.stringify(notes.list()));
  done();
}

/** The rows of one account. From the moment the database takes nothing more, all goes on without it,
 *  what was asked as well; and comes in when it answers again, of which `told` hears.
 *  @returns {Promise<Rows>} */
export async function openRows(accountId, told) {
  const name = "loose:" + accountId;
  const disk = diskOf(accountId);
  const seen = {}; // what was last read or written of the account's own
  /** @type {any} */
  let notes = null;

  async function comeBack() {
    const switched = () => { notes.clear(); notes = null; };
    try { await moveIn(notes, disk, seen, switched); } catch (e) { setTimeout(comeBack, AGAIN); return; }
    told();
  }

  /** A full database can often be read: what it still holds comes along. */
  async function leaveDisk() {
    const held = await disk.all().catch(() => mirrored(accountId));
    if (notes) return;
    notes = inNotes(name);
    await notes.put(held.filter((row) => row.state === "waiting"));
    for (const key of Object.keys(seen)) await notes.setMeta(key, seen[key]);
    setTimeout(comeBack, AGAIN);
  }

  /** @type {any} */
  const rows = {
    get safe() { return !notes; },
    get noted() { return !notes || notes.noted; },
    leaveDisk,
  };
  Object.keys(disk).forEach((act) => {
    rows[act] = async (...asked) => {
      const remember = (value) => { if (/eta$/.test(act)) seen[asked[0]] = asked.length > 1 ? asked[1] : value; return value; };
      if (!notes) {
        try { return remember(await disk[act](...asked)); } catch (e) {
          // For want of room the queue gives up a lesson first.
          if (isFull(e) && act === "append") throw e;
          await leaveDisk();
        }
      }
      return remember(await notes[act](...asked));
    };
  });

  await rows.all(); // some phones open a database and then refuse to use it
  if (!notes && phoneNotes.get(name)) {
    notes = inNotes(name);
    await comeBack();
  }
  return rows;
}

/** Milliseconds to go until `until`. One further off than anybody notes (`most`) was noted by a clock that
 *  has been set since, and says nothing. */
export function left(until, most, now = Date.now()) {
  const ahead = until - now;
  return ahead > 0 && ahead <= most ? ahead : 0;
}

// One at a time, whatever the number of tabs -----------------------------------------------------
/** Does `work` while no other page of this phone does the same; null where another does and `patient` is false. */
export async function oneAtATime(name, patient, rows, work) {
  if (navigator.locks) {
    return navigator.locks.request(name, { ifAvailable: !patient }, (lock) => (lock ? work() : null));
  }
  const lease = (await rows.meta("lease")) || 0;
  if (left(lease, LEASE) && !patient) return null;
  await rows.setMeta("lease", Date.now() + LEASE);
  try { return await work(); } finally { await rows.setMeta("lease", 0); }
}
