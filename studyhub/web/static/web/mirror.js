// The unsent records once more, for a phone that lost its database. A browser that is killed while it
// writes finds its own database damaged at its second start and throws all of it away (decision 0019).
// Twice, because neither is enough alone: the newest in localStorage, which can be read at once but
// reaches the disk seconds later; and every one in the cache, which is there when it says so.

import { phoneNotes } from "./base.js";

const MOST = 50; // records
const MOST_CHARS = 30000;

const copied = {}; // by account: the ids in the cache, asked for once

const nameOf = (accountId) => "mirror:" + accountId;
const here = {}; // for a page under which even these notes were cleared

// Spared by all who clear caches.
const shelfOf = (accountId) => caches.open("records-" + accountId);

async function copiedOf(accountId, shelf) {
  copied[accountId] = copied[accountId] || new Set((await shelf.keys()).map((one) => one.url.slice(-36)));
  return copied[accountId];
}

/** The cache holds exactly these. A phone without one has the rest. */
async function copyOut(accountId, waiting) {
  if (!window.caches) return;
  try {
    const shelf = await shelfOf(accountId);
    const ids = await copiedOf(accountId, shelf);
    const gone = new Set(ids);
    for (const row of waiting) {
      if (!gone.delete(row.id)) await shelf.put("/" + row.id, new Response(JSON.stringify(row)));
      ids.add(row.id);
    }
    for (const id of Array.from(gone)) {
      await shelf.delete("/" + id);
      ids.delete(id);
    }
  } catch (e) { /* full, or refused: the database and the notes hold them */ }
}

/** Writes these, and resolves once they are on the disk a second time where the phone lets us. */
export function reflect(accountId, waiting) {
  let newest = waiting.slice(-MOST);
  let text = JSON.stringify(newest);
  while (text.length > MOST_CHARS && newest.length) {
    newest = newest.slice(Math.ceil(newest.length / 2));
    text = JSON.stringify(newest);
  }
  here[accountId] = newest;
  phoneNotes.set(nameOf(accountId), newest.length ? text : null);
  return copyOut(accountId, waiting);
}

/** The newest records known to wait. */
export function mirrored(accountId) {
  let copies = null;
  try { copies = JSON.parse(phoneNotes.get(nameOf(accountId)) || "null"); } catch (e) { /* nothing there */ }
  return copies || here[accountId] || [];
}

/** Puts back what the rows of the account have lost. */
export async function restoreFromMirror(accountId, rows) {
  const known = new Set((await rows.all()).map((row) => row.id));
  const lost = mirrored(accountId).filter((row) => !known.has(row.id));
  lost.forEach((row) => known.add(row.id));
  try {
    const shelf = await shelfOf(accountId);
    for (const id of Array.from(await copiedOf(accountId, shelf))) {
      const copy = !known.has(id) && await shelf.match("/" + id);
      if (copy) lost.push(await copy.json());
    }
  } catch (e) { /* no cache: what the notes hold comes back */ }
  if (lost.length) await rows.put(lost);
}
