// Who is reading. Pages come the same for everybody; what is personal is painted by this.

import { ask } from "./api.js";
import { phone, setPhone } from "./database.js";
import { element, fill, make } from "./dom.js";
import { routes } from "./routes.js";
import { cookie, isShared, phoneNotes, windowNotes } from "./storage.js";

const PATIENCE = 3000;
// What a page shows of its reader comes with the answer to who reads.
const PARTS = { progress: "[data-lesson], #lesson-data", plan: "#next-lesson", corrections: "#next-lesson, #lesson-data" };
const LEADING = ["leader", "liaison", "orgadmin"];

/** On a shared phone nothing outlives the window; elsewhere the account is known without a network. */
function recall() {
  if (!isShared()) return phone("account");
  return JSON.parse(windowNotes.get("account") || "null");
}

function remember(account) {
  if (!isShared()) return setPhone("account", account);
  windowNotes.set("account", JSON.stringify(account));
  return setPhone("account", null);
}

function accountOf(me, token) {
  return {
    account_id: me.account_id,
    epoch: me.epoch,
    mark: me.ticket_mark,
    member: Boolean(me.member),
    roles: me.roles,
    leads: me.roles.some((role) => LEADING.includes(role)),
    token,
  };
}

// Whoever signed in has this cookie, signing in changes it and signing out takes it away.
const tokenNow = () => cookie("csrftoken");

async function askWho() {
  // Nobody else spends data on asking.
  const token = tokenNow();
  if (!token || token === phoneNotes.get("nobody") || document.body.hasAttribute("data-signed-out")) return null;
  /** @type {Response | null} */
  let answer = null;
  try {
    answer = await ask(routes.now + "?parts=" + Object.keys(PARTS).filter((name) => document.querySelector(PARTS[name])));
    // The version before, in the middle of an upgrade: what it told earlier lies on the phone.
    if (answer.status === 404) answer = await ask(routes.me);
  } catch (e) { /* no network */ }
  if (answer && answer.status === 401) {
    phoneNotes.set("nobody", token);
    remember(null);
    return null;
  }
  if (answer && answer.ok) {
    try {
      const told = await answer.json();
      const account = accountOf(told, token);
      remember(account); // not waited for: reading must not hang on the storage
      return Object.assign({ signedIn: true, told }, account);
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

/** Resolves to the account that reads, or null. Asked once a page.
 *  @type {Promise<Account | null>} */
export const who = paintWho();

// Whose page this is --------------------------------------------------------------------------------
/** Whether `account`, which opened this page, is still who reads; without the cookie it had, it is asked. */
export async function stillReads(account) {
  if (!account.token || account.token === tokenNow()) return true;
  const now = await askWho();
  if (!now || now.account_id !== account.account_id) return false;
  Object.assign(account, now); // signed in once more
  return true;
}

/** Nothing of who read here stays to be seen. */
function handOver(lost) {
  const again = make("button", { type: "button" }, "重新打开这一页");
  again.addEventListener("click", () => location.reload());
  const words = make("p", { role: "alert" }, lost ? "✕ 没有记下：" : "", "这一页打开以后，这部手机换了人登录。");
  fill(document.body, make("main", { class: "wrap" }, words, again));
  document.body.hidden = false;
}

/** Before anything is stored for `account`: throws, and says so, where somebody else has the phone now. */
export async function mustRead(account) {
  if (await stillReads(account)) return;
  handOver(true);
  throw new Error("somebody else reads");
}

/** The page is seen again: from the browser's memory, from behind another page, beside one. */
async function lookAgain() {
  const account = await who;
  if (!account || account.token === tokenNow()) return;
  document.body.hidden = true;
  // A network that says nothing must not leave an empty page.
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  if (await Promise.race([stillReads(account), late])) { document.body.hidden = false; return; }
  handOver(false);
  if (navigator.onLine !== false) location.reload();
}

["pageshow", "focus"].forEach((name) => window.addEventListener(name, lookAgain));
document.addEventListener("visibilitychange", lookAgain);
