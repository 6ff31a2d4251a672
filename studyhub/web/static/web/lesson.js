// A lesson: what has been read, the self-check answered at once, "学完了". Everything is kept on the
// phone first and sent after. How long anything took is never noted.

import { phone } from "./store.js";
import { clockWords, element, fill, getAll, make, makeButton, paintState, who } from "./me.js";

const IDLE = 4000; // before spending data on what may be wanted next
let queue = null;
let lesson = null; // the one on the screen
let extras = null; // keep.js and packs.js, once loaded

function titleOf(id) {
  const heading = element("s-" + id);
  return heading ? heading.querySelector("h2").textContent : "";
}

function linkTo(id) {
  return make("a", { href: "#s-" + id }, titleOf(id));
}

// What is known of this lesson: the server's word and what lies on the phone, joined ----------------
async function standing() {
  const known = (await queue.copy("me/progress")).find((one) => one.lesson_id === lesson.lesson) || {};
  const read = new Set(known.sections_read || []);
  let best = known.quiz ? known.quiz.best : -1;
  let declared = Boolean(known.finished_at);
  const rows = (await queue.rows()).filter((row) => row.lesson_id === lesson.lesson && row.state !== "refused");
  rows.forEach((row) => {
    if (row.kind === "sections_read") row.data.section_ids.forEach((id) => read.add(id));
    if (row.kind === "lesson_finished") declared = true;
    if (row.kind === "quiz_attempt") best = Math.max(best, scoreOf(row.data.answers));
  });
  const left = lesson.required.filter((id) => !read.has(id));
  const passed = !lesson.quiz || !lesson.quiz.required || best >= lesson.quiz.pass_mark;
  const finished = known.status === "finished" || (declared && passed && !left.length);
  return { read, left, best, declared, passed, finished, begun: Boolean(read.size || rows.length || known.status === "in_progress") };
}

async function paint() {
  const now = await standing();
  now.read.forEach((id) => { lesson.read.add(id); paintRead(id); });
  const words = make("a", { href: "/study/" + lesson.lesson + "/" });
  const done = lesson.required.length - now.left.length;
  const percent = lesson.required.length ? Math.floor((100 * done) / lesson.required.length) : 0;
  paintState(words, now.finished ? "finished" : now.begun ? "in_progress" : "not_started", percent);
  fill(element("lesson-state"), words);
  return now;
}

function paintSync(state) {
  const place = element("sync");
  if (!place) return;
  const parts = [];
  if (state.refused.length) parts.push(make("p", {}, "✕ 有 " + state.refused.length + " 条记录没有被接受：" + state.refused[0].why + "（请联系组长）"));
  if (state.waiting && state.login) parts.push(make("p", {}, "☁ 有 " + state.waiting + " 条记录还在本机。", make("a", { class: "tap", href: "/login/?next=" + encodeURIComponent(location.pathname) }, "重新登录"), "后自动上传。"));
  else if (state.waiting) parts.push(make("p", {}, "☁ 已保存在本机，" + (state.trouble ? "联网后自动上传" : "马上上传") + "（" + state.waiting + "）"));
  else if (state.syncedAt) parts.push(make("p", { class: "soft" }, "✓ 已同步 · " + clockWords(state.syncedAt)));
  if (!state.safe) parts.push(make("p", {}, "此浏览器不能保存学习记录，请保持联网，或换一个浏览器。"));
  if (state.clockOff) parts.push(make("p", { class: "soft" }, "手机时间不准，记录已按服务器时间校正。"));
  fill(place, ...parts);
  place.hidden = !parts.length;
}

// Reading ---------------------------------------------------------------------------------------
function paintRead(id) {
  const place = document.querySelector('[data-toc="' + id + '"]');
  if (place && !place.querySelector(".state")) place.append(make("span", { class: "state finished" }, "✓ 读过"));
}

function noteRead(id) {
  lookAhead();
  if (lesson.read.has(id)) return;
  lesson.read.add(id);
  if (!queue) return;
  paintRead(id);
  queue.add("sections_read", lesson.lesson, lesson.revision, { section_ids: [id] }).then(paint);
}

function watchSections() {
  if (!("IntersectionObserver" in window)) return null;
  const watcher = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      watcher.unobserve(entry.target);
      noteRead(entry.target.getAttribute("data-end"));
    });
  });
  document.querySelectorAll("[data-end]").forEach((end) => watcher.observe(end));
  return watcher;
}

// Self-check ------------------------------------------------------------------------------------
function answerTo(question) {
  const fields = Array.from(lesson.form.querySelectorAll('[name="q-' + question.id + '"]'));
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
  if (given === null || given === undefined) return false;
  if (question.kind === "multi") return given.join() === question.answer.slice().sort().join();
  if (question.kind === "blank") return question.accepted.map(folded).indexOf(folded(given)) >= 0;
  return given === question.answer;
}

