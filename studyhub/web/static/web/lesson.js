// A lesson: what has been read, the self-check answered at once, "学完了".
// How long anything took is never noted.

import { fill, getAll, make, paintState, who } from "./me.js";
import { openQueue, uuid7 } from "./queue.js";

const lesson = JSON.parse(document.getElementById("lesson-data").textContent);
const form = document.getElementById("study");
const checkNote = document.getElementById("check-note");
const finishNote = document.getElementById("finish-note");
const UNSENT = "没有存上——请联网后再按一次。记录还在这部手机里，不会丢。";
const read = new Set();
let queue = null;
let timer = 0;
let lastAnswers = "";

function titleOf(id) {
  const heading = document.getElementById("s-" + id);
  return heading ? heading.querySelector("h2").textContent : "";
}

function linkTo(id) {
  return make("a", { href: "#s-" + id }, titleOf(id));
}

// Reading ---------------------------------------------------------------------------------------
function paintRead(id) {
  const place = document.querySelector('[data-toc="' + id + '"]');
  if (place && !place.querySelector(".state")) place.append(make("span", { class: "state finished" }, "✓ 读过"));
}

function noteRead(id) {
  if (read.has(id)) return;
  read.add(id);
  if (!queue) return;
  paintRead(id);
  queue.add("sections_read", lesson.lesson, lesson.revision, { section_ids: [id] });
  clearTimeout(timer);
  timer = setTimeout(sendQuietly, 1500);
}

async function sendQuietly() {
  const sent = await queue.send();
  if (sent.ok) paintProgress(sent.progress);
  else fill(document.getElementById("lesson-state"), "已保存在本机，联网后再交（" + queue.waiting() + "）");
}

function watchSections() {
  if (!("IntersectionObserver" in window)) return false;
  const watcher = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      watcher.unobserve(entry.target);
      noteRead(entry.target.getAttribute("data-end"));
    });
  });
  document.querySelectorAll("[data-end]").forEach((end) => watcher.observe(end));
  return true;
}

function paintProgress(items) {
  const item = items.find((one) => (one.lesson_id || one.lesson_key) === lesson.lesson);
  if (!item) return null;
  paintItem(item);
  return item;
}

function paintItem(item) {
  item.sections_read.forEach((id) => {
    read.add(id);
    paintRead(id);
  });
  const place = document.getElementById("lesson-state");
  const words = make("a", { href: "/study/" + lesson.lesson + "/" });
  paintState(words, item.status, item.percent);
  fill(place, words);
}

// Self-check ------------------------------------------------------------------------------------
function answerTo(question) {
  const fields = Array.from(form.querySelectorAll('[name="q-' + question.id + '"]'));
  if (question.kind === "blank") return fields[0].value.trim() || null;
  const chosen = fields.filter((field) => field.checked).map((field) => field.value);
  if (!chosen.length) return null;
  if (question.kind === "multi") return chosen.sort();
  return question.kind === "truefalse" ? chosen[0] === "true" : chosen[0];
}

function folded(text) {
  return text.normalize("NFKC").replace(/\s+/g, "").toLowerCase().replace(/^[。.，,]+|[。.，,]+$/g, "");
}

function isRight(question, given) {
  if (given === null) return false;
  if (question.kind === "multi") return given.join() === question.answer.slice().sort().join();
  if (question.kind === "blank") return question.accepted.map(folded).indexOf(folded(given)) >= 0;
  return given === question.answer;
}

function paintVerdict(question, given, right) {
  const box = document.getElementById("f-" + question.id);
  const old = box.querySelector(".verdict");
  if (old) old.remove();
  const words = right ? "✓ 答对了" : given === null ? "✎ 这题没有作答" : "✎ 再看看";
  const verdict = make("div", { class: "verdict" }, make("p", { class: right ? "right" : "wrong" }, words), make("p", {}, question.explanation));
  if (!right && question.section) {
    verdict.append(make("p", {}, make("a", { href: "#s-" + question.section }, "打开课文里的“" + titleOf(question.section) + "”")));
  }
  box.append(verdict);
}

