// The worker that takes itself away: caches go; records, their mirror and lessons in the database stay.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => !name.startsWith("records-")).map((name) => caches.delete(name)));
    await self.registration.unregister();
  })());
});
