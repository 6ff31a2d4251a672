// Lessons kept on this phone. A pack is fetched whole, checked part by part, and takes the place of
// the one before in one transaction: half a lesson is never shown.

import { commit, get, hex, isFull, phone, result, routes, setPhone, shared } from "./base.js";

const MB = 1000000;
const FALLBACK_BUDGET = 40 * MB;
const BUDGET = 150 * MB;
const ROOM_FOR_RECORDS = 5 * MB;
const UNOPENED = 30 * 24 * 3600 * 1000;

async function lookUp(store, ask) {
  try {
    return await shared(store, "readonly", (rows) => result(ask(rows)));
  } catch (e) { return undefined; } // nothing is kept
}

export const packs = async () => (await lookUp("packs", (rows) => rows.getAll())) || [];
export const pack = (lesson) => lookUp("packs", (rows) => rows.get(lesson));
export const packAt = (path) => lookUp("packs", (rows) => rows.index("path").get(path));
export const part = (url) => lookUp("parts", (rows) => rows.get(url));

const local = (url) => {
  const there = new URL(url, location.href);
  return there.origin === location.origin ? there.pathname + there.search : there.href;
};

async function sha256(data) {
  if (!crypto.subtle) return ""; // an insecure address: the transport is all there is to trust
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
}

/** Throws when what comes is not what the manifest says. */
async function fetchChecked(url, bytes, wanted, headers) {
  const answer = await fetch(url, { credentials: "omit", headers });
  if (!answer.ok) throw new Error("part answered " + answer.status);
  const data = await answer.arrayBuffer();
  const digest = await sha256(data);
  if (data.byteLength !== bytes || (digest && digest !== wanted)) throw new Error("part is not what it should be");
  return data;
}

/** A long part. Each piece is checked and stored as it comes: a lost signal costs one piece, not all. */
async function fetchPieces(asset, url, tell) {
  const size = asset.pieces.bytes;
  const whole = new Uint8Array(asset.bytes);
  let from = 0;
  for (const sum of asset.pieces.sha256) {
    const to = Math.min(from + size, asset.bytes);
    let held = await part(url + "#" + from);
    if (!held || held.sha256 !== sum) {
      const data = await fetchChecked(url, to - from, sum, { Range: "bytes=" + from + "-" + (to - 1) });
      held = { url: url + "#" + from, data, sha256: sum };
      await withRoom(() => shared("parts", "readwrite", (rows) => { rows.put(held); }));
    }
    whole.set(new Uint8Array(held.data), from);
    from = to;
    if (tell) tell(from, asset.bytes);
  }
  return whole.buffer;
}

const piecesOf = (url) => IDBKeyRange.bound(url + "#", url + "#:");

/** One part, checked. `tell(bytes so far, bytes)` hears how far a long one has come. */
async function fetchPart(asset, lesson, tell) {
  const url = local(asset.url);
  const held = await part(url);
  if (held && held.sha256 === asset.sha256) return held;
  const data = asset.pieces
    ? await fetchPieces(asset, url, tell)
    : await fetchChecked(url, asset.bytes, asset.sha256, {});
  return { url, lesson, data, type: asset.type, sha256: asset.sha256, bytes: asset.bytes, role: asset.role };
}

/** Takes what is kept of a lesson away, and puts `row` and its parts there, if any. Parts that another
 *  lesson names as well stay; pieces of a download that was given up go. */
function replace(lesson, row, parts) {
  return (heads, stored) => {
    const asked = heads.getAll();
    asked.onsuccess = () => {
      const others = asked.result.filter((one) => one.lesson !== lesson);
      const named = new Set(/** @type {any[]} */ ([]).concat(...others.concat(row || []).map((one) => one.parts.map((part) => part.url))));
      const before = asked.result.find((one) => one.lesson === lesson);
      if (before) {
        before.parts.filter((one) => !named.has(one.url)).forEach((one) => stored.delete(one.url));
        before.offered.forEach((one) => stored.delete(piecesOf(one.url)));
      }
      parts.forEach((one) => stored.put(one));
      if (row) heads.put(row);
      else heads.delete(lesson);
      commit(asked.transaction);
    };
  };
}

/** Parts go in and the pointer flips in one transaction; parts nobody names any more go out. */
async function flip(row, parts) {
  await shared(["packs", "parts"], "readwrite", replace(row.lesson, row, parts), true);
}

async function withRoom(work) {
  try {
    return await work();
  } catch (e) {
    if (!isFull(e) || !(await evictOne())) throw e;
    return work(); // once more, with the room that made
  }
}

/** This row in the place of the one before, all or nothing. */
export async function put(row, parts) {
  await withRoom(() => flip(row, parts));
}

/** Keep a lesson as the manifest tells it. `extra`: also sound and film. Resolves to its row. */
export async function keep(told, extra, tell) {
  const before = await pack(told.id);
  const wanted = told.assets.filter((asset) => !asset.optional || extra || (before && before.extra));
  const parts = [];
  for (const asset of wanted) parts.push(await fetchPart(asset, told.id, tell));
  const text = parts.find((one) => one.role === "text");
  if (!text) throw new Error("a pack without text");
  const find = parts.find((one) => one.role === "search");
  const changed = before && before.version !== told.version && told.change === "major";
  const row = {
    lesson: told.id,
    path: local(told.url),
    revision: told.revision,
    version: told.version,
    title: told.title,
    course: told.course,
    course_title: told.course_title,
    minutes: told.minutes,
    text: text.url,
    search: find ? find.url : "",
    parts: parts.map((one) => ({ url: one.url, bytes: one.bytes, role: one.role })),
    bytes: parts.reduce((sum, one) => sum + one.bytes, 0),
    offered: told.assets.filter((asset) => asset.optional).map((asset) => ({ url: local(asset.url), bytes: asset.bytes, role: asset.role })),
    extra: Boolean(extra || (before && before.extra)),
    savedAt: Date.now(),
    openedAt: before ? before.openedAt : 0,
    finished: Boolean(before && before.finished),
    changed: Boolean(changed || (before && before.changed)),
  };
  await put(row, parts);
  return row;
}

