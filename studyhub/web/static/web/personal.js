// Every page but the lesson: paint what is known of the reader onto the lessons shown.

import { element, fill, make, makeButton, orSay, paintState, phone, routes, sizeWords, who } from "./base.js";

const keyOf = (item) => item.lesson_id || item.lesson_key;

function paintLessons(progress) {
  const known = new Map(progress.map((item) => [keyOf(item), item]));
  document.querySelectorAll("[data-lesson]").forEach((place) => {
    const item = known.get(place.getAttribute("data-lesson")) || { status: "not_started", percent: 0 };
    place.setAttribute("data-status", item.status);
    /** @type {any} */
    const words = place.querySelector("[data-state]");
    paintState(words, item.status, item.percent);
    words.before(" · ");
    if (item.status === "finished") /** @type {any} */ (place.querySelector(".stop")).textContent = "✓";
  });
  const course = element("course-state");
  if (course) {
    const done = document.querySelectorAll('[data-lesson][data-status="finished"]').length;
    fill(course, make("a", { href: routes.ownRecord }, "学完 " + done + " 课"));
  }
}

function paintToday(plan) {
  const required = plan.filter((item) => item.required);
  const done = required.filter((item) => item.status === "finished").length;
  const next = plan.find((item) => item.status !== "finished");
  const line = make("p", { class: "sum" }, "这期计划有 " + required.length + " 课必学，学完了 ", make("b", {}, String(done)), " 课。");
  const link = make("p", {}, make("a", { class: "button quiet", href: routes.ownRecord }, "看我的学习记录"));
  fill(element("plan-line"));
  element("plan-line").replaceWith(line, link);
  const card = element("next-lesson");
  if (!card) return;
  if (!next) {
    fill(card, make("h3", {}, "这期计划都学完了"), make("p", {}, "想再学，下面还有别的课。"));
    return;
  }
  const due = next.due_on ? " · " + Number(next.due_on.slice(5, 7)) + "月" + Number(next.due_on.slice(8)) + "日前学" : "";
  const begun = next.status === "in_progress";
  fill(
    card,
    make("p", { class: "soft" }, (begun ? "接着学" : "下一课") + " · 大约 " + next.minutes + " 分钟" + due),
    make("h3", {}, make("a", { href: next.url }, next.title)),
    make("span", { class: "button", "aria-hidden": "true" }, begun ? "接着学" : "开始学")
  );
}

function paintCorrections(items) {
  if (!items.length) return;
  const title = "您学过的课有" + (items.length === 1 ? "一处" : " " + items.length + " 处") + "改正";
  element("today").before(
    make("div", { class: "card first gap" },
      make("h2", { class: "h3" }, make("a", { href: routes.corrections }, title)),
      make("p", {}, "学完的仍算学完。看看改了什么。"))
  );
}

/** "我看过了": a record like any other, so that it also waits for a network. */
function watchAcknowledging(queue) {
  document.querySelectorAll(".correction form").forEach((form) => form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = (name) => Array.from(form.querySelectorAll("[name=" + name + "]"), (/** @type {any} */ one) => one.value);
    const button = /** @type {any} */ (form.querySelector("button"));
    button.disabled = true;
    button.disabled = await orSay(form.querySelector(".note"), async (note) => {
      fill(note, make("p", {}, "正在存…"));
      for (const revision of field("revision")) {
        await queue.add("mark", null, null, { kind: "correction_seen", lesson: field("lesson")[0], revision: Number(revision) });
      }
      const sent = await queue.send(true);
      fill(note, make("p", {}, sent.ok ? sent.problem || "✓ 记下了，这处改正您已经看过。" : queue.where() + "，联网后自动上传。"));
    });
  }));
}

/** A whole course for the road: first the size, then, when the reader agrees, the lessons. */
function offerCourse(place) {
  const ids = Array.from(document.querySelectorAll("[data-lesson]")).map((one) => one.getAttribute("data-lesson"));
  if (!ids.length || !window.indexedDB) return;
  const said = make("p", { role: "status", class: "soft" });
  let told = /** @type {any} */ (null);
  const button = makeButton("把这门课存到本机", async () => {
    button.disabled = true;
    const more = await import("./keep.js");
    try {
      told = told || (await more.missing(ids));
      if (!told.length) {
        fill(said, "✓ 这门课已经在本机了，没有信号也能学。", make("a", { class: "tap", href: routes.offline }, "看看存了什么"));
      } else if (!button.hasAttribute("data-agreed")) {
        button.setAttribute("data-agreed", "");
        button.textContent = "存下 " + told.length + " 课（" + sizeWords(told.reduce((sum, one) => sum + one.bytes, 0)) + "）";
        fill(said, "文字和图片一共这么大，声音另外选。");
      } else {
        const kept = await more.keepAll(told, (done) => fill(said, "正在存：" + done + " / " + told.length));
        fill(said, kept === told.length ? "✓ 存好了，没有信号也能学。" : "存了 " + kept + " 课就存不下了。", make("a", { class: "tap", href: routes.offline }, "看看存了什么"));
        told = null;
      }
    } catch (e) {
      fill(said, "没有存成：网络不通，或者手机的存储没有应答。请稍后再试。");
    }
    button.disabled = false;
  });
  fill(place, button, said);
}

async function paint() {
  const course = element("keep-course");
  if (course) offerCourse(course);
  const account = await who;
  if (!(account ? account.member : await phone("accounts"))) return;
  // Readers who are not signed in record nothing: they need not fetch what records.
  const { keepSending, openQueue, sendOthers } = await import("./queue.js");
  if (!account) {
    sendOthers("").catch(() => {});
    return;
  }
  const queue = Object.assign(await openQueue(account), { offline: account.offline });
  if (account.told) await queue.hear(account.told);
  keepSending(queue);
  sendOthers(account.account_id).catch(() => {});
  watchAcknowledging(queue);
  if (element("next-lesson")) {
    paintCorrections(await queue.copy(routes.myCorrections));
    const plan = await queue.copy(routes.myPlan);
    if (plan.length) paintToday(plan);
  }
  if (document.querySelector("[data-lesson]")) paintLessons(await queue.copy(routes.myProgress));
  if (!account.offline) await queue.keepTicket();
}

paint();
