// What stands on a page: finding, making and filling its elements, and the words for what they show.

/** The element of that id; a page asks only for what its template holds.
 *  @returns {any} */
export const element = (id) => document.getElementById(id);

/** An element with text and children; never HTML. */
export function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  Object.keys(attributes || {}).forEach((name) => made.setAttribute(name, attributes[name]));
  children.forEach((child) => made.append(child));
  return made;
}

/** A quiet button that does `press`; `more` are further attributes. */
export function makeButton(words, press, more) {
  const made = make("button", Object.assign({ type: "button", class: "quiet" }, more), words);
  made.addEventListener("click", press);
  return made;
}

/** These children, and nothing else, in `place`. */
export function fill(place, ...children) {
  place.textContent = "";
  children.forEach((child) => place.append(child));
}

/** What a reader did is kept, or `place` says that it was not; resolves to whether it is. */
export async function orSay(place, work) {
  try { await work(place); return true; } catch (e) {
    fill(place, make("p", { role: "alert" }, "✕ 没有记下：" + (e.words || "手机的存储出了问题。请关掉这一页再打开，再做一次。")));
    place.hidden = false;
    return false;
  }
}

/** 10:32, or 11月25日 10:32 for another day than today. */
export function clockWords(moment) {
  const then = new Date(moment);
  const time = String(then.getHours()).padStart(2, "0") + ":" + String(then.getMinutes()).padStart(2, "0");
  if (then.toDateString() === new Date().toDateString()) return time;
  return then.getMonth() + 1 + "月" + then.getDate() + "日 " + time;
}

/** 12 KB, 3.4 MB or 1.2 GB. */
export function sizeWords(bytes) {
  if (bytes >= 1000000000) return (bytes / 1000000000).toFixed(1) + " GB";
  return bytes >= 1000000 ? (bytes / 1000000).toFixed(1) + " MB" : Math.ceil(bytes / 1000) + " KB";
}

function stateWords(status, percent) {
  if (status === "finished") return "✓ 学完";
  if (status === "in_progress") return "◐ 在学" + (percent ? "，读了 " + percent + "%" : "");
  return "○ 还没学";
}

/** How far a lesson has come, in words and in the class its colour hangs on. */
export function paintState(place, status, percent) {
  place.className = "state " + status;
  place.textContent = stateWords(status, percent);
}
