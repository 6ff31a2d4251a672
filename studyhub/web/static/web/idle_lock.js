// A shared phone left lying: after half an hour without a touch the page is taken away.

import { routes } from "./routes.js";
import { isShared, windowNotes } from "./storage.js";

const IDLE = 30 * 60 * 1000; // as the server counts (people/sessions.py)
const CHECK_EVERY = 30000;
let touched = Date.now();
let ticked = performance.now(); // goes on though the clock is set, but stands while some phones sleep

function noteTouch() {
  touched = Date.now();
  ticked = performance.now();
}

function lockIfIdle() {
  if (!isShared() || (Math.abs(Date.now() - touched) < IDLE && performance.now() - ticked < IDLE)) return;
  noteTouch();
  windowNotes.clear();
  document.body.hidden = true;
  // That page ends the session before it shows itself: nothing of the reader can come between.
  location.replace(routes.login + "?locked=1&next=" + encodeURIComponent(location.pathname));
}

if (isShared()) {
  const touch = () => { lockIfIdle(); noteTouch(); }; // a phone that slept is locked before this counts
  setInterval(lockIfIdle, CHECK_EVERY);
  ["visibilitychange", "pageshow", "pointerdown", "keydown", "scroll"].forEach((name) => {
    window.addEventListener(name, touch, { capture: true, passive: true });
  });
}
