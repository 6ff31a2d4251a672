// Names for fields that Wagtail's scripts make without one, for those who hear a form.

new MutationObserver(() => {
  document.querySelectorAll(".tagit-new input:not([aria-label])").forEach((input) => { input.setAttribute("aria-label", "标签"); });
}).observe(document.documentElement, { childList: true, subtree: true });
