// Which questions an attempt at a self-check shows, and in what order their options stand: the same few
// lines as content/question_draw.py, so that the server knows what was drawn here without a network.

import { element, fill, makeButton, randomUuid } from "./base.js";

const DRAWN = "8"; // version of the id of an attempt that drew; any other was shown everything in order

function rank(text) {
  let value = 0x811c9dc5;
  new TextEncoder().encode(text).forEach((byte) => { value = Math.imul(value ^ byte, 0x01000193); });
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

function inOrder(seed, ids) {
  const ranks = new Map(ids.map((id) => [id, rank(seed + " " + id)]));
  return ids.slice().sort((a, b) => ranks.get(a) - ranks.get(b) || (a < b ? -1 : 1));
}

/** The self-check as this attempt showed it. */
export function asShown(quiz, revision, attempt) {
  if (attempt[14] !== DRAWN) return quiz;
  const seed = revision + " " + attempt;
  const drawn = inOrder(seed, quiz.questions.map((one) => one.id)).slice(0, quiz.draw || Infinity);
  const questions = quiz.questions.filter((one) => drawn.includes(one.id)).map((one) => (
    quiz.shuffle && !one.fixed ? Object.assign({}, one, { options: inOrder(seed, one.options) }) : one));
  return Object.assign({}, quiz, { questions });
}

/** Begins another attempt, and shows what it drew. */
export function drawAnew(lesson) {
  const id = randomUuid();
  const attempt = id.slice(0, 14) + DRAWN + id.slice(15);
  const shown = asShown(lesson.quiz, lesson.revision, attempt).questions;
  lesson.quiz.questions.forEach((one) => show(one.id, shown.findIndex((other) => other.id === one.id), shown));
  lesson.attempt = lesson.form.attempt.value = attempt;
  fill(element("check-note"));
  const note = element("draw-note");
  if (note) {
    note.hidden = false;
    fill(note, lesson.quiz.questions.length + " 题里抽了 " + shown.length + " 题。", makeButton("换几题", () => drawAnew(lesson)));
  }
}

function show(id, place, shown) {
  const box = element("f-" + id);
  box.hidden = box.disabled = place < 0;
  box.querySelectorAll(".verdict").forEach((old) => old.remove());
  box.querySelectorAll("input").forEach((field) => {
    field.checked = false;
    if (field.type === "text") field.value = "";
  });
  if (place < 0) return;
  box.querySelector(".number").textContent = place + 1;
  shown[place].options.forEach((one) => box.append(box.querySelector('[value="' + one + '"]').parentNode));
}
