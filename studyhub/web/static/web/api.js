// Asking our own API, with the session of the reader.

import { routes } from "./routes.js";

const TIMEOUT = 20000; // 2G

/** For `fetch`: calls off what has not come by then, its body too. */
export function patience() {
  if (!window.AbortController) return undefined;
  const controller = new AbortController();
  setTimeout(() => controller.abort(), TIMEOUT);
  return controller.signal;
}

/** The answer itself; rejects without a network. */
export function ask(path) {
  return fetch(routes.api + path, { credentials: "same-origin", headers: { Accept: "application/json" }, signal: patience() });
}

/** A JSON answer, or null: signed out, no network, anything else that is not an answer. */
export async function get(path) {
  try {
    const answer = await ask(path);
    return answer.ok ? await answer.json() : null;
  } catch (e) { return null; }
}