function scoreOf(answers) {
  const questions = lesson.quiz ? lesson.quiz.questions : [];
  if (!questions.length) return 0;
  return Math.floor((100 * questions.filter((one) => isRight(one, answers[one.id])).length) / questions.length);
}

function paintVerdict(question, given, right) {
  const box = element("f-" + question.id);
  const old = box.querySelector(".verdict");
  if (old) old.remove();
  const words = right ? "✓ 答对了" : given === undefined ? "✎ 这题没有作答" : "✎ 再看看";
  const verdict = make("div", { class: "verdict" }, make("p", { class: right ? "right" : "wrong" }, words), make("p", {}, question.explanation));
  if (!right && question.section) {
    verdict.append(make("p", {}, make("a", { href: "#s-" + question.section }, "打开课文里的“" + titleOf(question.section) + "”")));
  }
  box.append(verdict);
}

async function handIn() {
  const quiz = lesson.quiz;
  const note = element("check-note");
  const answers = {};
  quiz.questions.forEach((question) => {
    const given = answerTo(question);
    if (given !== null) answers[question.id] = given;
  });
  if (!Object.keys(answers).length) {
    fill(note, make("p", {}, "先选好答案，再交卷。"));
    return;
  }
  quiz.questions.forEach((question) => paintVerdict(question, answers[question.id], isRight(question, answers[question.id])));
  const right = quiz.questions.filter((question) => isRight(question, answers[question.id])).length;
  const passed = scoreOf(answers) >= quiz.pass_mark;
  const result = quiz.questions.length + " 题答对 " + right + " 题，" + (passed ? "通过了。" : "还没有通过。看看每题下面的解析，可以再答。");
  if (!queue) {
    const button = make("button", { name: "do", value: "quiz", type: "submit", class: "quiet" }, "登录并存上");
    fill(note, make("p", {}, result), make("p", {}, "您还没有登录，这次作答没有记下来。"), button);
    return;
  }
  const said = JSON.stringify(answers);
  if (said !== lesson.lastAnswers) { // the same answers pressed again are the same attempt
    await queue.add("quiz_attempt", lesson.lesson, lesson.revision, { quiz_id: quiz.id, answers });
    lesson.lastAnswers = said;
  }
  await sendAndSay(note, make("p", {}, result));
}

// Finishing -------------------------------------------------------------------------------------
function whatIsMissing(now) {
  const list = make("ul", { class: "todo" });
  now.left.forEach((id) => list.append(make("li", {}, "读“", linkTo(id), "”")));
  if (!now.passed) list.append(make("li", {}, make("a", { href: "#self-check" }, "通过自测")));
  return list;
}

/** Kept first, and said so; then sent, and said what came of it. */
async function sendAndSay(note, ...words) {
  fill(note, ...words, make("p", {}, "✓ 已保存在本机。"));
  const now = await paint();
  const sent = await queue.send(true);
  const outcome = sent.problem || (sent.ok ? "✓ 已存上。" : sent.login ? "✓ 已保存在本机。请重新登录，登录后自动上传。" : "✓ 已保存在本机，联网后自动上传。");
  fill(note, ...words, make("p", {}, outcome));
  if (sent.ok) contact();
  await keepProgress(sent.progress);
  await paint();
  return now;
}

async function finish() {
  const note = element("finish-note");
  const before = await standing();
  if (!before.declared) await queue.add("lesson_finished", lesson.lesson, lesson.revision, {});
  const now = await standing();
  if (now.finished) await sendAndSay(note, make("p", {}, make("strong", {}, "✓ 这一课学完了，已经记下。")));
  else await sendAndSay(note, make("p", {}, "已经记下。补上这几样，就算学完，不用再按："), whatIsMissing(now));
  if (now.finished) loadExtras().then((more) => { more.opened(lesson.lesson, true); more.askToStay(); });
}

function onClick(event) {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  if (button.value === "finish" && queue && lesson.watcher) {
    event.preventDefault();
    finish();
  } else if (button.value === "finish") {
    // Signed out, or an old phone: the form goes to the server, and says what was read here.
    lesson.form.querySelectorAll("[name=section]").forEach((field) => { field.disabled = Boolean(lesson.watcher) && !lesson.read.has(field.value); });
  } else if (button.closest(".row")) {
    event.preventDefault();
    handIn();
  }
}

// The progress the server last told, for when it cannot be asked ------------------------------------
async function keepProgress(items) {
  if (!items.length) return;
  const known = new Map((await queue.copy("me/progress")).map((one) => [one.lesson_id, one]));
  items.forEach((one) => known.set(one.lesson_id, one));
  await queue.setCopy("me/progress", Array.from(known.values()));
}

