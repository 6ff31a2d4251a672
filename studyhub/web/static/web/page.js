// Every page but the lesson: paint what is known of the reader onto the lessons shown.

import { fill, getAll, make, paintState, who } from "./me.js";
import { openQueue } from "./queue.js";

const keyOf = (item) => item.lesson_id || item.lesson_key;

function paintLessons(progress) {
  const known = new Map(progress.map((item) => [keyOf(item), item]));
  document.querySelectorAll("[data-lesson]").forEach((place) => {
    const item = known.get(place.getAttribute("data-lesson")) || { status: "not_started", percent: 0 };
    place.setAttribute("data-status", item.status);
    const words = place.querySelector("[data-state]");
    paintState(words, item.status, item.percent);
    words.before(" · ");
    if (item.status === "finished") place.querySelector(".stop").textContent = "✓";
  });
  const course = document.getElementById("course-state");
  if (course) {
    const done = document.querySelectorAll('[data-lesson][data-status="finished"]').length;
    fill(course, make("a", { href: "/me/" }, "学完 " + done + " 课"));
  }
}

function paintToday(plan) {
  const required = plan.filter((item) => item.required);
  const done = required.filter((item) => item.status === "finished").length;
  const next = plan.find((item) => item.status !== "finished");
  const line = make("p", { class: "sum" }, "这期计划有 " + required.length + " 课必学，学完了 ", make("b", {}, String(done)), " 课。");
  const link = make("p", {}, make("a", { class: "button quiet", href: "/me/" }, "看我的学习记录"));
  fill(document.getElementById("plan-line"));
  document.getElementById("plan-line").replaceWith(line, link);
  const card = document.getElementById("next-lesson");
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
  document.getElementById("today").before(
    make("div", { class: "card first gap" },
      make("h2", { class: "h3" }, make("a", { href: "/me/corrections/" }, title)),
      make("p", {}, "学完的仍算学完。看看改了什么。"))
  );
}

/** "我看过了": a record like any other, so that it also waits for a network. */
function watchAcknowledging(queue) {
  document.querySelectorAll(".correction form").forEach((form) => form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = (name) => Array.from(form.querySelectorAll("[name=" + name + "]"), (one) => one.value);
    form.querySelector("button").disabled = true;
    field("revision").forEach((revision) => {
      queue.add("mark", undefined, 0, { kind: "correction_seen", lesson: field("lesson")[0], revision: Number(revision) });
    });
    const note = form.querySelector(".note");
    fill(note, make("p", {}, "正在存…"));
    const sent = await queue.send();
    fill(note, make("p", {}, sent.ok ? sent.problem || "✓ 记下了，这处改正您已经看过。" : "已保存在本机，联网后自动上传。"));
  }));
}

async function paint() {
  const account = await who;
  if (!account || !account.member) return;
  const queue = openQueue(account);
  if (queue.waiting()) await queue.send();
  watchAcknowledging(queue);
  if (document.getElementById("next-lesson")) {
    paintCorrections(await getAll("me/corrections"));
    const plan = await getAll("me/plan");
    if (plan.length) paintToday(plan);
  }
  if (document.querySelector("[data-lesson]")) paintLessons(await getAll("me/progress"));
}

paint();
