// A lesson: what has been read, the self-check answered at once, "学完了". Everything is kept on the
// phone first and sent after. How long anything took is never noted.

import { clockWords, element, fill, make, orSay, paintState, phone, routes, who } from "./base.js";

const IDLE = 4000; // before spending data on what may be wanted next
let queue = /** @type {any} */ (null);
let lesson = /** @type {any} */ (null); // the one on the screen
let draw = /** @type {any} */ (null); // question_draw.js; without it all is shown and marked as it stands

const titleOf = (id) => (element("s-" + id) ? element("s-" + id).querySelector("h2").textContent : "");

const linkTo = (id) => make("a", { href: "#s-" + id }, titleOf(id));

// What is known of this lesson: the server's word and what lies on the phone, joined ----------------
async function standing() {
  const known = (await queue.copy(routes.myProgress)).find((one) => one.lesson_id === lesson.lesson) || {};
  const read = new Set(known.sections_read || []);
  let best = known.quiz ? known.quiz.best : -1;
  let declared = Boolean(known.finished_at);
  let studied = false; // of this very text: the rule is met for a revision that was studied
  let waiting = false;
  const rows = (await queue.rows()).filter((row) => row.lesson_id === lesson.lesson && row.state !== "refused");
  rows.forEach((row) => {
    const same = row.revision === lesson.revision;
    if (same) studied = true;
    if (row.state === "waiting") waiting = true;
    if (row.kind === "sections_read") row.data.section_ids.forEach((id) => read.add(id));
    if (row.kind === "lesson_finished") declared = true;
    if (row.kind === "quiz_attempt" && same) best = Math.max(best, scoreOf(shownIn(row.data.attempt_id), row.data.answers));
  });
  const left = lesson.required.filter((id) => !read.has(id));
  const passed = !lesson.quiz || !lesson.quiz.required || best >= lesson.quiz.pass_mark;
  // What the server says, once it has heard everything; until then, what is sure to be so there.
  const sure = declared && studied && passed && !left.length && (waiting || !queue.heard);
  const finished = known.status === "finished" || sure;
  return { read, left, best, said: declared && studied, passed, finished, begun: Boolean(read.size || rows.length || known.status === "in_progress") };
}

async function paint() {
  const now = await standing();
  now.read.forEach((id) => { lesson.read.add(id); paintRead(id); });
  const words = make("a", { href: routes.studyOf(lesson.lesson) });
  const done = lesson.required.length - now.left.length;
  const percent = lesson.required.length ? Math.floor((100 * done) / lesson.required.length) : 0;
  paintState(words, now.finished ? "finished" : now.begun ? "in_progress" : "not_started", percent);
  if (element("lesson-state")) fill(element("lesson-state"), words); // a lesson taken down is no longer there
  return now;
}

