// 出自哪一小节: a list of the sections that stand in the form now, also those never saved. What is stored is the id.

const { wagtail, StimulusModule } = /** @type {any} */ (window);
// Wagtail moves and deletes blocks without an event of its own; what it hears of, it may keep to itself.
const FOLLOWED = ["input", "change", "click", "submit"];
const LOST = "原来的小节已删除，请重新选";

/**
 * The sections of a stream in their order, without deleted ones.
 * @param {string} stream
 * @returns {{ id: string, heading: string, text: string }[]}
 */
function sectionsOf(stream) {
  const types = document.querySelectorAll('input[name^="' + stream + '-"][name$="-type"]');
  return Array.from(types, (one) => /** @type {HTMLInputElement} */ (one))
    .filter((one) => one.value === "section" && /^\d+$/.test(one.name.slice(stream.length + 1, -5)))
    .map((one) => one.name.slice(0, -5))
    .filter((prefix) => !valueOf(prefix + "-deleted"))
    .sort((one, other) => Number(valueOf(one + "-order")) - Number(valueOf(other + "-order")))
    .map((prefix) => ({
      id: valueOf(prefix + "-id"),
      heading: valueOf(prefix + "-value-heading").trim() || "（还没有标题的小节）",
      text: wordsOf(valueOf(prefix + "-value-text")),
    }));
}

/** @param {string} name */
function valueOf(name) {
  const found = document.getElementsByName(name)[0];
  return found ? /** @type {HTMLInputElement} */ (found).value : "";
}

/**
 * The words of rich text as Draft.js keeps it.
 * @param {string} stored
 */
function wordsOf(stored) {
  try {
    return JSON.parse(stored).blocks.map((/** @type {{ text: string }} */ block) => block.text).join("\n");
  } catch (error) {
    return "";
  }
}

class SectionChoice extends StimulusModule.Controller {
  connect() {
    this.stream = this.valueTarget.name.split("-")[0];
    const follow = () => { window.setTimeout(() => this.fill()); };
    this.leave = () => { FOLLOWED.forEach((name) => document.removeEventListener(name, follow, true)); };
    FOLLOWED.forEach((name) => document.addEventListener(name, follow, true));
    this.fill();
  }

  disconnect() {
    if (this.leave) this.leave();
  }

  fill() {
    const sections = sectionsOf(this.stream);
    const chosen = this.valueTarget.value;
    // Until an upgrade is over, the version before writes headings.
    const known = sections.find((one) => one.id === chosen) || sections.find((one) => one.heading === chosen);
    if (known && known.id !== chosen) this.valueTarget.value = known.id;
    const first = !chosen ? "请选一个小节" : known ? "" : LOST;
    const options = first ? [new Option(first, chosen)] : [];
    sections.forEach((one) => options.push(new Option(one.heading, one.id)));
    const told = options.map((one) => one.value + " " + one.text).join("\n");
    if (told !== this.told) this.listTarget.replaceChildren(...options);
    this.told = told;
    this.listTarget.value = known ? known.id : chosen;
    this.listTarget.setAttribute("aria-invalid", String(first === LOST));
    this.buttonTarget.disabled = !known;
    this.wordsTarget.textContent = known ? known.text || "这一节还没有正文。" : "";
  }

  choose() {
    this.valueTarget.value = this.listTarget.value;
    this.valueTarget.dispatchEvent(new Event("change", { bubbles: true }));
    this.fill();
  }

  show() {
    const hidden = !this.wordsTarget.hidden;
    this.wordsTarget.hidden = hidden;
    this.buttonTarget.setAttribute("aria-expanded", String(!hidden));
    this.buttonTarget.textContent = hidden ? "看这一节" : "收起这一节";
  }
}
SectionChoice.targets = ["value", "list", "button", "words"];

wagtail.app.register("section-choice", SectionChoice);
