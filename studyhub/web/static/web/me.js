// Who is reading. Pages come the same for everybody; this paints the rest.

// localStorage may be forbidden (private windows, full phones): reading must go on without it.
export const memory = {
  get(name) {
    try { return localStorage.getItem("studyhub:" + name); } catch (e) { return null; }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem("studyhub:" + name);
      else localStorage.setItem("studyhub:" + name, value);
      return true;
    } catch (e) { return false; }
  },
};

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

/** An element with text and children; never HTML. */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.keys(attributes || {}).forEach((name) => element.setAttribute(name, attributes[name]));
  children.forEach((child) => element.append(child));
  return element;
}

export function fill(element, ...children) {
  element.textContent = "";
  children.forEach((child) => element.append(child));
}

export function stateWords(status, percent) {
  if (status === "finished") return "✓ 学完";
  if (status === "in_progress") return "◐ 在学" + (percent ? "，读了 " + percent + "%" : "");
  return "○ 还没学";
}

export function paintState(element, status, percent) {
  element.className = "state " + status;
  element.textContent = stateWords(status, percent);
}

// The account -----------------------------------------------------------------------------------
async function askWho() {
  // Whoever signed in has this cookie, and signing in changes it: nobody else spends data on asking.
  const token = cookie("csrftoken");
  if (!token || token === memory.get("nobody") || document.body.hasAttribute("data-signed-out")) return null;
  const account = await get("me", () => memory.set("nobody", token));
  if (account && account.roles.some((role) => ["leader", "liaison", "orgadmin"].indexOf(role) >= 0)) {
    document.getElementById("lead-place").hidden = false;
  }
  return account;
}

/** Resolves to the signed-in account, or null. Asked once per page. */
export const who = askWho();
