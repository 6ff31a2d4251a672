// A scanned receipt stands behind the # of the address, so that no server ever logs it. This carries
// it, also through a sign-in, to the page that takes it; and keeps what was typed there meanwhile.

import { brief, element, fill, make, who } from "./me.js";

const NAME = "receipt";
const LEADING = ["leader", "liaison"];

const form = element("receipt-form");
const scanned = location.hash.slice(1);
if (scanned) {
  brief.set(NAME, scanned);
  history.replaceState(null, "", location.pathname);
}

function inGroups(text) {
  return (text.match(/.{1,5}/g) || []).join(" ");
}

async function carryOn() {
  const place = element("carried");
  fill(place, brief.get(NAME) ? "✓ 凭条读到了。请点下面的按钮。" : "没有读到凭条，请再扫一次码。");
  place.hidden = false;
  const account = await who;
  if (!account || !brief.get(NAME)) return;
  const leads = account.roles.some((role) => LEADING.indexOf(role) >= 0);
  location.replace(leads ? "/lead/receipts/" : "/me/receipts/");
}

if (form) {
  const field = element("text");
  if (element("done") || element("problem")) brief.set(NAME, null); // it came through
  else if (!field.value && brief.get(NAME)) {
    field.value = inGroups(brief.get(NAME));
    field.after(make("p", { class: "soft" }, "凭条已经填好，请按“交上”。"));
  }
  form.addEventListener("submit", () => brief.set(NAME, field.value.replace(/\s+/g, "")));
} else {
  carryOn();
}
