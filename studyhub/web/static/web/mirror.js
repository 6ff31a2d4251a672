// The unsent records once more, for a phone that lost its database. A browser that is killed while it
// writes finds its own database damaged at its second start and throws all of it away (decision 0019).
// Twice, because neither is enough alone: the newest in localStorage, which can be read at once but
// reaches the disk seconds later; and every one in the cache, which is there when it says so.

import { phoneNotes } from "./base.js";

const MOST = 50; // records
const MOST_CHARS = 30000;

const CACHE = "records"; // spared by all who clear caches
const copied = {}; // by account: the ids in the cache, asked for once

const nameOf = (accountId) => "mirror:" + accountId;
const here = {}; // for a page under which even these notes were cleared

const addressOf = (accountId, id) => "/" + CACHE + "/" + accountId + "/" + id;

async function copiedOf(accountId) {
  if (!copied[accountId]) {
    const start = addressOf(accountId, "");
    const paths = (await (await caches.open(CACHE)).keys()).map((one) => new URL(one.url).pathname);
    copied[accountId] = new Set(paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length)));
  }
  return copied[accountId];
}

/** The cache holds exactly these. A phone without one has the rest. */
async function copyOut(accountId, waiting) {
  if (!window.caches) return;
  try {
    const ids = await copiedOf(accountId);
    const cache = await caches.open(CACHE);
    for (const row of waiting.filter((one) => !ids.has(one.id))) {
      await cache.put(addressOf(accountId, row.id), new Response(JSON.stringify(row)));
      ids.add(row.id);
    }
    const waits = new Set(waiting.map((row) => row.id));
    for (const id of Array.from(ids).filter((one) => !waits.has(one))) {
      await cache.delete(addressOf(accountId, id));
      ids.delete(id);
    }
  } catch (e) { /* full, or refused: the database and the notes hold them */ }
}

async function copyOf(accountId, id) {
  const copy = await (await caches.open(CACHE)).match(addressOf(accountId, id));
  return copy ? copy.json() : null;
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
    const ids = window.caches ? Array.from(await copiedOf(accountId)) : [];
    const copies = ids.filter((id) => !known.has(id)).map((id) => copyOf(accountId, id));
    lost.push(...(await Promise.all(copies)).filter(Boolean));
  } catch (e) { /* no cache: what the notes hold comes back */ }
  if (lost.length) await rows.put(lost);
}
