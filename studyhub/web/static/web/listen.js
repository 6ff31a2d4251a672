// Listening to a lesson: where a recording was left, and the phone's own voice where it has a
// Chinese one. Where one stopped is kept on this phone only.

import { element, fill, make, makeButton, phoneNotes } from "./base.js";

const SLOW = 0.8;
const WORTH_KEEPING = 5; // seconds
const LONGEST = 80; // characters at a time: phones break off long speeches
const synth = window.speechSynthesis;
/** @type {HTMLMediaElement[]} */
const media = Array.from(document.querySelectorAll("audio, video"));
const rate = () => (phoneNotes.get("slow") ? SLOW : 1);

function slowButton() {
  return makeButton("慢一点", () => {
    phoneNotes.set("slow", phoneNotes.get("slow") ? null : "1");
    applyRate();
  }, { "data-slow": "" });
}

function applyRate() {
  document.querySelectorAll("[data-slow]").forEach((button) => button.setAttribute("aria-pressed", String(rate() === SLOW)));
  media.forEach((one) => { one.playbackRate = rate(); });
}

// Recordings ------------------------------------------------------------------------------------
function inWords(seconds) {
  const minutes = Math.floor(seconds / 60);
  return (minutes ? minutes + " 分 " : "") + Math.floor(seconds % 60) + " 秒";
}

function rememberPlace(one) {
  const name = "at:" + one.getAttribute("src");
  const left = Number(phoneNotes.get(name)) || 0;
  const note = make("p", { class: "small soft" });
  let kept = left;
  if (left) fill(note, "上次停在 " + inWords(left) + "，按播放接着来。");
  one.nextElementSibling.after(note, make("div", { class: "row" }, slowButton())); // below length and size
  one.addEventListener("loadedmetadata", () => {
    if (left && left < one.duration - 1) one.currentTime = left;
    one.playbackRate = rate();
  }, { once: true });
  const keep = () => {
    kept = one.currentTime;
    phoneNotes.set(name, kept > WORTH_KEEPING && !one.ended ? String(Math.floor(kept)) : null);
  };
  one.addEventListener("timeupdate", () => { if (Math.abs(one.currentTime - kept) >= WORTH_KEEPING) keep(); });
  one.addEventListener("pause", keep);
  one.addEventListener("ended", () => phoneNotes.set(name, null));
  one.addEventListener("play", () => {
    fill(note);
    media.forEach((other) => { if (other !== one) other.pause(); });
    if (speech) hush();
  });
}

// The phone's voice -----------------------------------------------------------------------------
let speech = /** @type {any} */ (null); // what is being read: { pieces, at, button, words, resting }
let turn = 0; // an end of speech that was called off belongs to an old turn

function voice() {
  const chinese = synth.getVoices().filter((one) => /^(zh|cmn)/i.test(one.lang) && (one.localService || navigator.onLine));
  const weigh = (one) => (one.localService ? 2 : 0) + (/cn|hans/i.test(one.lang) ? 1 : 0);
  return chinese.sort((a, b) => weigh(b) - weigh(a))[0] || null;
}

function plain(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll("rt, rp").forEach((small) => small.remove());
  return copy.textContent;
}

/** Sentences, as short as phones need them, with hard names written as they should sound. */
export function piecesOf(lines, readings) {
  const terms = Object.keys(readings).sort((a, b) => b.length - a.length);
  const pieces = [];
  lines.forEach((line) => {
    const told = terms.reduce((text, term) => text.split(term).join(readings[term]), line);
    (told.match(/[^。！？；\n]+[。！？；\n]*/g) || []).forEach((sentence) => {
      let left = sentence.trim();
      while (left.length > LONGEST) {
        const size = left.lastIndexOf("，", LONGEST - 1) + 1 || LONGEST;
        pieces.push(left.slice(0, size));
        left = left.slice(size);
      }
      if (left) pieces.push(left);
    });
  });
  return pieces;
}

// Running text, and what its template marks: timelines, tables, places, what stands beside the text.
const SPOKEN = "h2, .text-body, blockquote p, [data-voice]";

function linesOf(parts) {
  const found = [];
  parts.forEach((part) => part.querySelectorAll(SPOKEN).forEach((place) => found.push(plain(place))));
  return found;
}

function hush() {
  turn += 1;
  synth.cancel();
  if (speech) fill(speech.button, speech.words);
  speech = null;
  paintStop();
}

function rest() {
  turn += 1; // pausing is broken on many phones: call off, and begin this sentence again later
  synth.cancel();
  speech.resting = true;
  fill(speech.button, "接着读");
}

function speak() {
  const mine = turn;
  const chosen = voice();
  if (!chosen || speech.at >= speech.pieces.length) return hush();
  const said = new SpeechSynthesisUtterance(speech.pieces[speech.at]);
  said.voice = chosen;
  said.lang = chosen.lang;
  said.rate = rate();
  said.onend = () => {
    if (mine !== turn) return;
    speech.at += 1;
    speak();
  };
  said.onerror = () => { if (mine === turn) rest(); };
  speech.said = said; // Chrome forgets to call back what nobody holds
  synth.speak(said);
  return undefined;
}

function press(button, words, parts, readings) {
  if (speech && speech.button === button) {
    if (!speech.resting) return rest();
    speech.resting = false;
  } else {
    hush();
    media.forEach((one) => one.pause());
    speech = { pieces: piecesOf(linesOf(parts), readings), at: 0, button, words, resting: false };
  }
  fill(button, "停一下");
  paintStop();
  return speak();
}

function paintStop() {
  const bar = element("voice");
  if (bar) bar.hidden = !speech;
}

function readButton(words, parts, readings) {
  const button = makeButton(words, () => press(button, words, parts, readings), { "data-read": "" });
  return button;
}

/** Beside the head where a recording does not stand there: text that is being read must not move down. */
function placeWhole(whole) {
  const place = element("listen");
  if (!place) element("settings").after(whole); // a lesson kept before there was such a place
  else if (place.firstChild) element("toc").append(whole);
  else place.append(whole);
}

function offerVoice(readings) {
  const parts = Array.from(document.querySelectorAll(".part"));
  const about = make("p", { class: "small soft" }, "手机自带语音，可能读错字。" + (media.length ? "这一课有录音，先听录音更准。" : ""));
  const bar = make("div", { class: "voice", id: "voice", role: "group", "aria-label": "朗读", hidden: "" }, make("div", { class: "row" }, slowButton(), makeButton("不读了", hush)), about);
  const whole = readButton("朗读全课", parts, readings);
  placeWhole(whole);
  /** @type {any} */ (document.querySelector(".lesson")).before(bar);
  const offers = [whole].concat(parts.map((part, n) => {
    const row = make("div", { class: "voice row" }, readButton("朗读本节", [part], readings));
    // Voices come late: what stands above the first sentence would push it down.
    /** @type {any} */ (part.querySelector(n ? "h2" : ".text-body")).after(row);
    return row;
  }));
  const paint = () => {
    const able = Boolean(voice());
    offers.forEach((one) => { one.hidden = !able; });
    if (!able && speech) hush();
  };
  synth.onvoiceschanged = paint;
  ["online", "offline"].forEach((name) => window.addEventListener(name, paint));
  document.addEventListener("visibilitychange", () => { if (document.hidden && speech && !speech.resting) rest(); });
  window.addEventListener("pagehide", () => synth.cancel());
  paint();
}

/** ``readings`` says how a voice should read hard names. */
export function listen(readings) {
  media.forEach(rememberPlace);
  if (synth && "SpeechSynthesisUtterance" in window) offerVoice(readings);
  applyRate();
}
