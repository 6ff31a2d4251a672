// Shows what is in the form beside it, as soon as something in it has changed.

const form = /** @type {any} */ (document.querySelector("[data-live-look]"));
const show = form && form.querySelector("[data-look]");
let waiting = 0;

if (form && form.requestSubmit) form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = window.setTimeout(() => form.requestSubmit(show), 500);
});
