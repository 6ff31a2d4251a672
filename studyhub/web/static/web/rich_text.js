// What was typed or put right a moment ago goes with the form: the editor of rich text writes its field a
// quarter of a second late, and a form that is sent meanwhile would take the words from before.

const OF_THE_SCREEN = /^(COMMENT-|STYLE_RERENDER)/; // marks of comments are not text

/** @param {any} input the hidden field behind an editor */
function write(input) {
  const { serialiseEditorStateToRaw } = /** @type {any} */ (window).Draftail;
  const raw = serialiseEditorStateToRaw(input.draftailEditor.getEditorState());
  if (raw) {
    raw.blocks.forEach((/** @type {any} */ block) => {
      block.inlineStyleRanges = block.inlineStyleRanges.filter((/** @type {any} */ range) => !OF_THE_SCREEN.test(range.style));
    });
  }
  input.rawContentState = raw;
  input.value = JSON.stringify(raw);
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  form.querySelectorAll("input[type=hidden]").forEach((input) => {
    if (/** @type {any} */ (input).draftailEditor) write(input);
  });
}, true);
