// What is said of people and not of study: one tap dials, one copies; a contact noted and a move reported
// wait on the phone where there is no network. Loaded by leaders' pages and 我换地方了 alone. A number is
// asked for when it is dialled and is kept nowhere.

import { ask, clockWords, element, fill, make, orSay, routes, who } from "./base.js";

const KEPT = 7 * 24 * 3600 * 1000; // older than that a list misleads
const MOVE = ["place", "phone", "trade", "since", "return_month"];

const all = (place, what) => Array.from(place.querySelectorAll(what));
const queueOf = openAnyQueue();

/** The queue of who reads, whether a member or not; null for nobody. */
async function openAnyQueue() {
  const account = await who;
  if (!account) return null;
  const { keepSending, openQueue } = await import("./queue.js");
  const queue = Object.assign(await openQueue(account), { offline: account.offline });
  keepSending(queue);
  return queue;
}

/** Kept on the phone first; then sent, if somebody answers. */
async function record(note, kind, data) {
  const queue = await queueOf;
  if (!queue) throw new Error("nobody reads");
  await queue.add(kind, null, null, data);
  const sent = await queue.send(true);
  fill(note, make("p", {}, sent.ok ? sent.problem || "✓ 记下了。" : queue.where() + "，联网后自动上传。"));
}

async function isAnswered() {
  if (navigator.onLine === false) return false;
  try { return (await ask(routes.me)).ok; } catch (e) { return false; }
}

/** The form as it is where the server answers, a record where it does not, and always where `alone`. */
function watchForm(form, kind, dataOf, alone) {
  let pressed = /** @type {any} */ (null);
  form.addEventListener("click", (event) => { pressed = event.target.closest("button"); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const buttons = all(form, "button");
    const note = form.querySelector(".note");
    buttons.forEach((one) => { one.disabled = true; });
    if (!alone && (await isAnswered())) {
      if (pressed && pressed.name) form.append(make("input", { type: "hidden", name: pressed.name, value: pressed.value }));
      form.submit();
      return;
    }
    const kept = await orSay(note, () => record(note, kind, dataOf(new FormData(form), pressed)));
    if (!kept) buttons.forEach((one) => { one.disabled = false; });
  });
}

const said = (form, names) => {
  const data = {};
  names.forEach((name) => { if (form.get(name)) data[name] = String(form.get(name)).trim(); });
  return data;
};

const moveOf = (form) => said(form, MOVE);

/** The page's own form of that name, for where no server is behind it. */
function formOf(name, kind, dataOf) {
  const form = element(name).content.querySelector("form").cloneNode(true);
  watchForm(form, kind, dataOf, true);
  return form;
}

// Dialling, copying ------------------------------------------------------------------------------
async function dial(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const link = read.querySelector("[data-dial]");
  if (link) location.href = /** @type {any} */ (link).getAttribute("href");
  else form.submit(); // the page says why
}

function watchCalls() {
  all(document, "[data-call]").forEach((form) => form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try { await dial(form); } catch (e) { form.after(make("p", { role: "alert" }, "没有网络，查不到号码。")); }
  }));
  all(document, "[data-copy]").forEach((link) => link.addEventListener("click", async (event) => {
    if (!navigator.clipboard) return; // the page it leads to has the words
    event.preventDefault();
    try { await navigator.clipboard.writeText(element("people").getAttribute("data-words").replace("□", link.getAttribute("data-copy"))); } catch (e) { location.href = link.href; return; }
    fill(link, "✓ 复制好了");
  }));
}

// Who may need a hand, for where there is no network ----------------------------------------------
async function keepList(place) {
  const queue = await queueOf;
  if (!queue || queue.offline) return;
  const group = place.getAttribute("data-group");
  const people = all(place, "[data-person]").map((one) => ({
    id: one.getAttribute("data-person"),
    name: one.querySelector("strong").textContent,
    reason: one.querySelector("[data-reason]").textContent,
  }));
  const known = (await queue.copy(routes.myGroups)).filter((one) => one.group !== group);
  await queue.setCopy(routes.myGroups, known.concat({ group, people, name: place.getAttribute("data-name"), at: Date.parse(place.getAttribute("data-at")) }));
}

function personLine(person) {
  const form = formOf("contact-form", "contact", (filled, pressed) => ({ member_id: person.id, way: "phone", outcome: pressed.value }));
  return make("li", { class: "given" }, make("p", {}, make("strong", {}, person.name), " ", person.reason), make("details", {}, make("summary", {}, "记一次电话"), form));
}

/** In the place of a page that could not be fetched. */
export async function paintWithout(place) {
  const queue = await queueOf;
  if (!queue) return;
  place.className = "block";
  if (location.pathname === routes.move) {
    place.append(make("h2", {}, "我换地方了"), make("p", {}, "没有信号也能交：先存在这部手机里，联网后自动上传。没变的空着。"), formOf("move-form", "move_report", moveOf));
    return;
  }
  const lists = (await queue.copy(routes.myGroups)).filter((one) => Date.now() - one.at < KEPT);
  lists.forEach((one) => {
    const list = make("ul", { class: "plain" });
    one.people.forEach((person) => list.append(personLine(person)));
    place.append(make("h2", {}, one.name + "：可以帮忙的人"), make("p", { class: "soft" }, "这是 " + clockWords(one.at) + " 的情况。号码要联网才查得到。"),
      one.people.length ? list : make("p", {}, "那时没有看出谁要帮忙。"));
  });
  if (!lists.length && location.pathname.startsWith(routes.lead)) place.append(make("p", {}, "名单还没有存到这部手机：有信号时打开一次小组页，以后没有信号也看得到。"));
}

watchCalls();
all(document, "[data-contact]").forEach((form) => watchForm(form, "contact", (filled, pressed) => Object.assign(
  said(filled, ["way", "next_step"]), { member_id: form.getAttribute("data-contact"), outcome: pressed.value })));
all(document, "[data-move]").forEach((form) => watchForm(form, "move_report", moveOf));
if (element("people")) keepList(element("people")).catch(() => {}); // a phone that keeps nothing has no list
