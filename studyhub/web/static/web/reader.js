// Where there is no service worker (WeChat on iOS): the open page changes lessons by itself, so that
// losing the network does nothing as long as it stays open.

import { element, fill, make, routes } from "./base.js";
import { packAt, packs, part } from "./keep.js";

let ready = false;

/** @returns {any} */
const wrap = () => document.querySelector("#main > .wrap");

/** At once: another page has no way to scroll through. */
function toTop() {
  try { window.scrollTo({ top: 0, behavior: "instant" }); } catch (e) { window.scrollTo(0, 0); } // an older Safari
}

/** Puts a kept lesson into the page; `arrive` is told just before. False where it is not kept. */
async function show(path, mount, arrive) {
  const row = await packAt(path);
  const text = row && (await part(row.text));
  if (!text) return false;
  const read = new DOMParser().parseFromString(new TextDecoder().decode(text.data), "text/html");
  await Promise.all(Array.from(read.querySelectorAll("img")).map(async (picture) => {
    const held = await part(new URL(/** @type {any} */ (picture).getAttribute("src"), location.href).pathname);
    if (held) picture.src = URL.createObjectURL(new Blob([held.data], { type: held.type }));
  }));
  arrive();
  wrap().textContent = "";
  Array.from(read.body.childNodes).forEach((node) => wrap().append(document.adoptNode(node)));
  document.title = row.title + " - " + document.title.split(" - ").pop();
  toTop();
  await mount();
  return true;
}

/** Without a network the way there would end in nothing, and this page would be gone. */
async function stayHere() {
  const list = make("ul", { class: "plain" });
  (await packs()).forEach((row) => list.append(make("li", {}, make("a", { class: "tap", href: row.path }, row.title))));
  const place = element("lost") || make("div", { id: "lost", class: "note", role: "status" });
  wrap().prepend(place);
  fill(place, make("p", {}, make("strong", {}, "离线 · 那一页还没有存到本机。")), make("p", {}, "这一页先别关，现在可以接着学："), list);
  toTop();
}

async function follow(link, mount) {
  const told = await show(link.pathname, mount, () => history.pushState({ lesson: true }, "", link.pathname));
  if (told) return;
  if (navigator.onLine === false) await stayHere();
  else location.assign(link.href);
}

/** Links to kept lessons open here; everything else goes its usual way while there is a network. */
export function readHere(mount) {
  if (ready) return;
  ready = true;
  document.addEventListener("click", (/** @type {any} */ event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.origin !== location.origin || link.pathname === location.pathname) return;
    if (!routes.lesson.test(link.pathname) && navigator.onLine !== false) return;
    event.preventDefault();
    follow(link, mount);
  });
  window.addEventListener("popstate", async () => {
    if (!(await show(location.pathname, mount, () => {}))) location.reload();
  });
  const words = "这个浏览器关掉页面以后，要联网才能再打开；页面开着，没有信号也能接着读后面两课。";
  fill(element("update"), make("p", { class: "small" }, words, make("a", { class: "tap", href: routes.offline + "#outside" }, "常常没有信号怎么办")));
}
