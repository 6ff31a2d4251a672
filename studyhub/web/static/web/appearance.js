// How one likes to read: text size, ground, elder view, data saver. One cookie, `look`; the script in the
// head applied it before anything was painted, web/appearance.py reads the same. Here it is changed, at once.

import { cookie, element, fill, make, makeButton, routes } from "./base.js";

const root = document.documentElement;
const CHOICES = {
  size: ["", "22", "26", "30"],
  theme: ["", "light", "dark"],
  elder: ["", "1"],
  saver: ["", "1"],
  mongolian: ["", "1"],
};
const NAMES = Object.keys(CHOICES);
const SIZES = [["", "小"], ["22", "中"], ["26", "大"], ["30", "特大"]];

function read() {
  const chosen = {};
  cookie("look").split("_").forEach((part) => {
    const [name, value] = part.split(".");
    if (name in CHOICES && CHOICES[name].indexOf(value) > 0) chosen[name] = value;
  });
  return chosen;
}

function write(chosen) {
  const value = NAMES.filter((name) => chosen[name]).map((name) => name + "." + chosen[name]).join("_");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = "look=" + value + "; Path=/; Max-Age=31536000; SameSite=Lax" + secure;
}

// Elder view is never below 22 px.
function shown(name) {
  const chosen = read();
  return chosen[name] || (name === "size" && chosen.elder ? "22" : "");
}

/** Remember one choice, show it at once, and tell whoever shows the choices. */
function choose(name, value) {
  const chosen = read();
  chosen[name] = value;
  write(chosen);
  if (value) root.setAttribute("data-" + name, value);
  else root.removeAttribute("data-" + name);
  document.dispatchEvent(new Event("appearance"));
}

// 字号, while one reads --------------------------------------------------------------------------
function pressable(words, isOn, press, extra) {
  const button = makeButton(words, press, { class: "quiet" + (extra ? " extra" : "") });
  const mark = () => button.setAttribute("aria-pressed", String(isOn()));
  document.addEventListener("appearance", mark);
  mark();
  return button;
}

const toggle = (name) => () => choose(name, read()[name] ? "" : "1");

/** A link that works as a button while scripts run. */
function pressedLink(link, press) {
  link.setAttribute("role", "button");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    press();
  });
  link.addEventListener("keydown", (/** @type {any} */ event) => {
    if (event.key === " ") {
      event.preventDefault();
      press();
    }
  });
}

function makePanel() {
  const sizes = make("div", { class: "row", role: "group", "aria-label": "字号" });
  SIZES.forEach(([value, words]) => {
    sizes.append(pressable(words, () => shown("size") === value, () => choose("size", value), !value));
  });
  const more = make("div", { class: "row" }, pressable("长辈版", () => !!read().elder, toggle("elder")), make("a", { class: "button quiet", href: routes.settings }, "更多设置"));
  return make("div", { class: "settings", id: "sizes", role: "region", "aria-label": "字号和阅读设置", hidden: "" }, sizes, more);
}

const opener = element("type-size");
if (opener) {
  const panel = makePanel();
  const open = (wanted) => {
    panel.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
  };
  opener.setAttribute("aria-controls", panel.id);
  opener.parentNode.append(panel);
  open(false);
  pressedLink(opener, () => open(panel.hidden));
  document.addEventListener("keydown", (/** @type {any} */ event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    open(false);
    opener.focus();
  });
  // Whoever goes on reading has chosen.
  document.addEventListener("click", (/** @type {any} */ event) => {
    if (!event.target.closest(".type-size")) open(false);
  });
}

// Beside the text there is room for what a lesson holds.
if (element("toc") && matchMedia("(min-width: 62rem)").matches) element("toc").open = true;

// The switch at the top of every page -------------------------------------------------------------
document.querySelectorAll("a.eyes").forEach((link) => pressedLink(link, toggle("elder")));

// The settings page -------------------------------------------------------------------------------
const form = element("appearance-form");
if (form) {
  const show = () => NAMES.forEach((name) => {
    Array.from(form.elements).filter((field) => field.name === name).forEach((field) => {
      field.checked = field.value === shown(name);
    });
  });
  form.addEventListener("change", (/** @type {any} */ event) => choose(event.target.name, event.target.value));
  document.addEventListener("appearance", show);
  show();
}

// Mongolian beside the Chinese: the links lead there without scripts, too; here the choice is kept --------
document.addEventListener("click", (/** @type {any} */ event) => {
  const link = event.target.closest("[data-script]");
  if (link) choose("mongolian", link.dataset.script);
});

// Where a browser does not join its letters, or has no font for them, a word is as long as they are one by
// one, and pictures of the words take their place. Asked once it is shown: then its font is there.
const WORD = "\u182e\u1823\u1829\u182d\u1823\u182f";

function joins() {
  const pen = /** @type {any} */ (document.createElement("canvas").getContext("2d"));
  pen.font = "40px Mongolian,'Noto Sans Mongolian','Mongolian Baiti'";
  const apart = Array.from(WORD).reduce((sum, one) => sum + pen.measureText(one).width, 0);
  return Math.abs(apart - pen.measureText(WORD).width) > 9 && CSS.supports("writing-mode", "vertical-lr");
}

function draw(place) {
  const words = Array.from(place.childNodes);
  const pictures = place.dataset.drawn.trim().split(" ").map((src, number) => make("img", { src, alt: number ? "" : words.map((one) => one.textContent).join("\n") }));
  pictures.forEach((one) => one.addEventListener("error", () => fill(place, ...words)));
  fill(place, ...pictures);
}

async function lookAtMongolian() {
  const places = /** @type {any} */ (document.querySelectorAll("[data-drawn]"));
  if (!places.length || !places[0].offsetParent) return;
  document.removeEventListener("appearance", lookAtMongolian);
  if (document.fonts) await document.fonts.load("40px Mongolian", WORD).catch(() => {});
  if (!joins()) places.forEach(draw);
}

document.addEventListener("appearance", lookAtMongolian);
lookAtMongolian();

// Pictures only when asked for --------------------------------------------------------------------
document.addEventListener("click", (/** @type {any} */ event) => {
  const link = event.target.closest(".saved-picture");
  if (!link) return;
  event.preventDefault();
  const figure = link.closest(".picture");
  figure.classList.add("shown");
  const picture = figure.querySelector("img");
  picture.setAttribute("tabindex", "-1");
  picture.focus();
});