// Keeping ahead ----------------------------------------------------------------------------------
function loadExtras() {
  extras = extras || import("./keep.js");
  return extras;
}

let ahead = false;

/** Somebody really reads: now it is worth keeping this lesson and the next two. */
async function lookAhead() {
  if (ahead) return;
  ahead = true;
  try {
    const more = await loadExtras();
    const wanted = [lesson.lesson].concat(lesson.following || []);
    const [tier] = await Promise.all([more.probe(), more.missing(wanted).then((told) => more.keepAll(told))]);
    if (tier === 0) paintSync({ refused: [], waiting: 0, syncedAt: 0, safe: false });
    await more.opened(lesson.lesson, false);
    if (tier === 2) (await import("./reader.js")).readHere(mount);
  } catch (e) { ahead = false; /* no network: tried again at the next section */ }
}

async function contact() {
  const { refresh, pack, change } = await import("./packs.js");
  const said = await refresh();
  if (said.removed.indexOf(lesson.lesson) >= 0) {
    fill(element("main").querySelector(".lesson-page"), make("h1", {}, "这一课已经下架"), make("p", {}, "它已从这部手机上删除。您的学习记录都还在。"), make("p", {}, make("a", { class: "button", href: "/courses/" }, "看别的课程")));
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

// Corrected since, for who finished an older text -----------------------------------------------------
function changedWords(block) {
  const words = make("div", { class: "verdict" }, make("p", {}, make("strong", {}, block.title)));
  if (block.before) words.append(make("p", {}, "删去：", make("del", {}, block.before)));
  if (block.after) words.append(make("p", {}, "改为：", make("ins", {}, block.after)));
  return words;
}

async function tellCorrections(offline) {
  const now = await standing();
  if (!now.finished) return;
  const told = offline ? await queue.copy("me/corrections") : await getAll("me/corrections");
  if (!offline) await queue.setCopy("me/corrections", told);
  const seen = (await queue.rows()).filter((row) => row.kind === "mark" && row.data.kind === "correction_seen" && row.data.lesson === lesson.lesson);
  const mine = told.filter((one) => one.lesson_id === lesson.lesson && !seen.some((row) => row.data.revision === one.revision));
  if (!mine.length) return;
  const note = element("changed-note");
  const button = makeButton("我看过了", async () => {
    for (const one of mine) await queue.add("mark", null, null, { kind: "correction_seen", lesson: lesson.lesson, revision: one.revision });
    fill(note, make("p", {}, "✓ 记下了，这处改正您已经看过。"));
    queue.send(true);
  });
  fill(note, make("p", {}, make("strong", {}, "内容已更新"), "（" + mine.length + " 处改正）。您学完的仍算学完。"));
  mine.forEach((one) => note.append(make("p", {}, one.note), ...one.blocks.map(changedWords)));
  note.append(button);
}

// Starting ----------------------------------------------------------------------------------------
/** Brings the lesson that is in the page to life; called again when another one is put there. */
export async function mount() {
  if (lesson && lesson.watcher) lesson.watcher.disconnect();
  lesson = JSON.parse(element("lesson-data").textContent);
  Object.assign(lesson, { read: new Set(), lastAnswers: "", form: element("study"), watcher: null });
  lesson.form.addEventListener("click", onClick);
  lesson.watcher = watchSections();
  if (queue) {
    await paint();
    await queue.tell();
  }
}

async function start() {
  await mount();
  const account = await who;
  if (account && account.member) await begin(account);
  else if (!account && (await phone("accounts"))) (await import("./queue.js")).sendOthers("").catch(() => {});
  // Only a phone that ever kept a lesson has something to ask about.
  if (await phone("cursor")) setTimeout(() => contact().catch(() => {}), IDLE);
}

async function begin(account) {
  const seen = Array.from(lesson.read);
  // Readers who are not signed in record nothing: they need not fetch what records.
  const { keepSending, openQueue, sendOthers } = await import("./queue.js");
  const mine = await openQueue(account);
  lesson.read.clear();
  queue = mine;
  queue.watch(paintSync);
  await paint();
  seen.forEach(noteRead);
  if (!account.offline) {
    await keepProgress(await getAll("me/progress"));
    await paint();
    await queue.keepTicket();
  }
  await tellCorrections(account.offline);
  setTimeout(lookAhead, IDLE); // members come for the next lessons too, and the signal may go any time
  keepSending(queue);
  sendOthers(account.account_id).catch(() => {});
}

start();

// Without it a lesson can still be read and its recordings played: a phone that cannot load it misses
// only the extras.
if (document.querySelector("audio, video") || "speechSynthesis" in window) {
  import("./listen.js").then((module) => module.listen(lesson.readings || {})).catch(() => {});
}
