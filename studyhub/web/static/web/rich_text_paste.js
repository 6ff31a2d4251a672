// 粘贴 into rich text: paragraphs of other editors stay apart, number badges go, pictures are told. Read as a plain
// script: Wagtail asks for its plugins before modules run.

{
  const MOST = 2 * 1024 * 1024; // characters; the editor's own way takes what is longer
  const BOXES = "section, div, article, header, footer, figure, figcaption, center";
  const BLOCKS = BOXES + ", p, ul, ol, li, table, thead, tbody, tr, td, th, blockquote, pre, h1, h2, h3, h4, h5, h6";
  const SILENT = "style, script, title, template, meta, link, xml";
  const BADGE = /^\d{1,2}$/;
  const OWN = "[data-draftjs-conductor-fragment]";

  /** @param {Element} element */
  const wordsOf = (element) => (element.textContent || "").replace(/[\s\u00a0\u200b\ufeff]+/g, "");

  /**
   * Stray words between blocks become paragraphs of their own, and the box around them goes.
   * @param {Element} box
   */
  const unwrap = (box) => {
    /** @type {HTMLElement | null} */
    let open = null;
    Array.from(box.childNodes).forEach((node) => {
      if (node instanceof Element && (node.matches(BLOCKS) || node.querySelector(BLOCKS))) {
        open = null;
        return;
      }
      if (!open) {
        open = box.ownerDocument.createElement("p");
        box.insertBefore(open, node);
      }
      open.appendChild(node);
    });
    box.replaceWith(...Array.from(box.childNodes));
  };

  /**
   * What was copied, with a paragraph for each line: null where the editor's own way does as well.
   * @param {Document} copied
   * @returns {{ html: string, badges: string[] } | null}
   */
  const tidied = (copied) => {
    const boxes = Array.from(copied.body.querySelectorAll(BOXES)).reverse(); // the innermost first
    if (!boxes.length) return null;
    boxes.forEach((box) => {
      if (box.querySelector(BLOCKS)) {
        unwrap(box);
      } else {
        const paragraph = copied.createElement("p");
        paragraph.append(...Array.from(box.childNodes));
        box.replaceWith(paragraph);
      }
    });
    const lines = Array.from(copied.body.querySelectorAll("p")).filter((one) => !one.closest("li, td, th"));
    const badges = lines.filter((one) => BADGE.test(wordsOf(one)));
    const alone = wordsOf(copied.body) === badges.map(wordsOf).join("");
    lines.filter((one) => !wordsOf(one) || (!alone && badges.includes(one))).forEach((one) => one.remove());
    return { html: copied.body.innerHTML, badges: alone ? [] : badges.map(wordsOf) };
  };

  /**
   * @param {number} pictures
   * @param {string[]} badges
   */
  const sentences = (pictures, badges) => {
    const said = [];
    if (pictures) {
      said.push(`有 ${pictures} 张图片没有粘贴进来，文字里放不了图片。请在内容里加一块“图片”，在那里上传；`
        + "整篇带图的稿子，请用“导入 Word”里的整篇粘贴。");
    }
    if (badges.length) said.push(`去掉了标题旁的数字编号 ${badges.length} 处（${badges.join("、")}）。`);
    return said.join("");
  };

  /** @param {string} words */
  const say = (words) => {
    const editor = document.activeElement && document.activeElement.closest("[data-draftail-editor-wrapper]");
    if (!editor) return;
    const before = /** @type {HTMLElement | null} */ (editor.nextElementSibling);
    const known = before && before.matches("[data-pasted]") ? before : null;
    const place = known || document.createElement("p");
    place.dataset.pasted = "";
    place.className = "help";
    place.setAttribute("role", "status");
    if (!known) editor.after(place);
    window.setTimeout(() => { place.textContent = words; }); // a region is heard when it changes
  };

  /**
   * @param {string} html
   * @param {any} state of Draft.js
   * @param {any} editor
   */
  const put = (html, state, editor) => {
    const { BlockMapBuilder, convertFromHTML, EditorState, Modifier } = /** @type {any} */ (window).DraftJS;
    const made = convertFromHTML(html, undefined, editor.getProps().blockRenderMap);
    if (!made || !made.contentBlocks || !made.contentBlocks.length) return false;
    const blocks = BlockMapBuilder.createFromArray(made.contentBlocks);
    const content = Modifier.replaceWithFragment(state.getCurrentContent(), state.getSelection(), blocks);
    editor.setEditorState(EditorState.push(state, content.set("entityMap", made.entityMap), "insert-fragment"));
    return true;
  };

  /** @type {any} */ (window).draftail.registerPlugin({
    type: "paste",
    /**
     * @param {string} text
     * @param {string | undefined} html
     * @param {any} state
     * @param {any} editor
     */
    handlePastedText: (text, html, state, editor) => {
      say("");
      if (!html || html.length > MOST) return "not-handled";
      const copied = new DOMParser().parseFromString(html, "text/html");
      if (copied.querySelector(OWN)) return "not-handled";
      copied.querySelectorAll(SILENT).forEach((one) => one.remove());
      const pictures = copied.images.length;
      copied.querySelectorAll("img").forEach((one) => one.remove());
      const made = tidied(copied);
      const said = sentences(pictures, made ? made.badges : []);
      if (said) say(said);
      return made && put(made.html, state, editor) ? "handled" : "not-handled";
    },
  }, "plugins");
}
