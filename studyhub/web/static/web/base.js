// What every page needs. Served as one file: web/storage.py puts these modules in the place of this list,
// because each further request costs a reader on 2G two seconds.

export * from "./routes.js";
export * from "./storage.js";
export * from "./dom.js";
export * from "./database.js";
export * from "./api.js";
export * from "./account.js";
import "./idle_lock.js";
