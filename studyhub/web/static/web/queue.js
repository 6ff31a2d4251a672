// Records from this phone to the server: what every page of somebody signed in loads. Served as one file,
// as base.js is.

export * from "./mirror.js";
export * from "./rows.js";
export * from "./upload.js";
export * from "./record_queue.js";
