// A scanned receipt stands behind the # of the address, so that no server ever logs it. This carries
// it, also through a sign-in, to the page that takes it; and keeps what was typed there meanwhile.

import { element, fill, make, routes, who, windowNotes } from "./base.js";

const NAME = "receipt";
const LEADING = ["leader", "liaison"];

const form = element("receipt-form");
const scanned = location.hash.slice(1);
if (scanned) {
  windowNotes.set(NAME, scanned);
  history.replaceState(null, "", location.pathname);
}

function inGroups(text) {
  return (text.match(/.{1,5}/g) || []).join(" ");
}

async function carryOn() {
  const place = element("carried");
  fill(place, windowNotes.get(NAME) ? "✓ 凭条读到了。请点下面的按钮。" : "没有读到凭条，请再扫一次码。");
  place.hidden = false;
  const account = await who;
  if (!account || !windowNotes.get(NAME)) return;
  const leads = (account.roles || []).some((role) => LEADING.includes(role));
  location.replace(leads ? routes.ledReceipts : routes.ownReceipts);
}

if (form) {
  const field = element("text");
  if (element("done") || element("problem")) windowNotes.set(NAME, null); // it came through
  else if (!field.value && windowNotes.get(NAME)) {
    field.value = inGroups(windowNotes.get(NAME));
    field.after(make("p", { class: "soft" }, "凭条已经填好，请按“交上”。"));
  }
  form.addEventListener("submit", () => windowNotes.set(NAME, field.value.replace(/\s+/g, "")));
} else {
  carryOn();
}
