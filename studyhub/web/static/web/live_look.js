// Shows what is in the form beside it, as soon as something in it has changed.

document.querySelectorAll("[data-live-look]").forEach((/** @type {any} */ look) => {
  const button = look.querySelector("[data-look]");
  let waiting = 0;
  if (look.requestSubmit) look.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => look.requestSubmit(button), 500);
  });
});
