// 已存到本机: what this phone keeps, how much room it takes, what still waits to be sent. Said truly.

import { clockWords, element, fill, isFull, make, makeButton, phone, routes, setPhone, sizeWords, who } from "./base.js";
import { drop, dropExtra, keep, makeRoom, mayFetchSound, offered, onWifi, pack, packs, part, probe, refresh, refreshSites, room } from "./keep.js";
import { keepSending, openQueue, sendOthers } from "./queue.js";

const TIERS = {
  0: "这个浏览器不让我们存东西：课文能读，但不能留在手机里，学习记录也要联网才能存。请换一个浏览器，或者在浏览器里打开本站。",
  1: "这部手机可以离线学习：存下来的课，没有信号也能打开、能答题、能按“学完了”。",
  2: "这个浏览器（例如苹果手机的微信）只能在页面开着的时候离线学：页面不关，没有信号也能接着读后面两课；关掉再打开，需要联网。常常没有信号的话，请在手机浏览器里打开本站，再“添加到主屏幕”。",
};

function say(words) {
  fill(element("said"), words);
}

function button(words, act, more) {
  const made = makeButton(words, async () => {
    made.disabled = true;
    try { await act(); } catch (e) { say("没有办成：" + (isFull(e) ? "手机空间不够，请先删掉几课。" : "网络不通、内容有变，或者手机的存储没有应答。请稍后再试。")); }
    await paint();
  }, more);
  return made;
}

/** A heritage site is called by its address. */
const addressOf = (row) => row.path || row.lesson;

function lessonLine(row) {
  const facts = row.revision ? ["第 " + row.revision + " 版"] : [];
  facts.push(sizeWords(row.bytes));
  if (row.finished) facts.push("已学完");
  const line = make("li", {}, make("a", { class: "tap", href: addressOf(row) }, row.title), make("p", { class: "soft small" }, facts.join(" · ")));
  const acts = make("div", { class: "row" });
  const loud = row.offered.reduce((sum, one) => sum + one.bytes, 0);
  if (loud && !row.extra) acts.append(button("加存声音（" + sizeWords(loud) + "）", () => addSound(row)));
  if (row.extra) acts.append(button("只删声音", () => dropExtra(row.lesson)));
  acts.append(button("删除", () => drop(row.lesson)));
  line.append(acts);
  return line;
}

async function addSound(row) {
  if (!(await mayFetchSound())) {
    say("现在不是 Wi-Fi。要用流量存声音，请先关掉下面的“只在 Wi-Fi 存声音”。");
    return;
  }
  const told = await offered([row.lesson]);
  if (!told.length) throw new Error("not offered");
  await makeRoom(row.offered.reduce((sum, one) => sum + one.bytes, 0), row.course);
  try {
    await keep(told[0], true, (so, all) => say("正在存声音：" + sizeWords(so) + "，一共 " + sizeWords(all) + "。"));
  } catch (e) {
    if (isFull(e)) throw e;
    say("声音没有存完。有信号了再按一次，长录音从断的地方接着存。");
    return;
  }
  say("声音存好了，没有信号也能听。");
}

function byCourse(held) {
  const groups = new Map();
  held.forEach((row) => groups.set(row.course_title, (groups.get(row.course_title) || []).concat(row)));
  return groups;
}

async function paintLessons() {
  const held = (await packs()).sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));
  const place = element("kept");
  fill(place);
  if (!held.length) {
    place.append(make("p", {}, "还没有存下课文。打开一课读一读，它和后面两课就会自动存下来。"), make("p", {}, make("a", { class: "button quiet", href: routes.courses }, "去选一课")));
    return held;
  }
  byCourse(held).forEach((rows, title) => {
    const list = make("ul", { class: "plain counts" });
    rows.forEach((row) => list.append(lessonLine(row)));
    place.append(make("h3", { class: "gap" }, title + "（" + sizeWords(rows.reduce((sum, row) => sum + row.bytes, 0)) + "）"), list);
  });
  if (held.some((row) => row.finished)) place.append(make("p", {}, button("清除已学完的", clearFinished)));
  return held;
}

