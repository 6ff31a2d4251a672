// 校对 in the editor: jumps to a block, dismisses a find, looks again after the draft was saved.

const PAUSE = 1500; // ms after an automatic save: it comes with every few words

/** @param {HTMLElement} panel */
function begin(panel) {
  const list = /** @type {HTMLElement} */ (panel.querySelector("[data-proofs-list]"));
  const said = /** @type {HTMLElement} */ (panel.querySelector("[data-proofs-said]"));
  const again = /** @type {HTMLButtonElement} */ (panel.querySelector("[data-proofs-again]"));
  let waiting = 0;

  const ready = () => {
    list.querySelectorAll("[data-proof-dismiss]").forEach((button) => { /** @type {HTMLElement} */ (button).hidden = false; });
  };

  const refresh = async () => {
    try {
      const answer = await fetch(panel.dataset.proofs + "?part=list", { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      list.innerHTML = await answer.text();
      said.textContent = "";
      ready();
    } catch (error) {
      said.textContent = "没有查成：网络不通，或者登录过期了。写的不受影响，请稍后按“再查一次”。";
    }
  };

  /** @param {HTMLElement} button */
  const dismiss = async (button) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    const { rule, unit, words, sentenceHash } = button.dataset;
    const body = new URLSearchParams({ rule: rule || "", unit: unit || "", words: words || "", sentence_hash: sentenceHash || "" });
    const headers = { Accept: "application/json", "X-CSRFToken": /** @type {HTMLInputElement} */ (token).value };
    try {
      const answer = await fetch(panel.dataset.proofsDismiss || "", { method: "POST", body, headers, credentials: "same-origin" });
      const told = await answer.json();
      await refresh();
      said.textContent = told.said;
    } catch (error) {
      said.textContent = "没有忽略成：网络不通，或者登录过期了。请稍后再按一次。";
    }
  };

  /** @param {string} unit */
  const jump = (unit) => {
    const block = document.querySelector('[data-contentpath="' + CSS.escape(unit) + '"]');
    if (!block) {
      said.textContent = "这一块已经不在稿子里了。存下草稿以后会再查。";
      return;
    }
    block.scrollIntoView({ block: "start", behavior: "smooth" });
    const field = block.querySelector("input:not([type=hidden]), textarea, [contenteditable=true]");
    if (field) /** @type {HTMLElement} */ (field).focus({ preventScroll: true });
  };

  list.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const link = /** @type {HTMLElement | null} */ (target.closest("[data-proof-unit]"));
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-proof-dismiss]"));
    if (link) {
      event.preventDefault();
      jump(link.dataset.proofUnit || "");
    } else if (button) {
      dismiss(button);
    }
  });
  again.addEventListener("click", refresh);
  document.addEventListener("w-autosave:success", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(refresh, PAUSE);
  });
  again.hidden = false;
  ready();
}

document.querySelectorAll("[data-proofs]").forEach((panel) => begin(/** @type {HTMLElement} */ (panel)));
