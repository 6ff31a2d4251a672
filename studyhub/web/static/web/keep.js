// Lessons on this phone: what is loaded only once somebody reads. Served as one file, as base.js is.

export * from "./packs.js";
export * from "./keeping.js";