function paintSync(state) {
  const place = element("sync");
  if (!place) return;
  const parts = [];
  if (state.refused.length) parts.push(make("p", {}, "✕ 有 " + state.refused.length + " 条记录没有被接受：" + state.refused[0].why + "（请联系组长）"));
  if (state.waiting && state.login) parts.push(make("p", {}, "☁ 有 " + state.waiting + " 条记录还在本机。", make("a", { class: "tap", href: routes.login + "?next=" + encodeURIComponent(location.pathname) }, "重新登录"), "后自动上传。"));
  else if (state.waiting) parts.push(make("p", {}, state.where.replace("✓", "☁") + "，" + (state.trouble ? "联网后自动上传" : "马上上传") + "（" + state.waiting + "）"));
  else if (state.syncedAt) parts.push(make("p", { class: "soft" }, "✓ 已同步 · " + clockWords(state.syncedAt)));
  if (!state.safe) parts.push(make("p", {}, (state.noted ? "手机的存储没有应答，学习记录还没有存牢" : "此浏览器不能保存学习记录") + "。请保持联网，或换一个浏览器。"));
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
  orSay(element("sync"), async () => {
    await queue.add("sections_read", lesson.lesson, lesson.revision, { section_ids: [id] });
  });
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

// Self-check, marked on the phone at once; the server marks it again by the same rules -------------
function answerTo(form, question) {
  const fields = Array.from(form.querySelectorAll('[name="q-' + question.id + '"]'));
  if (question.kind === "blank") return fields[0].value.trim() || null;
  const chosen = fields.filter((field) => field.checked).map((field) => field.value);
  if (!chosen.length) return null;
  if (question.kind === "multi") return chosen.sort();
  return question.kind === "truefalse" ? chosen[0] === "true" : chosen[0];
}

/** The self-check as an attempt showed it: whole, where it drew nothing. */
const shownIn = (attempt) => (draw && attempt ? draw.asShown(lesson.quiz, lesson.revision, attempt) : lesson.quiz);

/** What stands in the form, by question; a question left open is not in it. */
function answersIn(form, quiz) {
  const answers = {};
  quiz.questions.forEach((question) => {
    const given = answerTo(form, question);
    if (given !== null) answers[question.id] = given;
  });
  return answers;
}

function folded(text) {
  return text.normalize("NFKC").replace(/\s+/g, "").toLowerCase().replace(/^[。.，,]+|[。.，,]+$/g, "");
}

function isRight(question, given) {
  if (given === null || given === undefined) return false;
  if (question.kind === "multi") return given.join() === question.answer.slice().sort().join();
  if (question.kind === "blank") return question.accepted.map(folded).includes(folded(given));
  return given === question.answer;
}

const rightOnes = (quiz, answers) => quiz.questions.filter((one) => isRight(one, answers[one.id])).length;

/** Percent of the questions that are answered rightly, rounded down; 0 without a self-check. */
function scoreOf(quiz, answers) {
  if (!quiz || !quiz.questions.length) return 0;
  return Math.floor((100 * rightOnes(quiz, answers)) / quiz.questions.length);
}

function paintVerdict(question, given, right) {
  const box = element("f-" + question.id);
  box.querySelectorAll(".verdict").forEach((old) => old.remove());
  const words = right ? "✓ 答对了" : given === undefined ? "✎ 这题没有作答" : "✎ 再看看";
  const verdict = make("div", { class: "verdict" }, make("p", { class: right ? "right" : "wrong" }, words), make("p", {}, question.explanation));
  if (!right && question.section) {
    verdict.append(make("p", {}, make("a", { href: "#s-" + question.section }, "打开课文里的“" + titleOf(question.section) + "”")));
  }
  box.append(verdict);
}

/** Says below each question whether it is right, and why; answers how many are. */
function paintVerdicts(quiz, answers) {
  quiz.questions.forEach((one) => paintVerdict(one, answers[one.id], isRight(one, answers[one.id])));
  return rightOnes(quiz, answers);
}

async function handIn(note) {
  const quiz = shownIn(lesson.attempt);
  const answers = answersIn(lesson.form, quiz);
  if (!Object.keys(answers).length) {
    fill(note, make("p", {}, "先选好答案，再交卷。"));
    return;
  }
  const right = paintVerdicts(quiz, answers);
  const passed = scoreOf(quiz, answers) >= quiz.pass_mark;
  const result = quiz.questions.length + " 题答对 " + right + " 题，" + (passed ? "通过了。" : "还没有通过。看看每题下面的解析，可以再答。");
  if (!queue) {
    const words = [result, "您还没有登录，这次作答没有记下来。"].map((text) => make("p", {}, text));
    fill(note, ...words, make("button", { name: "do", value: "quiz", type: "submit", class: "quiet" }, "登录并存上"));
    return;
  }
  const said = JSON.stringify(answers);
  if (said !== lesson.lastAnswers) { // the same answers pressed again are the same attempt
    await queue.add("quiz_attempt", lesson.lesson, lesson.revision, Object.assign({ quiz_id: quiz.id, answers }, lesson.attempt && { attempt_id: lesson.attempt }));
    lesson.lastAnswers = said;
  }
  await sendAndSay(note, () => [make("p", {}, result)]);
}

// Finishing -------------------------------------------------------------------------------------
function whatIsMissing(now) {
  const list = make("ul", { class: "todo" });
  now.left.forEach((id) => list.append(make("li", {}, "读“", linkTo(id), "”")));
  if (!now.passed) list.append(make("li", {}, make("a", { href: "#self-check" }, "通过自测")));
  if (!list.firstChild) list.append(make("li", {}, make("a", { href: location.pathname }, "重新打开这一页，看看新的一版")));
  return list;
}

/** Kept first, and said so; then sent, and said what came of it. `words` of how the lesson stands. */
async function sendAndSay(note, words) {
  fill(note, ...words(await paint()), make("p", {}, queue.where() + "。"));
  const sent = await queue.send(true);
  const outcome = sent.problem || (sent.ok ? "✓ 已存上。" : queue.where() + (sent.login ? "。请重新登录，登录后自动上传。" : "，联网后自动上传。"));
  const now = await paint();
  fill(note, ...words(now), make("p", {}, outcome));
  if (sent.ok) contact();
  return now;
}

async function finish(note) {
  fill(note, make("p", {}, "正在存…"));
  const before = await standing();
  if (!before.finished && !before.said) await queue.add("lesson_finished", lesson.lesson, lesson.revision, {});
  const now = await sendAndSay(note, (so) => (so.finished
    ? [make("p", {}, make("strong", {}, "✓ 这一课学完了，已经记下。"))]
    : [make("p", {}, "已经记下。补上这几样，就算学完，不用再按："), whatIsMissing(so)]));
  if (now.finished) loadExtras().then((more) => { more.opened(lesson.lesson, true); more.askToStay(); }).catch(() => {});
}

function onClick(event) {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  if (button.value === "finish" && queue && lesson.watcher) {
    event.preventDefault();
    orSay(element("finish-note"), finish);
  } else if (button.value === "finish") {
    // Signed out, or an old phone: the form goes to the server, and says what was read here.
    lesson.form.querySelectorAll("[name=section]").forEach((field) => { field.disabled = Boolean(lesson.watcher) && !lesson.read.has(field.value); });
  } else if (button.closest(".row")) {
    event.preventDefault();
    orSay(element("check-note"), handIn);
  }
}

// Keeping ahead ----------------------------------------------------------------------------------
const loadExtras = () => import("./keep.js");
const contact = async () => (await loadExtras()).followChanges(lesson);

let ahead = false;
/** Somebody really reads: now it is worth keeping this lesson and the next two. */
async function lookAhead() {
  if (ahead) return;
  ahead = true;
  try {
    const more = await loadExtras();
    const wanted = [lesson.lesson].concat(lesson.following || []);
    const keeping = more.missing(wanted).then((told) => more.keepAll(told));
    keeping.catch(() => {});
    const tier = await more.probe();
    if (tier === 0 && !queue) paintSync({ refused: [], waiting: 0, syncedAt: 0, safe: false });
    await keeping;
    await more.opened(lesson.lesson, false);
    if (tier === 2) (await import("./reader.js")).readHere(mount);
  } catch (e) { ahead = false; /* no network: tried again at the next section */ }
}

// Starting ----------------------------------------------------------------------------------------
/** Brings the lesson that is in the page to life; called again when another one is put there. */
export async function mount() {
  if (lesson && lesson.watcher) lesson.watcher.disconnect();
  lesson = JSON.parse(element("lesson-data").textContent);
  Object.assign(lesson, { read: new Set(), lastAnswers: "", attempt: "", form: element("study"), watcher: null });
  lesson.form.addEventListener("click", onClick);
  lesson.watcher = watchSections();
  if (lesson.form.attempt) await import("./question_draw.js").then((module) => { draw = module; draw.drawAnew(lesson); }).catch(() => {});
  if (queue) {
    offerToGoOn();
    await paint();
    await queue.tell();
  }
}

/** A phone that cannot load it misses only the way back to where one stopped. */
const offerToGoOn = () => import("./resume.js").then((module) => module.resume(lesson.lesson, queue.account.account_id)).catch(() => {});

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
  offerToGoOn();
  queue.watch((state) => { paintSync(state); paint(); });
  await paint();
  seen.forEach(noteRead);
  if (!account.offline) {
    await queue.hear(account.told);
    await paint();
    await queue.keepTicket();
  }
  if ((await standing()).finished) {
    await loadExtras().then((more) => more.tellCorrections(lesson, queue)).catch(() => {});
  }
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