export async function change(lesson, values) {
  await shared("packs", "readwrite", (rows) => {
    const asked = rows.get(lesson);
    asked.onsuccess = () => {
      if (asked.result) rows.put(Object.assign(asked.result, values));
      commit(asked.transaction);
    };
  }, true);
}

export async function drop(lesson) {
  await shared(["packs", "parts"], "readwrite", replace(lesson, null, []), true);
}

/** Sound and film of a lesson leave, its text stays. */
export async function dropExtra(lesson) {
  const row = await pack(lesson);
  if (!row) return;
  const parts = row.parts.filter((one) => one.role !== "audio" && one.role !== "video");
  const bytes = parts.reduce((sum, one) => sum + one.bytes, 0);
  await flip(Object.assign(row, { parts, bytes, extra: false }), []);
}

// Heads -----------------------------------------------------------------------------------------
/** What the server offers of these lessons: [{ id, version, url, assets… }]. */
export async function offered(ids) {
  const told = ids.length ? await get(routes.manifest + "?ids=" + ids.join(",")) : null;
  if (!told) return [];
  // The first time, what came before this answer is of no interest.
  if (!(await phone("cursor"))) await setPhone("cursor", told.cursor);
  return told.lessons;
}

/** Once in contact: what was withdrawn leaves, what changed is fetched anew. Resolves to the lessons touched. */
export async function refresh() {
  const held = await packs();
  if (!held.length) return { removed: [], changed: [] };
  const told = await get(routes.manifest + "?since=" + encodeURIComponent((await phone("cursor")) || ""));
  if (!told) return { removed: [], changed: [] };
  const mine = new Map(held.map((row) => [row.lesson, row]));
  const removed = told.removed.filter((id) => mine.has(id));
  for (const id of removed) await drop(id);
  const changed = [];
  let whole = true;
  for (const head of told.lessons) {
    const row = mine.get(head.id);
    if (!row || row.version === head.version) continue;
    try {
      await keep(head, false);
      changed.push(head.id);
    } catch (e) { whole = false; }
  }
  // Only what arrived whole is not asked for again.
  if (whole) await setPhone("cursor", told.cursor);
  return { removed, changed };
}

/** Once in contact: a site that is shown to nobody any more leaves the phone. Resolves to how many. */
export async function refreshSites() {
  let gone = 0;
  for (const row of (await packs()).filter((one) => !one.path)) {
    const answer = await fetch(row.lesson, { credentials: "omit", cache: "no-cache" }).catch(() => null);
    if (answer && (answer.status === 404 || answer.status === 410 || answer.redirected)) {
      await drop(row.lesson);
      gone += 1;
    }
  }
  return gone;
}

// Room ------------------------------------------------------------------------------------------
export async function room() {
  const asked = (await phone("budget")) || BUDGET;
  let quota;
  let usage;
  try {
    const estimate = await navigator.storage.estimate();
    quota = estimate.quota;
    usage = estimate.usage;
  } catch (e) { return { budget: Math.min(asked, FALLBACK_BUDGET), usage: 0, quota: 0, textOnly: false }; }
  return { budget: Math.min(asked, 0.2 * quota), usage, quota, textOnly: quota < 50 * MB };
}

/** What goes first: sound of finished lessons, finished lessons, then what nobody opened for long. */
async function evictOne(keepCourse) {
  const held = (await packs()).filter((row) => row.course !== keepCourse);
  const oldest = (list) => list.sort((a, b) => a.openedAt - b.openedAt)[0];
  const loud = oldest(held.filter((row) => row.extra && row.finished));
  if (loud) { await dropExtra(loud.lesson); return true; }
  const done = oldest(held.filter((row) => row.finished));
  const dusty = oldest(held.filter((row) => Math.max(row.openedAt, row.savedAt) < Date.now() - UNOPENED));
  const gone = done || dusty;
  if (gone) await drop(gone.lesson);
  return Boolean(gone);
}

/** For a record there is always room: whatever is oldest goes. */
export async function evictAny() {
  const held = (await packs()).sort((a, b) => a.openedAt - b.openedAt);
  if (held.length && !(await evictOne(""))) await drop(held[0].lesson);
  return held.length > 0;
}

export async function makeRoom(bytes, keepCourse) {
  const { budget } = await room();
  for (;;) {
    const used = (await packs()).reduce((sum, row) => sum + row.bytes, 0);
    if (used + bytes + ROOM_FOR_RECORDS <= budget) return true;
    if (!(await evictOne(keepCourse))) return false;
  }
}

/** Whether sound and film may be fetched now; null where the phone does not tell its network. */
export function onWifi() {
  const net = navigator.connection;
  if (!net || !net.type) return null;
  return net.type === "wifi" || net.type === "ethernet";
}
