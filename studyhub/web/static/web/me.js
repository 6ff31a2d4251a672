// Who is reading. Pages come the same for everybody; this paints the rest.

import { phone, setPhone } from "./store.js";

// Storage may be forbidden (private windows, full phones): reading must go on without it.
function storage(name) {
  return {
    get(key) {
      try { return window[name].getItem("studyhub:" + key); } catch (e) { return null; }
    },
    set(key, value) {
      try {
        if (value === null) window[name].removeItem("studyhub:" + key);
        else window[name].setItem("studyhub:" + key, value);
        return true;
      } catch (e) { return false; }
    },
    clear() {
      try { window[name].clear(); } catch (e) { /* nothing was kept */ }
    },
  };
}

export const memory = storage("localStorage");
/** Ends with the window: what a shared phone may know of its reader. */
export const brief = storage("sessionStorage");

export function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.indexOf(name + "=") === 0);
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** A JSON answer of the API, or null: signed out, no network, anything else that is not an answer. */
export async function get(path, onSignedOut) {
  try {
    const answer = await fetch("/api/v1/" + path, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (answer.status === 401 && onSignedOut) onSignedOut();
    return answer.ok ? await answer.json() : null;
  } catch (e) { return null; }
}

/** Every item of a list, page after page. */
export async function getAll(path) {
  const items = [];
  let next = "";
  do {
    const page = await get(path + "?limit=100" + (next ? "&cursor=" + encodeURIComponent(next) : ""));
    if (!page) return items;
    items.push.apply(items, page.items);
    next = page.next;
  } while (next);
  return items;
}

export const element = (id) => document.getElementById(id);

/** An element with text and children; never HTML. */
export function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  Object.keys(attributes || {}).forEach((name) => made.setAttribute(name, attributes[name]));
  children.forEach((child) => made.append(child));
  return made;
}

export function makeButton(words, press, more) {
  const made = make("button", Object.assign({ type: "button", class: "quiet" }, more), words);
  made.addEventListener("click", press);
  return made;
}

export function fill(place, ...children) {
  place.textContent = "";
  children.forEach((child) => place.append(child));
}

/** 10:32, or 11月25日 10:32 for another day than today. */
export function clockWords(moment) {
  const then = new Date(moment);
  const time = String(then.getHours()).padStart(2, "0") + ":" + String(then.getMinutes()).padStart(2, "0");
  if (then.toDateString() === new Date().toDateString()) return time;
  return then.getMonth() + 1 + "月" + then.getDate() + "日 " + time;
}

export function sizeWords(bytes) {
  if (bytes >= 1000000000) return (bytes / 1000000000).toFixed(1) + " GB";
  return bytes >= 1000000 ? (bytes / 1000000).toFixed(1) + " MB" : Math.ceil(bytes / 1000) + " KB";
}

export function stateWords(status, percent) {
  if (status === "finished") return "✓ 学完";
  if (status === "in_progress") return "◐ 在学" + (percent ? "，读了 " + percent + "%" : "");
  return "○ 还没学";
}

export function paintState(place, status, percent) {
  place.className = "state " + status;
  place.textContent = stateWords(status, percent);
}

// The account -----------------------------------------------------------------------------------
/** On a shared phone nothing outlives the window; elsewhere the account is known without a network. */
function recall() {
  if (!cookie("shared")) return phone("account");
  return JSON.parse(brief.get("account"));
}

function remember(account) {
  if (!cookie("shared")) return setPhone("account", account);
  brief.set("account", JSON.stringify(account));
  return setPhone("account", null);
}

async function askWho() {
  // Whoever signed in has this cookie, and signing in changes it: nobody else spends data on asking.
  const token = cookie("csrftoken");
  if (!token || token === memory.get("nobody") || document.body.hasAttribute("data-signed-out")) return null;
  let answer = null;
  try {
    answer = await fetch("/api/v1/me", { credentials: "same-origin", headers: { Accept: "application/json" } });
  } catch (e) { /* no network */ }
  if (answer && answer.status === 401) {
    memory.set("nobody", token);
    remember(null);
    return null;
  }
  if (answer && answer.ok) {
    try {
      const told = await answer.json();
      const account = {
        account_id: told.account_id,
        epoch: told.epoch,
        mark: told.ticket_mark,
        member: Boolean(told.member),
        roles: told.roles,
        leads: told.roles.some((role) => ["leader", "liaison", "orgadmin"].indexOf(role) >= 0),
        token,
      };
      remember(account); // not waited for: reading must not hang on the storage
      return Object.assign({ signedIn: true }, account);
    } catch (e) { /* a portal's page */ }
  }
  const known = await recall();
  return known && known.token === token ? Object.assign({ signedIn: true, offline: true }, known) : null;
}

async function paintWho() {
  const account = await askWho();
  if (account && account.leads) element("lead-place").hidden = false;
  return account;
}

/** Resolves to { account_id, epoch, member, leads, signedIn, offline? }, or null. Asked once a page. */
export const who = paintWho();

// A shared phone left lying ---------------------------------------------------------------------
const IDLE = 30 * 60 * 1000; // as the server counts (people/signin.py)
let touched = Date.now();

function lockIfIdle() {
  if (!cookie("shared") || Date.now() - touched < IDLE) return;
  touched = Date.now();
  brief.clear();
  document.body.hidden = true;
  // That page ends the session before it shows itself: nothing of the reader can come between.
  location.replace("/login/?locked=1&next=" + encodeURIComponent(location.pathname));
}

if (cookie("shared")) {
  const touch = () => { lockIfIdle(); touched = Date.now(); }; // a phone that slept is locked before this counts
  setInterval(lockIfIdle, 30000);
  ["visibilitychange", "pageshow", "pointerdown", "keydown", "scroll"].forEach((name) => {
    window.addEventListener(name, touch, { capture: true, passive: true });
  });
}
