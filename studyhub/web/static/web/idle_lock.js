// A shared phone left lying: after half an hour without a touch the page is taken away.

import { routes } from "./routes.js";
import { isShared, windowNotes } from "./storage.js";

const IDLE = 30 * 60 * 1000; // as the server counts (people/sessions.py)
const CHECK_EVERY = 30000;
let touched = Date.now();

function lockIfIdle() {
  if (!isShared() || Date.now() - touched < IDLE) return;
  touched = Date.now();
  windowNotes.clear();
  document.body.hidden = true;
  // That page ends the session before it shows itself: nothing of the reader can come between.
  location.replace(routes.login + "?locked=1&next=" + encodeURIComponent(location.pathname));
}

if (isShared()) {
  const touch = () => { lockIfIdle(); touched = Date.now(); }; // a phone that slept is locked before this counts
  setInterval(lockIfIdle, CHECK_EVERY);
  ["visibilitychange", "pageshow", "pointerdown", "keydown", "scroll"].forEach((name) => {
    window.addEventListener(name, touch, { capture: true, passive: true });
  });
}
