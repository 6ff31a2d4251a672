// 已保存 12:03: when the editor last saved by itself, beside the word of Wagtail's.

const PLACE = ".w-autosave-indicator__state--saved .w-autosave-indicator__text";

document.addEventListener("w-autosave:success", () => {
  const now = new Date();
  const hour = [now.getHours(), now.getMinutes()].map((one) => String(one).padStart(2, "0")).join(":");
  const place = document.querySelector(PLACE);
  if (place) place.textContent = "已保存 " + hour;
});
