// What this phone can do without a network, and keeping what the reader will want next.
// Loaded only once somebody reads: nobody pays for it before the text is there.

import { cookie, element, fill, makeButton, memory } from "./me.js";
import { change, keep, makeRoom, offered, onWifi, pack, room } from "./packs.js";
import { phone, setPhone, sharedDb, transact, result } from "./store.js";

const PATIENCE = 5000;

async function canStore() {
  try {
    const db = await sharedDb();
    const sample = new ArrayBuffer(65536);
    await transact(db, "meta", "readwrite", (rows) => { rows.put(sample, "probe"); });
    const back = await transact(db, "meta", "readonly", (rows) => result(rows.get("probe")));
    await transact(db, "meta", "readwrite", (rows) => { rows.delete("probe"); });
    return back && back.byteLength === 65536;
  } catch (e) { return false; }
}

function within(promise, time) {
  return Promise.race([promise, new Promise((resolve) => { setTimeout(resolve, time, null); })]);
}

async function killed() {
  try {
    const answer = await fetch("/sw-config.json", { cache: "no-store" });
    return answer.ok && (await answer.json()).kill === true;
  } catch (e) { return false; }
}

async function leave() {
  const all = await navigator.serviceWorker.getRegistrations();
  await Promise.all(all.map((one) => one.unregister()));
  if (window.caches) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}

/** A new version waits until the reader says so, or until no page is open. */
function offerUpdate(registration) {
  const place = element("update");
  if (!place || !registration.waiting || !navigator.serviceWorker.controller) return;
  fill(place, makeButton("有新版本，点此更新", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    registration.waiting.postMessage("take over");
  }));
}

async function register() {
  if (!("serviceWorker" in navigator)) return false;
  try {
    if (await killed()) { await leave(); return false; }
    const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    const follow = (coming) => {
      if (coming) coming.addEventListener("statechange", () => offerUpdate(registration));
    };
    // The browser may have found the new one already, before anybody here could listen.
    offerUpdate(registration);
    follow(registration.installing);
    registration.addEventListener("updatefound", () => follow(registration.installing));
    return Boolean(await within(navigator.serviceWorker.ready, PATIENCE));
  } catch (e) { return false; }
}

/** 1: opens without a network. 2: goes on while the page is open. 0: keeps nothing. Found by trying. */
export async function probe() {
  const [worker, store] = await Promise.all([register(), canStore()]);
  const tier = !store ? 0 : worker ? 1 : 2;
  await setPhone("tier", { worker, store, tier, at: Date.now() });
  count(tier);
  return tier;
}

/** Once a month, without a name: which phones our readers have. Nothing waits for it. */
function count(tier) {
  const told = new Date().toISOString().slice(0, 7) + "/" + tier;
  if (memory.get("tier") === told || !memory.set("tier", told)) return;
  const again = () => memory.set("tier", null);
  const headers = { "Content-Type": "application/json" };
  fetch("/api/v1/offline/tier", { method: "POST", credentials: "omit", headers, body: JSON.stringify({ tier }) })
    .then((answer) => answer.ok || again(), again);
}

function thrifty() {
  const net = navigator.connection;
  return Boolean((net && net.saveData) || /(^|_)saver\.1/.test(cookie("look")));
}

/** What is offered of these lessons and not kept yet, in their order. */
export async function missing(ids) {
  const wanted = [];
  for (const id of ids) if (!(await pack(id))) wanted.push(id);
  const told = await offered(wanted);
  return told.sort((a, b) => wanted.indexOf(a.id) - wanted.indexOf(b.id));
}

/** Text and pictures of these; on a thrifty or full phone text alone. Resolves to how many. */
export async function keepAll(told, tell) {
  const plain = thrifty() || (await room()).textOnly;
  let kept = 0;
  for (const one of told) {
    const head = plain ? Object.assign({}, one, { assets: one.assets.filter((asset) => asset.role !== "image") }) : one;
    if (!(await makeRoom(one.bytes, one.course))) break;
    await keep(head, false);
    kept += 1;
    if (tell) tell(kept);
  }
  return kept;
}

export async function opened(lesson, finished) {
  try { await change(lesson, finished ? { openedAt: Date.now(), finished: true } : { openedAt: Date.now() }); } catch (e) { /* not kept */ }
}

/** After the first finished lesson: a phone that grants this does not clear us away by itself. */
export async function askToStay() {
  try {
    if (!navigator.storage || (await navigator.storage.persisted())) return;
    await setPhone("persist", await navigator.storage.persist());
  } catch (e) { /* an older phone */ }
}

/** Whether sound may come over this network, by the reader's own rule. */
export async function mayFetchSound() {
  const wifiOnly = (await phone("wifiOnly")) !== false;
  return !wifiOnly || onWifi() !== false;
}