async function handIn() {
  const quiz = lesson.quiz;
  const answers = {};
  quiz.questions.forEach((question) => {
    const given = answerTo(question);
    if (given !== null) answers[question.id] = given;
  });
  if (!Object.keys(answers).length) {
    fill(checkNote, make("p", {}, "先选好答案，再交卷。"));
    return;
  }
  let right = 0;
  quiz.questions.forEach((question) => {
    const given = question.id in answers ? answers[question.id] : null;
    const good = isRight(question, given);
    right += good ? 1 : 0;
    paintVerdict(question, given, good);
  });
  const passed = Math.floor((100 * right) / quiz.questions.length) >= quiz.pass_mark;
  const result = quiz.questions.length + " 题答对 " + right + " 题，" + (passed ? "通过了。" : "还没有通过。看看每题下面的解析，可以再答。");
  if (!queue) {
    const button = make("button", { name: "do", value: "quiz", type: "submit", class: "quiet" }, "登录并存上");
    fill(checkNote, make("p", {}, result), make("p", {}, "您还没有登录，这次作答没有记下来。"), button);
    return;
  }
  fill(checkNote, make("p", {}, result + " 正在存…"));
  const said = JSON.stringify(answers);
  // Pressing again after a failed send sends the same attempt; other answers are another attempt.
  if (said !== lastAnswers || !queue.waiting("quiz_attempt", lesson.lesson)) {
    lastAnswers = said;
    queue.add("quiz_attempt", lesson.lesson, lesson.revision, { quiz_id: quiz.id, attempt_id: uuid7(), answers });
  }
  const sent = await queue.send();
  paintProgress(sent.progress);
  fill(checkNote, make("p", {}, result), make("p", {}, sent.ok ? sent.problem || "✓ 已存上。" : UNSENT));
}

// Finishing -------------------------------------------------------------------------------------
function whatIsMissing(item) {
  const list = make("ul", {});
  lesson.required.filter((id) => !read.has(id)).forEach((id) => list.append(make("li", {}, "读“", linkTo(id), "”")));
  const quiz = lesson.quiz;
  if (quiz && quiz.required && !(item.quiz && item.quiz.best >= quiz.pass_mark)) {
    list.append(make("li", {}, make("a", { href: "#self-check" }, "通过自测")));
  }
  return list;
}

async function finish() {
  if (!queue.waiting("lesson_finished", lesson.lesson)) {
    queue.add("lesson_finished", lesson.lesson, lesson.revision, {});
  }
  fill(finishNote, make("p", {}, "正在存…"));
  const sent = await queue.send();
  const item = paintProgress(sent.progress);
  if (!sent.ok) fill(finishNote, make("p", {}, UNSENT));
  else if (sent.problem) fill(finishNote, make("p", {}, sent.problem));
  else if (item && item.status === "finished") fill(finishNote, make("p", {}, "✓ 这一课学完了，已经记下。"));
  else if (item) fill(finishNote, make("p", {}, "已经记下。补上这几样，就算学完，不用再按："), whatIsMissing(item));
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  if (button.value === "finish" && queue && watching) {
    event.preventDefault();
    finish();
  } else if (button.value === "finish") {
    // Signed out, or an old phone: the form goes to the server, and says what was read here.
    form.querySelectorAll("[name=section]").forEach((field) => { field.disabled = watching && !read.has(field.value); });
  } else if (button.closest(".row")) {
    event.preventDefault();
    handIn();
  }
});

// Corrected since -------------------------------------------------------------------------------
async function tellCorrections(item) {
  // Only who finished an older text asks.
  if (!item || item.status !== "finished" || item.revision >= lesson.revision) return;
  const mine = (await getAll("me/corrections")).filter((one) => one.lesson_id === lesson.lesson);
  if (!mine.length) return;
  document.getElementById("settings").before(
    make("div", { class: "note" },
      make("p", {}, make("strong", {}, "内容已更新"), "（" + mine.length + " 处改正）。您学完的仍算学完。"),
      make("p", {}, make("a", { class: "button quiet", href: "/me/corrections/" }, "看改了什么")))
  );
}

const watching = watchSections();

async function start() {
  const account = await who;
  if (!account || !account.member) return;
  const seen = Array.from(read);
  read.clear();
  queue = openQueue(account);
  const item = paintProgress(await getAll("me/progress"));
  if (!item) paintItem({ status: "not_started", percent: 0, sections_read: [] });
  seen.forEach(noteRead);
  if (queue.waiting()) sendQuietly();
  tellCorrections(item);
}

start();
