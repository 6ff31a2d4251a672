// 继续读: where a reader stopped in a lesson, kept on this phone and for this reader alone. No time is
// kept with it, and nothing of it is sent.

import { element, isShared, phoneNotes, windowNotes } from "./base.js";

const SETTLED = 400; // milliseconds without scrolling
const WHAT_STANDS = "h2, p, li, figure, blockquote, table, dd";
let told = /** @type {any} */ (null); // the lesson on the screen, and the note of its reader

const notes = () => (isShared() ? windowNotes : phoneNotes);

/** The paragraphs of a section, by number. */
const placesIn = (part) => Array.from(part.querySelectorAll(WHAT_STANDS));

/** The section and the paragraph at the top of the screen; null before the text, "" behind its end. */
function placeNow() {
  const parts = Array.from(document.querySelectorAll(".part"));
  const part = parts.find((one) => one.getBoundingClientRect().bottom > 0);
  if (!part) return "";
  const at = placesIn(part).findIndex((one) => one.getBoundingClientRect().bottom > 0);
  return part === parts[0] && at < 2 ? null : part.id.slice(2) + "." + Math.max(at, 0);
}

function keep() {
  const place = told && placeNow();
  if (place !== null && told) notes().set(told.name, place || null);
}

/** The paragraph that the note names; its section where the text is another since. */
function find(note) {
  const [section, at] = (note || "").split(".");
  const part = section && element("s-" + section);
  return part ? [part, placesIn(part)[Number(at)] || part] : [null, null];
}

function offer() {
  const link = element("resume");
  const [part, place] = find(notes().get(told.name));
  if (!link || !place) return;
  link.href = "#" + part.id;
  link.setAttribute("aria-label", "继续读：上次停在“" + part.querySelector("h2").textContent + "”");
  link.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  });
}

let timer = 0;

/** From now on for this lesson and this reader. */
export function resume(lesson, accountId) {
  clearTimeout(timer); // what was scrolled before was another lesson
  const first = !told;
  told = { name: "stop:" + accountId + "/" + lesson };
  offer();
  if (!first) return;
  window.addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, SETTLED);
  }, { passive: true });
}
