// The newest unsent records once more, in localStorage: what a phone that lost its database still has.

import { phoneNotes } from "./base.js";

const MOST = 50; // records
const MOST_CHARS = 30000;

const nameOf = (accountId) => "mirror:" + accountId;
const here = {}; // for a page under which even these notes were cleared

/** Writes the newest of these, as many as there is room for. */
export function reflect(accountId, waiting) {
  let newest = waiting.slice(-MOST);
  let text = JSON.stringify(newest);
  while (text.length > MOST_CHARS && newest.length) {
    newest = newest.slice(Math.ceil(newest.length / 2));
    text = JSON.stringify(newest);
  }
  here[accountId] = newest;
  phoneNotes.set(nameOf(accountId), newest.length ? text : null);
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
  if (lost.length) await rows.put(lost);
}
