// Heritage sites kept on this phone: the words of each page and its files as parts, as those of lessons
// are kept. The worker puts the words into an empty page.

import { pack, put } from "./keep.js";

const COURSE = "红色资源";

/** What stands in the page's frame, and what it is called. */
function wordsOf(text) {
  const read = new DOMParser().parseFromString(text, "text/html");
  const inner = read.querySelector("#main > .wrap");
  if (!inner) throw new Error("not a page of ours");
  return { title: read.title.split(" - ").slice(0, -1).join(" - "), html: inner.innerHTML };
}

async function ask(url) {
  const answer = await fetch(url, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok || answer.redirected) throw new Error(url + " answered " + answer.status);
  return answer;
}

/** What is for everybody: no sign-in page of a hotel, no question for a password. */
async function fetchPage(path, site) {
  const answer = await ask(path);
  if (!(answer.headers.get("Cache-Control") || "").includes("public")) throw new Error(path + " is not everybody's");
  const { title, html } = wordsOf(await answer.text());
  const data = new TextEncoder().encode(html).buffer;
  return { url: path, lesson: site, data, type: "text/html", title, sha256: "", bytes: data.byteLength, role: "page" };
}

/** What a label from before a change of names says leads to the page of today. */
function formerPages(former, pages) {
  return Object.keys(former).map((path) => Object.assign({}, pages.find((one) => one.url === former[path]), { url: path }));
}

async function fetchFile(file, site) {
  const data = await (await ask(file.url)).arrayBuffer();
  if (data.byteLength !== file.bytes) throw new Error(file.url + " is not what it should be");
  const there = new URL(file.url, location.href);
  const url = there.origin === location.origin ? there.pathname + there.search : there.href;
  return { url, lesson: site, data, type: file.type, sha256: "", bytes: file.bytes, role: "image" };
}

export const keptSite = (site) => pack(site);

/** All of it, in one transaction: half a site is never shown. Resolves to its row. */
export async function keepSite(told) {
  const parts = [];
  for (const path of told.pages) parts.push(await fetchPage(path, told.site));
  parts.push(...formerPages(told.former, parts));
  for (const file of told.files) parts.push(await fetchFile(file, told.site));
  const row = {
    lesson: told.site,
    version: told.version,
    title: told.title,
    course: told.site,
    course_title: COURSE,
    text: told.site,
    search: "",
    parts: parts.map((one) => ({ url: one.url, bytes: one.bytes, role: one.role })),
    bytes: parts.reduce((sum, one) => sum + one.bytes, 0),
    offered: [],
    extra: false,
    savedAt: Date.now(),
    openedAt: Date.now(), // kept on purpose for a day that comes: not the first to make room
    finished: false,
    changed: false,
  };
  await put(row, parts);
  return row;
}
