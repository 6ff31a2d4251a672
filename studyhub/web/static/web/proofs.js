// 校对 in the editor: jumps to a block, puts words right, dismisses a find, looks again after the draft was saved.

const PAUSE = 1500; // ms after an automatic save: it comes with every few words

/**
 * The place of a find in the open form: a way to read its words and one to replace some of them.
 * @param {string} unit
 * @param {string} field
 * @returns {{ text: string, replace: (start: number, end: number, instead: string) => void } | null}
 */
function placeOf(unit, field) {
  if (!unit) return plainPlace(document.getElementById("id_" + field));
  const root = /** @type {any} */ (document.getElementById("body-root"));
  const child = root && root.rootBlock && root.rootBlock.children.find((/** @type {any} */ one) => one.id === unit);
  let block = child && child.block;
  field.split("/").forEach((/** @type {string} */ part) => {
    if (block && block.childBlocks) block = block.childBlocks[part];
    else if (block && block.children) block = block.children[Number(part)] && block.children[Number(part)].block;
    else block = null;
  });
  if (!block || !block.widget) return null;
  const state = block.widget.getState();
  if (state && state.getCurrentContent) return richPlace(block.widget, state);
  const input = block.element && (block.element.matches && block.element.matches("input, textarea")
    ? block.element : block.element.querySelector("input, textarea"));
  return plainPlace(input || block.widget.input);
}

/** @param {any} input */
function plainPlace(input) {
  if (!input || typeof input.value !== "string") return null;
  return {
    text: input.value,
    replace: (/** @type {number} */ start, /** @type {number} */ end, /** @type {string} */ instead) => {
      input.value = input.value.slice(0, start) + instead + input.value.slice(end);
      ["input", "change"].forEach((name) => { input.dispatchEvent(new Event(name, { bubbles: true })); });
    },
  };
}

/**
 * @param {any} widget
 * @param {any} state of Draft.js, whose own undo knows the change as well
 */
function richPlace(widget, state) {
  const { EditorState, Modifier, SelectionState } = /** @type {any} */ (window).DraftJS;
  const content = state.getCurrentContent();
  return {
    text: content.getPlainText("\n"),
    replace: (/** @type {number} */ start, /** @type {number} */ end, /** @type {string} */ instead) => {
      let first = 0;
      content.getBlocksAsArray().forEach((/** @type {any} */ block) => {
        const from = start - first;
        const to = end - first;
        if (from >= 0 && to <= block.getLength() && from < block.getLength()) {
          const range = SelectionState.createEmpty(block.getKey()).merge({ anchorOffset: from, focusOffset: to });
          const style = block.getInlineStyleAt(from);
          const changed = Modifier.replaceText(content, range, instead, style, block.getEntityAt(from));
          widget.setState(EditorState.push(state, changed, "insert-characters"));
        }
        first += block.getLength() + 1;
      });
    },
  };
}

/**
 * Where the words stand now: at their place, or where they are the only ones. -1 where they are gone.
 * @param {string} text
 * @param {string} words
 * @param {number} offset in characters, as the server counts
 */
function foundAt(text, words, offset) {
  const there = Array.from(text).slice(0, offset).join("").length;
  if (text.startsWith(words, there)) return there;
  const first = text.indexOf(words);
  return first === text.lastIndexOf(words) ? first : -1;
}

/** @param {HTMLElement} panel */
function begin(panel) {
  const list = /** @type {HTMLElement} */ (panel.querySelector("[data-proofs-list]"));
  const said = /** @type {HTMLElement} */ (panel.querySelector("[data-proofs-said]"));
  const again = /** @type {HTMLButtonElement} */ (panel.querySelector("[data-proofs-again]"));
  let waiting = 0;

  const ready = () => {
    list.querySelectorAll("[data-proof-dismiss], [data-proof-fix]").forEach((button) => { /** @type {HTMLElement} */ (button).hidden = false; });
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

  /**
   * Puts the words right in the open form; the same button takes it back.
   * @param {HTMLElement} button
   */
  const fix = (button) => {
    const { unit, field, offset, words, instead } = button.dataset;
    const place = placeOf(unit || "", field || "");
    const start = place && words ? foundAt(place.text, words, Number(offset)) : -1;
    if (!place || !words || start < 0) {
      said.textContent = "这一处已经变了，没有改动。请存下草稿，再查一次。";
      return;
    }
    place.replace(start, start + words.length, instead || "");
    button.dataset.words = instead || "";
    button.dataset.instead = words;
    button.textContent = button.textContent === "改" ? "撤销" : "改";
    said.textContent = "“" + words + "”改成了“" + instead + "”。存下草稿才算数。";
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
    const fixing = /** @type {HTMLElement | null} */ (target.closest("[data-proof-fix]"));
    if (fixing) {
      fix(fixing);
    } else if (link) {
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
