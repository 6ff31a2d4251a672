// Who is reading. Pages come the same for everybody; what is personal is painted by this.

import { ask } from "./api.js";
import { phone, setPhone } from "./database.js";
import { element } from "./dom.js";
import { routes } from "./routes.js";
import { cookie, isShared, phoneNotes, windowNotes } from "./storage.js";

const LEADING = ["leader", "liaison", "orgadmin"];

/** On a shared phone nothing outlives the window; elsewhere the account is known without a network. */
function recall() {
  if (!isShared()) return phone("account");
  return JSON.parse(windowNotes.get("account"));
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

async function askWho() {
  // Whoever signed in has this cookie, and signing in changes it: nobody else spends data on asking.
  const token = cookie("csrftoken");
  if (!token || token === phoneNotes.get("nobody") || document.body.hasAttribute("data-signed-out")) return null;
  let answer = null;
  try { answer = await ask(routes.me); } catch (e) { /* no network */ }
  if (answer && answer.status === 401) {
    phoneNotes.set("nobody", token);
    remember(null);
    return null;
  }
  if (answer && answer.ok) {
    try {
      const account = accountOf(await answer.json(), token);
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

/** Resolves to the account that reads, or null. Asked once a page.
 *  @type {Promise<Account | null>} */
export const who = paintWho();
