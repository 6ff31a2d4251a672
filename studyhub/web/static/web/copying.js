// Words to copy, by one press: a button names the field that holds them. A long press does it, too.

document.querySelectorAll("[data-copy-all]").forEach((/** @type {any} */ button) => {
  const words = /** @type {any} */ (document.getElementById(button.getAttribute("data-copy-all")));
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    words.select();
    try { await navigator.clipboard.writeText(words.value); button.textContent = "✓ 复制好了"; } catch (e) { /* it is selected */ }
  });
});
