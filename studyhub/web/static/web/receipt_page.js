// A scanned receipt stands behind the # of the address, so that no server ever logs it. This carries
// it, also through a sign-in, to the page that takes it; and keeps what was typed there meanwhile.

import { fill, make, who } from "./me.js";

const NAME = "studyhub:receipt";
const kept = {
  get() { try { return sessionStorage.getItem(NAME) || ""; } catch (e) { return ""; } },
  set(text) { try { sessionStorage.setItem(NAME, text); } catch (e) { /* it can be typed again */ } },
};
const LEADING = ["leader", "liaison"];

const form = document.getElementById("receipt-form");
const scanned = location.hash.slice(1);
if (scanned) {
  kept.set(scanned);
  history.replaceState(null, "", location.pathname);
}

function inGroups(text) {
  return (text.match(/.{1,5}/g) || []).join(" ");
}

async function carryOn() {
  const place = document.getElementById("carried");
  fill(place, kept.get() ? "✓ 凭条读到了。请点下面的按钮。" : "没有读到凭条，请再扫一次码。");
  place.hidden = false;
  const account = await who;
  if (!account || !kept.get()) return;
  const leads = account.roles.some((role) => LEADING.indexOf(role) >= 0);
  location.replace(leads ? "/lead/receipts/" : "/me/receipts/");
}

if (form) {
  const field = document.getElementById("text");
  if (document.getElementById("done") || document.getElementById("problem")) kept.set(""); // it came through
  else if (!field.value && kept.get()) {
    field.value = inGroups(kept.get());
    field.after(make("p", { class: "soft" }, "凭条已经填好，请按“交上”。"));
  }
  form.addEventListener("submit", () => kept.set(field.value.replace(/\s+/g, "")));
} else {
  carryOn();
}