async function clearFinished() {
  for (const row of await packs()) if (row.finished) await drop(row.lesson);
  say("已学完的都删了，学习记录不受影响。");
}

async function paintRoom(held) {
  const used = held.reduce((sum, row) => sum + row.bytes, 0);
  const now = await room();
  const words = "课文占 " + sizeWords(used) + "，最多用 " + sizeWords(now.budget) + (now.quota ? "（浏览器一共给了 " + sizeWords(now.quota) + "）" : "") + "。";
  const bar = make("meter", { min: 0, max: now.budget, value: used, "aria-label": words });
  fill(element("room"), make("p", {}, words), bar);
  const stays = await phone("persist");
  element("room").append(make("p", { class: "soft" }, stays
    ? "手机已答应不自动清理这里的内容。"
    : "手机空间紧张时，系统可能清理这里的内容，请及时联网，让学习记录传上去。"));
  const order = "空间不够时，先删学完的课的声音，再删学完的课，再删一个月没打开的课；没传上去的学习记录不删。";
  element("room").append(make("p", { class: "soft" }, order));
}

function choice(name, words, value) {
  const box = make("input", { type: "checkbox", id: name });
  box.checked = value;
  box.addEventListener("change", async () => {
    if (await setPhone(name, box.checked)) return;
    box.checked = !box.checked;
    say("没有记下：手机的存储没有应答，请关掉这一页再打开。");
  });
  return make("label", { class: "option", for: name }, box, words);
}

function paintQueue(state, others) {
  const place = element("queue");
  fill(place);
  if (!state) {
    place.append(make("p", {}, "登录以后，这里显示还没有传上去的学习记录。"));
  } else {
    place.append(make("p", { class: "sum" }, state.waiting ? "☁ 还有 " + state.waiting + " 条学习记录没有传上去" : "✓ 学习记录都传上去了"));
    if (state.waiting && !state.safe) place.append(make("p", {}, state.where + "。请保持联网，或换一个浏览器。"));
    if (state.syncedAt) place.append(make("p", { class: "soft" }, "最近一次上传：" + clockWords(state.syncedAt)));
    if (state.login && state.waiting) place.append(make("p", {}, "登录已经过期。", make("a", { class: "tap", href: routes.login + "?next=" + routes.offline }, "重新登录"), "以后自动上传。"));
    state.refused.forEach((row) => place.append(make("p", {}, "✕ 有一条没有被接受：" + row.why + "（请联系组长）")));
  }
  if (others) place.append(make("p", { class: "soft" }, "这部手机上另一个账号还有 " + others + " 条记录，联网后会自动上传。"));
}

async function paintState(account, queue) {
  const others = await sendOthers(account ? account.account_id : "").catch(() => 0);
  const state = queue ? await queue.tell() : null;
  paintQueue(state, others);
  if (!queue || !state.waiting) return;
  element("queue").append(make("div", { class: "row" }, button("现在上传", async () => {
    const sent = await queue.send(true);
    say(sent.ok ? "都传上去了。" : "还没有传上去。" + queue.where() + "。");
  }, { class: "" })));
  // Not by `button`: painting everything anew would take the receipt away again.
  const place = make("div", {});
  const receipt = makeButton("一直没有信号？写成凭条交给组长", () => writeReceipts(place));
  element("queue").append(make("div", { class: "row gap" }, receipt), place);
}

// Receipts ---------------------------------------------------------------------------------------
/** What each kept lesson says of itself: a receipt names sections and options by their places. */
async function outlinesOf(rows, outlineKey) {
  const outlines = {};
  for (const lesson of new Set(rows.map((row) => row.lesson_id).filter(Boolean))) {
    const row = await pack(lesson);
    const text = row && (await part(row.text));
    if (!text) continue;
    const read = new DOMParser().parseFromString(new TextDecoder().decode(text.data), "text/html");
    const told = JSON.parse(/** @type {any} */ (read.getElementById("lesson-data")).textContent);
    outlines[outlineKey(lesson, told.revision)] = told;
  }
  return outlines;
}

