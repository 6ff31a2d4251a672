// What this phone can do without a network, keeping what the reader will want next, and saying what
// changed in it since.
// Loaded only once somebody reads: nobody pays for it before the text is there.

import { cookie, element, fill, make, makeButton, orSay, phone, phoneNotes, result, routes, setPhone, shared } from "./base.js";
import { change, keep, makeRoom, offered, onWifi, pack, refresh, refreshSites, room } from "./packs.js";

const PATIENCE = 5000;

async function canStore() {
  try {
    const sample = new ArrayBuffer(65536);
    await shared("meta", "readwrite", (rows) => { rows.put(sample, "probe"); });
    const back = await shared("meta", "readonly", (rows) => result(rows.get("probe")));
    await shared("meta", "readwrite", (rows) => { rows.delete("probe"); });
    return back && back.byteLength === 65536;
  } catch (e) { return false; }
}

function within(promise, time) {
  return Promise.race([promise, new Promise((resolve) => { setTimeout(resolve, time, null); })]);
}

async function killed() {
  try {
    const answer = await fetch(routes.workerConfig, { cache: "no-store" });
    return answer.ok && (await answer.json()).kill === true;
  } catch (e) { return false; }
}

async function leave() {
  const all = await navigator.serviceWorker.getRegistrations();
  await Promise.all(all.map((one) => one.unregister()));
  if (!window.caches) return;
  const ours = (await caches.keys()).filter((name) => !name.startsWith("records-")); // the mirror stays
  await Promise.all(ours.map((name) => caches.delete(name)));
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
    const registration = await navigator.serviceWorker.register(routes.worker, { updateViaCache: "none" });
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
  if (phoneNotes.get("tier") === told || !phoneNotes.set("tier", told)) return;
  const again = () => phoneNotes.set("tier", null);
  const headers = { "Content-Type": "application/json" };
  fetch(routes.api + routes.tier, { method: "POST", credentials: "omit", headers, body: JSON.stringify({ tier }) })
    .then((answer) => answer.ok || again(), again);
}

function thrifty() {
  const net = navigator.connection;
  return Boolean((net && net.saveData) || /(^|_)saver\.1/.test(cookie("look")));
}

/** What is offered of these lessons and not kept yet, in their order. Rejects where the storage cannot be
 *  asked: what is there must not be fetched again. */
export async function missing(ids) {
  const kept = await shared("packs", "readonly", (rows) => result(rows.getAllKeys()));
  const wanted = ids.filter((id) => !kept.includes(id));
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

// What changed since ------------------------------------------------------------------------------
/** The network answers: what the server says of kept lessons, and of the one in the page, is followed. */
export async function followChanges(lesson) {
  await tellChanges(lesson); // sites come last: each of their pages is asked for
  await refreshSites();
}

async function tellChanges(lesson) {
  const said = await refresh();
  if (said.removed.includes(lesson.lesson)) {
    fill(element("main").querySelector(".lesson-page"), make("h1", {}, "这一课已经下架"), make("p", {}, "它已从这部手机上删除。您的学习记录都还在。"), make("p", {}, make("a", { class: "button", href: routes.courses }, "看别的课程")));
    return;
  }
  const row = await pack(lesson.lesson);
  const note = element("changed-note");
  if (!row || !note) return;
  if (row.revision > lesson.revision) {
    fill(note, make("p", {}, "内容已更新。", make("a", { class: "tap", href: location.pathname }, "看新的一版")));
  } else if (row.changed) {
    fill(note, make("p", {}, "内容已更新：这一课改过重要的地方，这里是新的一版。"));
    await change(lesson.lesson, { changed: false });
  }
}

function changedWords(block) {
  const words = make("div", { class: "verdict" }, make("p", {}, make("strong", {}, block.title)));
  if (block.before) words.append(make("p", {}, "删去：", make("del", {}, block.before)));
  if (block.after) words.append(make("p", {}, "改为：", make("ins", {}, block.after)));
  return words;
}

/** Corrected since, for who finished an older text. */
export async function tellCorrections(lesson, queue) {
  const told = await queue.copy(routes.myCorrections);
  const seen = (await queue.rows()).filter((row) => row.kind === "mark" && row.data.kind === "correction_seen" && row.data.lesson === lesson.lesson);
  const mine = told.filter((one) => one.lesson_id === lesson.lesson && !seen.some((row) => row.data.revision === one.revision));
  if (!mine.length) return;
  const note = element("changed-note");
  const button = makeButton("我看过了", () => orSay(note, async () => {
    for (const one of mine) await queue.add("mark", null, null, { kind: "correction_seen", lesson: lesson.lesson, revision: one.revision });
    fill(note, make("p", {}, "✓ 记下了，这处改正您已经看过。"));
    queue.send(true);
  }));
  fill(note, make("p", {}, make("strong", {}, "内容已更新"), "（" + mine.length + " 处改正）。您学完的仍算学完。"));
  mine.forEach((one) => note.append(make("p", {}, one.note), ...one.blocks.map(changedWords)));
  note.append(button);
}
