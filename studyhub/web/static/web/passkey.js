// 安全密钥: what a browser signs instead of a code. Where it cannot, the forms are what they were.

import { element, fill, patience } from "./base.js";

const place = element("passkey");
const AGAIN = "再试一次，或者填动态码、备用码。";
const REFUSED = {
  InvalidStateError: "这把安全密钥已经加过了，请换一把。",
  NotAllowedError: "没有用上：取消了，或者等得太久。请再按一次。",
  SecurityError: "这个网址用不了安全密钥，请从网站的正式网址打开。",
};

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const plain = Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** What the server says a key is to be asked, in the browser's own form. */
function readable(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  [options.allowCredentials, options.excludeCredentials].forEach((keys) => {
    (keys || []).forEach((key) => { key.id = bytes(key.id); });
  });
  return options;
}

/** What a key answered, as JSON. */
function sendable(key) {
  const response = {};
  ["clientDataJSON", "attestationObject", "authenticatorData", "signature"].forEach((name) => {
    if (key.response[name]) response[name] = text(key.response[name]);
  });
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
}

async function options(form) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("for", place.dataset.for);
  const answer = await fetch(place.dataset.options, { method: "POST", body, credentials: "same-origin", signal: patience() });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(), { words: told.detail });
  return { publicKey: readable(told) };
}

/** The form goes as it is, or waits for the button that says what is to be done. */
function goOn(form, answer) {
  form.elements.passkey.value = answer;
  if (place.dataset.then === "send") { form.submit(); return; }
  const code = form.elements.code;
  code.required = false;
  code.closest(".field").hidden = true;
  say("✓ 安全密钥验过了。请填好密码，再按要做的那一项。");
}

function say(words) {
  fill(element("passkey-said"), words);
}

async function press(form, button) {
  if (place.dataset.for === "new" && !form.reportValidity()) return;
  button.disabled = true;
  say("请按浏览器的提示，按一下钥匙，或者解锁。");
  try {
    const wanted = await options(form);
    const keys = navigator.credentials;
    goOn(form, sendable(await (place.dataset.for === "new" ? keys.create(wanted) : keys.get(wanted))));
  } catch (problem) {
    say(problem.words || REFUSED[problem.name] || "安全密钥没有应答。请" + AGAIN);
    button.disabled = false;
  }
}

if (place && window.PublicKeyCredential) {
  const button = place.querySelector("button");
  const none = element("passkey-none");
  if (none) none.hidden = true;
  place.hidden = false;
  button.addEventListener("click", () => press(place.closest("form"), button));
}