async function writeReceipts(place) {
  const ticket = await queue.meta("ticket");
  if (!ticket || !ticket.key) {
    fill(place, make("p", {}, "凭条要用的钥匙还没有领到：登录以后联网一次就有了。记录还在这部手机里。"));
    return;
  }
  try {
    const { outlineKey, receiptsOf, showReceipts } = await import("./receipt.js");
    const rows = await queue.waiting();
    showReceipts(place, await receiptsOf(account, await queue.device(), ticket.key, rows, await outlinesOf(rows, outlineKey)));
  } catch (e) {
    fill(place, make("p", {}, "凭条没有写成：" + e.message));
  }
}

let account = /** @type {any} */ (null);
let queue = /** @type {any} */ (null);

async function paint() {
  await paintRoom(await paintLessons());
  await paintState(account, queue);
}

// Searching what is kept ---------------------------------------------------------------------------
async function search(words, held) {
  const { find } = await import("./search.js");
  const texts = await Promise.all(held.filter((row) => row.search).map((row) => part(row.search)));
  const indexes = texts.filter(Boolean).map((one) => JSON.parse(new TextDecoder().decode(one.data)));
  const paths = new Map(held.map((row) => [row.lesson, row.path]));
  const list = make("ul", { class: "plain hits" });
  const hits = find(indexes, words).slice(0, 30);
  hits.forEach((hit) => {
    const words = hit.title + (hit.sectionTitle ? " · " + hit.sectionTitle : "");
    const link = make("a", { class: "tap", href: paths.get(hit.lesson) + (hit.section ? "#s-" + hit.section : "") }, words);
    const [before, found, after] = hit.snippet;
    list.append(make("li", {}, link, make("p", {}, before, make("mark", {}, found), after)));
  });
  fill(element("hits"), hits.length ? list : make("p", {}, "存好的课里没有找到“" + words + "”。换个说法，或者有信号时到“课程”里找。"));
}

async function offerSearch() {
  const held = (await packs()).filter((row) => row.path).sort((a, b) => (a.path < b.path ? -1 : 1));
  if (!held.length) return;
  const box = element("find");
  element("search").hidden = false;
  element("search").querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (box.value.trim()) search(box.value.trim(), held);
  });
  // A question asked on the search page, which has no answer without a network.
  const asked = new URLSearchParams(location.search).get("q");
  if (!asked) return;
  box.value = asked.slice(0, 60);
  await search(box.value, held);
}

async function whereAmI() {
  // The worker shows this page in the place of one that could not be fetched.
  if (location.pathname === routes.offline) return;
  const advice = location.pathname.startsWith(routes.sites)
    ? "参观点要先存才能离线看：在有信号的地方打开它的网页，按“把这个参观点存到手机”，到了现场再扫码就能打开。"
    : "可以先学下面存好的课；有信号了再打开这一页。";
  fill(element("lost"), make("p", {}, make("strong", {}, "离线 · 这一页还没有存到本机。")), make("p", {}, advice), button("再试一次", async () => location.reload()));
}

async function start() {
  await whereAmI();
  account = await who;
  if (account && (account.member || account.leads)) {
    queue = await openQueue(account);
    queue.watch(() => {});
    keepSending(queue);
    if (!account.offline && account.member) queue.keepTicket().then(() => {});
    if (account.leads || location.pathname === routes.move) (await import("./people.js")).paintWithout(element("without"));
  }
  const wifi = onWifi() === null ? "（这部手机不告诉网页用的是什么网络，只能请您自己留意）" : "";
  fill(element("choices"), choice("wifiOnly", "只在 Wi-Fi 存声音" + wifi, (await phone("wifiOnly")) !== false));
  await paint();
  await offerSearch();
  fill(element("tier"), TIERS[await probe()]);
  const said = await refresh();
  if (await refreshSites()) await paint();
  if (said.removed.length) say("有 " + said.removed.length + " 课已下架，已从手机里删除。");
  if (said.changed.length) say("有 " + said.changed.length + " 课更新了，已换成新的。");
  if (said.removed.length || said.changed.length) await paint();
}

start();
