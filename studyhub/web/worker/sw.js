// Serves the shell, and the lessons and heritage sites kept on this phone, when the network does not answer, or is slow.
// SHELL ({ version, files }) and ROUTES are written above by the server. Never touches what is personal, never
// sends records: those belong to the page (queue.js).

const SHELL_CACHE = "shell-" + SHELL.version;
const PAGES_CACHE = "pages";
const PAGES_KEPT = 50;
const PATIENCE = 3000; // a slow network loses against a copy, and a stuck storage against the network
const LESSON = /^\/courses\/[^/]+\/[^/]+\/$/; // kept as packs or not at all
// Personal, for staff, or never to be kept: not even looked at here.
const NOT_OURS = new RegExp("^/(" + ROUTES.notHere.join("|") + ")(/|\\.|-|$)");

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(SHELL_CACHE).then((cache) => Promise.all(SHELL.files.map(async (file) => {
      // Names of static files hold their contents: a copy the browser has is as good as a new one.
      const answer = await fetch(file, { credentials: "omit", cache: file.startsWith(ROUTES.static) ? "default" : "no-cache" });
      if (!answer.ok || answer.redirected) throw new Error(file + " answered " + answer.status);
      await cache.put(file, answer);
    })))
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL_CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// A waiting worker takes over only when the reader says so, never in the middle of a self-check.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (NOT_OURS.test(url.pathname)) {
    // Neither read nor kept: only where no network is, the shell stands there, and the page paints its own.
    if (request.mode === "navigate" && ROUTES.without.some((path) => url.pathname.startsWith(path))) event.respondWith(fetch(request).catch(noNetwork));
    return;
  }
  if (request.mode === "navigate") event.respondWith(navigate(url, event));
  else if (url.pathname.startsWith(ROUTES.static)) event.respondWith(fromShell(request, url));
  else if (url.pathname.startsWith(ROUTES.media)) event.respondWith(fromParts(request, url));
});

// The shared database, as database.js lays it out ----------------------------------------------------
function openShared() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("studyhub", 1);
    // Not there yet: the page makes it, with its layout, when there is something to keep.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); shared = null; };
      resolve(request.result);
    };
  });
}

let shared = null;

async function ask(store, key, index) {
  shared = shared || openShared();
  const db = await shared;
  return new Promise((resolve, reject) => {
    const tx = db.transaction(store, "readonly");
    const rows = tx.objectStore(store);
    const asked = (index ? rows.index(index) : rows).get(key);
    asked.onsuccess = () => resolve(asked.result);
    tx.onabort = () => reject(tx.error || new Error("aborted"));
    if (tx.commit) tx.commit();
  });
}

/** What lies there, or undefined. A connection that has gone is opened anew, once; a storage that says
 *  nothing, also when it is opened, loses against the network. */
async function lookUp(store, key, index) {
  const again = () => { shared = null; return ask(store, key, index); };
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  return Promise.race([ask(store, key, index).catch(again).catch(() => { shared = null; }), late]);
}

// Pages -----------------------------------------------------------------------------------------
async function navigate(url, event) {
  const stored = await storedLesson(url.pathname);
  if (stored) return stored;
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, null); });
  // Asked anew, never from the browser's own cache: what was taken down must not come back from there.
  const fresh = fetch(url.href, { cache: "no-cache", credentials: "same-origin", redirect: "manual" }).then((answer) => {
    event.waitUntil(keepPage(url, answer.clone()));
    return answer;
  });
  fresh.catch(() => {});
  const first = await Promise.race([fresh.catch(() => null), late]);
  if (first) return first;
  const copy = await storedPage(url.pathname) || await caches.match(url.pathname, { cacheName: PAGES_CACHE }) || await caches.match(url.pathname, { cacheName: SHELL_CACHE });
  if (copy) return copy;
  // No copy: a slow answer is better than none.
  return fresh.catch(() => noNetwork());
}

async function noNetwork() {
  return (await caches.match(ROUTES.offline, { cacheName: SHELL_CACHE })) || Response.error();
}

/** A kept lesson inside the shell: the same page as from the site, without asking anybody. */
async function storedLesson(path) {
  const row = await lookUp("packs", path, "path");
  if (!row) return null;
  const [text, shell] = await Promise.all([
    lookUp("parts", row.text),
    caches.match(ROUTES.lessonShell, { cacheName: SHELL_CACHE }),
  ]);
  if (!text || !shell) return null;
  return filled(shell, row.title, "<!--lesson-->", text.data, row.version);
}

/** A page of a kept heritage site, where the network does not answer: what a label on site leads to. */
async function storedPage(path) {
  const held = await lookUp("parts", path);
  const shell = held && held.role === "page" && await caches.match(ROUTES.pageShell, { cacheName: SHELL_CACHE });
  return shell ? filled(shell, held.title, "<!--words-->", held.data, "site") : null;
}

async function filled(shell, title, place, data, version) {
  const body = new TextDecoder().decode(data);
  const shown = title.replace(/[&<>]/g, (sign) => "&#" + sign.charCodeAt(0) + ";");
  const page = (await shell.text()).replace("<!--title-->", () => shown).replace(place, () => body);
  const headers = { "Content-Type": "text/html; charset=utf-8", "X-Kept": version };
  const policy = shell.headers.get("Content-Security-Policy");
  if (policy) headers["Content-Security-Policy"] = policy;
  return new Response(page, { headers });
}

/** Only our own finished pages: no error, no redirect, no hotel's sign-in page, nothing personal. */
async function keepPage(url, answer) {
  if (answer.status === 404 || answer.status === 410) {
    await (await caches.open(PAGES_CACHE)).delete(url.pathname); // taken down: it does not come back from here
    return;
  }
  const kind = answer.headers.get("Content-Type") || "";
  const shareable = (answer.headers.get("Cache-Control") || "").includes("public");
  if (answer.status !== 200 || answer.redirected || !kind.startsWith("text/html") || !shareable || url.search || LESSON.test(url.pathname)) return;
  const cache = await caches.open(PAGES_CACHE);
  await cache.put(url.pathname, answer);
  const names = await cache.keys();
  await Promise.all(names.slice(0, Math.max(0, names.length - PAGES_KEPT)).map((name) => cache.delete(name)));
}

// Files -----------------------------------------------------------------------------------------
/** What is not in the shell may be part of a kept lesson: a font of its script. */
async function fromShell(request, url) {
  const copy = await caches.match(request);
  return copy || fromParts(request, url);
}

/** Pictures and sound of kept lessons, also piece by piece as players ask for them. */
async function fromParts(request, url) {
  const held = await lookUp("parts", url.pathname + url.search);
  if (!held) return fetch(request);
  const size = held.data.byteLength;
  const headers = { "Content-Type": held.type, "Accept-Ranges": "bytes", "Content-Length": String(size) };
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "");
  if (!asked) return new Response(held.data, { headers });
  const first = Number(asked[1]);
  const last = Math.min(asked[2] ? Number(asked[2]) : size - 1, size - 1);
  if (first > last) return new Response(null, { status: 416, headers: { "Content-Range": "bytes */" + size } });
  headers["Content-Range"] = "bytes " + first + "-" + last + "/" + size;
  headers["Content-Length"] = String(last - first + 1);
  return new Response(held.data.slice(first, last + 1), { status: 206, headers });
}
