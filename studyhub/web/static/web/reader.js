// Where there is no service worker (WeChat on iOS): the open page changes lessons by itself, so that
// losing the network does nothing as long as it stays open.

import { packAt, part } from "./packs.js";

let ready = false;

async function show(path, mount) {
  const row = await packAt(path);
  const text = row && (await part(row.text));
  if (!text) return false;
  const read = new DOMParser().parseFromString(new TextDecoder().decode(text.data), "text/html");
  await Promise.all(Array.from(read.querySelectorAll("img")).map(async (picture) => {
    const held = await part(new URL(picture.getAttribute("src"), location.href).pathname);
    if (held) picture.src = URL.createObjectURL(new Blob([held.data], { type: held.type }));
  }));
  const wrap = document.querySelector("#main > .wrap");
  wrap.textContent = "";
  Array.from(read.body.childNodes).forEach((node) => wrap.append(document.adoptNode(node)));
  document.title = row.title + " - 指尖课堂";
  window.scrollTo(0, 0);
  await mount();
  return true;
}

/** Links to kept lessons open here; everything else goes its usual way. */
export function readHere(mount) {
  if (ready) return;
  ready = true;
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.origin !== location.origin || link.pathname === location.pathname) return;
    if (!/^\/courses\/[^/]+\/[^/]+\/$/.test(link.pathname)) return;
    event.preventDefault();
    history.pushState({ lesson: true }, "", link.pathname);
    if (!(await show(link.pathname, mount))) location.assign(link.href);
  });
  window.addEventListener("popstate", async () => {
    if (!(await show(location.pathname, mount))) location.reload();
  });
}
