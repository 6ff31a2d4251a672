// Records of what was studied, from this phone to the server. Nothing leaves the list before the
// server has named it. Kept in localStorage, one list for each account.
//
//   const queue = openQueue(account);
//   queue.add("sections_read", lesson, revision, { section_ids: [...] });
//   const sent = await queue.send();   // { ok, progress, problem }
//   queue.waiting(kind, lesson);       // how many are still here

import { cookie, memory } from "./me.js";

const BATCH = 200;

function bytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** UUIDv7: milliseconds first, so that ids sort by the time of making. */
export function uuid7() {
  const random = bytes(16);
  let time = Date.now();
  for (let i = 5; i >= 0; i -= 1) {
    random[i] = time % 256;
    time = Math.floor(time / 256);
  }
  random[6] = (random[6] & 0x0f) | 0x70;
  random[8] = (random[8] & 0x3f) | 0x80;
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function openQueue(account) {
  const name = "records:" + account.account_id;
  const counter = "seq:" + account.account_id;
  let loose = []; // where the phone keeps nothing, at least this page does

  function read() {
    try { return JSON.parse(memory.get(name) || "[]").concat(loose); } catch (e) { return loose; }
  }

  function write(list) {
    loose = memory.set(name, list.length ? JSON.stringify(list) : null) ? [] : list;
  }

  function device(renew) {
    let id = renew ? null : memory.get("device");
    if (!id) {
      id = uuid7();
      memory.set("device", id);
    }
    return id;
  }

  function add(kind, lesson, revision, data) {
    const seq = Number(memory.get(counter) || 0) + 1;
    memory.set(counter, String(seq));
    const record = { id: uuid7(), seq, kind, at: new Date().toISOString(), lesson_id: lesson, data };
    if (revision) record.revision = revision;
    write(read().concat(record));
  }

  function waiting(kind, lesson) {
    return read().filter((r) => (!kind || r.kind === kind) && (!lesson || r.lesson_id === lesson)).length;
  }

  async function post(records) {
    const answer = await fetch("/api/v1/me/records", {
      method: "POST",
      credentials: "same-origin",
      keepalive: records.length < 20,
      headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
      body: JSON.stringify({
        device_id: device(false),
        account_id: account.account_id,
        epoch: account.epoch,
        records,
      }),
    });
    if (answer.status !== 200) throw new Error("answered " + answer.status);
    const said = await answer.json();
    if (!Array.isArray(said.results)) throw new Error("no results"); // a portal's page, not ours
    return said;
  }

  async function send() {
    const outcome = { ok: true, progress: [], problem: "" };
    const tried = new Set();
    try {
      for (;;) {
        const records = read().filter((r) => !tried.has(r.id)).slice(0, BATCH);
        if (!records.length) return outcome;
        records.forEach((r) => tried.add(r.id));
        const said = await post(records);
        const done = new Set();
        said.results.forEach((result) => {
          if (result.status !== "later") done.add(result.id);
          if (result.status === "rejected") outcome.problem = result.detail;
        });
        write(read().filter((r) => !done.has(r.id)));
        outcome.progress = outcome.progress.concat(said.progress);
        if (said.device && said.device.renew) device(true);
      }
    } catch (e) {
      outcome.ok = false;
      return outcome;
    }
  }

  return { add, send, waiting };
}
