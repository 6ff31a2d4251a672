// Records of what was studied, from this phone to the server. The page owns this list, not the
// worker: nothing leaves it before a 200 has named it, whatever else was answered.
//
//   const queue = await openQueue(account);
//   await queue.add("sections_read", lesson, revision, { section_ids: [...] });   // 已保存
//   const sent = await queue.send(true);   // { ok, progress, problem, login }
//   await queue.rows();                    // all that is kept: waiting, sent (7 days), refused (30 days)
//
// Kept in IndexedDB, one database for each account; the newest unsent ones once more in
// localStorage. Where the phone keeps nothing at all, at least this page does.

import { brief, cookie, memory } from "./me.js";
import { alone, openLoose, openRows } from "./rows.js";
import { phone, recordId, setPhone } from "./store.js";

const BATCH = 200;
const SMALLEST = 10;
const BATCH_BYTES = 200000;
const MIRRORED = 50;
const MIRROR_CHARS = 30000;
const DAY = 24 * 3600 * 1000;
const KEEP_SENT = 7 * DAY; // a restored server asks for them again
const KEEP_SENT_ROWS = 5000;
const KEEP_REFUSED = 30 * DAY;
const TICKET_SPARE = 15 * DAY;
const TIMEOUT = 20000; // 2G
const SOON = 5000; // to gather what comes together; storage in some phones does not last
const TROUBLE_MAX = 300000;
const CLOCK_OFF = 600000;
const COPIES = ["me/plan", "me/progress", "me/corrections"];
const NO_ANSWER = { status: 0, body: null, wait: 0 };

const wire = (row) => {
  const record = { id: row.id, seq: row.seq, kind: row.kind, at: row.at, data: row.data };
  if (row.lesson_id) record.lesson_id = row.lesson_id;
  if (row.revision) record.revision = row.revision;
  return record;
};

/** With a ticket instead of the session, for who is signed out or somebody else is signed in. */
async function ask(path, body, ticket) {
  const controller = window.AbortController ? new AbortController() : null;
  const timer = controller && setTimeout(() => controller.abort(), TIMEOUT);
  const headers = { "Content-Type": "application/json" };
  if (ticket) headers.Authorization = "Ticket " + ticket;
  else headers["X-CSRFToken"] = cookie("csrftoken");
  try {
    const answer = await fetch("/api/v1/me/" + path, {
      method: "POST", redirect: "error", headers, body,
      credentials: ticket ? "omit" : "same-origin",
      keepalive: body.length < 60000,
      signal: controller && controller.signal,
    });
    const wait = Number(answer.headers.get("Retry-After")) || 0;
    let said = null;
    try { said = await answer.json(); } catch (e) { /* a portal's page, or half an answer */ }
    return { status: answer.status, body: said, wait };
  } catch (e) {
    return NO_ANSWER;
  } finally {
    clearTimeout(timer);
  }
}

// The queue --------------------------------------------------------------------------------------
/** `account`: { account_id, epoch, signedIn }; not signed in, only the ticket can send. */
export async function openQueue(account) {
  let rows = await openRows(account.account_id);
  const mirror = "mirror:" + account.account_id;
  const watchers = [];
  let size = BATCH;
  let timer = 0;
  let clock = (await rows.meta("clock")) || 0;

  const waitingOf = (list) => list.filter((row) => row.state === "waiting")
    .sort((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : a.seq - b.seq));

  async function waiting() { return waitingOf(await rows.all()); }

  function reflect(list) {
    let newest = list.slice(-MIRRORED);
    let text = JSON.stringify(newest);
    while (text.length > MIRROR_CHARS && newest.length) {
      newest = newest.slice(Math.ceil(newest.length / 2));
      text = JSON.stringify(newest);
    }
    memory.set(mirror, newest.length ? text : null);
  }

  async function tell() {
    const list = await rows.all();
    reflect(waitingOf(list));
    const state = {
      waiting: waitingOf(list).length,
      refused: list.filter((row) => row.state === "refused"),
      syncedAt: await rows.meta("syncedAt"),
      login: await rows.meta("login"),
      trouble: Boolean(await rows.meta("trouble")),
      safe: rows.safe,
      clockOff: Math.abs(clock) > CLOCK_OFF,
    };
    watchers.forEach((watch) => watch(state));
    return state;
  }

  async function takeUpMirror() {
    let copies = [];
    try { copies = JSON.parse(memory.get(mirror)) || []; } catch (e) { /* nothing there */ }
    const known = new Set((await rows.all()).map((row) => row.id));
    const lost = copies.filter((row) => !known.has(row.id));
    if (lost.length) await rows.put(lost);
  }

  async function tidy() {
    const list = await rows.all();
    const now = Date.now();
    const sent = list.filter((row) => row.state === "sent").sort((a, b) => b.sentAt - a.sentAt);
    const gone = sent.filter((row, n) => n >= KEEP_SENT_ROWS || row.sentAt < now - KEEP_SENT)
      .concat(list.filter((row) => row.state === "refused" && row.sentAt < now - KEEP_REFUSED));
    if (gone.length) await rows.remove(gone.map((row) => row.id));
  }

  /** A full phone loses a lesson rather than a record; one that then still refuses keeps it in the page. */
  async function appendSomehow(make) {
    try {
      return await rows.append(make);
    } catch (e) {
      try {
        const { evictAny } = await import("./packs.js");
        while (await evictAny()) {
          try { return await rows.append(make); } catch (again) { /* the next one, then */ }
        }
      } catch (unreachable) { /* without a network there may be no packs.js */ }
      rows = await openLoose(account.account_id, await rows.all().catch(() => []));
      return rows.append(make);
    }
  }

  async function add(kind, lesson, revision, data) {
    const time = Math.floor((Date.now() + clock) / 1000) * 1000;
    const make = (device, seq) => {
      const id = recordId(time, device, account.account_id, seq);
      const said = kind === "quiz_attempt" ? Object.assign({ attempt_id: id }, data) : data;
      return {
        id, seq, kind, device, at: new Date(time).toISOString(), data: said,
        lesson_id: lesson || null, revision: revision || null, state: "waiting",
      };
    };
    const row = await appendSomehow(make);
    const state = await tell();
    if (state.waiting >= 10) send(false);
    else later(SOON);
    return row;
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(() => send(false), delay);
  }

  // Sending ---------------------------------------------------------------------------------------
  async function post(list, device) {
    const body = JSON.stringify({
      device_id: device, account_id: account.account_id, epoch: account.epoch || 1, records: list.map(wire),
    });
    let answer = { status: 401, body: null, wait: 0 };
    if (account.signedIn) answer = await ask("records", body);
    const ticket = await rows.meta("ticket");
    if (ticket && [401, 403, 409].indexOf(answer.status) >= 0) answer = await ask("records", body, ticket.text);
    return answer;
  }

  function nextBatch(list) {
    const device = list[0].device;
    const batch = [];
    let bytes = 0;
    for (const row of list.filter((one) => one.device === device)) {
      bytes += new TextEncoder().encode(JSON.stringify(wire(row))).length;
      if (batch.length && (batch.length >= size || bytes > BATCH_BYTES)) break;
      batch.push(row);
    }
    return batch;
  }

  async function acknowledge(batch, said, outcome) {
    const answers = new Map(said.results.map((one) => [one.id, one]));
    const now = Date.now();
    const changed = [];
    batch.forEach((row) => {
      const answer = answers.get(row.id);
      if (!answer) return;
      if (answer.status === "accepted" || answer.status === "duplicate") {
        changed.push(Object.assign({}, row, { state: "sent", sentAt: now }));
      } else if (answer.status === "rejected") {
        changed.push(Object.assign({}, row, { state: "refused", sentAt: now, why: answer.detail }));
        outcome.problem = answer.detail;
      }
    });
    const gone = cookie("shared") ? changed.filter((row) => row.state === "sent") : [];
    await rows.put(changed);
    if (gone.length) await rows.remove(gone.map((row) => row.id));
    return changed.length;
  }

  /** What the server lost, or never had: sent again from what is kept here. */
  async function sendAgain(belongs) {
    const list = (await rows.all()).filter((row) => row.state === "sent" && belongs(row));
    if (list.length) await rows.put(list.map((row) => Object.assign({}, row, { state: "waiting" })));
  }

  async function heed(said, device, started) {
    const trip = Date.now() - started;
    if (trip < 5000 && said.server_time) {
      const off = Date.parse(said.server_time) + trip / 2 - Date.now();
      clock = Math.abs(off) > 60000 ? Math.round(off) : 0; // a minute is no matter
      await rows.setMeta("clock", clock);
    }
    if (said.epoch && account.epoch && said.epoch !== account.epoch) await sendAgain(() => true);
    if (said.epoch && said.epoch !== account.epoch) {
      account.epoch = said.epoch;
      await rows.setMeta("epoch", said.epoch);
    }
    const gaps = (said.device && said.device.missing) || [];
    if (gaps.length) {
      await sendAgain((row) => row.device === device && gaps.some((gap) => row.seq >= gap[0] && row.seq <= gap[1]));
    }
    if (said.device && said.device.renew && (await rows.device()) === device) {
      await rows.renew();
      await keepTicket();
    }
  }

  async function failed(answer, batch, outcome) {
    outcome.ok = false;
    const now = Date.now();
    if ((answer.status === 400 || answer.status === 413) && batch.length > 1) {
      size = Math.ceil(batch.length / 2); // until the one that is wrong stands alone
      outcome.again = true;
    } else if (answer.status === 400 || answer.status === 413) {
      const why = (answer.body && answer.body.detail) || "这条记录服务器读不懂，请联系组长。";
      await rows.put([Object.assign({}, batch[0], { state: "refused", sentAt: now, why })]);
      Object.assign(outcome, { problem: why, again: true, ok: true });
    } else {
      const login = [401, 403, 409].indexOf(answer.status) >= 0;
      if (login) await rows.setMeta("login", true);
      outcome.login = login;
      if (answer.status === 426) outcome.problem = "这一页太旧了，请关掉再打开。记录还在这部手机里，打开后自动上传。";
      const trouble = (await rows.meta("trouble")) || { times: 0 };
      const times = trouble.times + 1;
      if (times % 3 === 0) size = Math.max(SMALLEST, Math.floor(size / 2));
      const wait = answer.wait ? answer.wait * 1000 : Math.random() * Math.min(TROUBLE_MAX, 2000 * Math.pow(2, times));
      await rows.setMeta("trouble", { times, until: now + wait, answered: answer.status > 0 });
      later(Math.max(1000, wait));
    }
  }

  async function sendAll(outcome) {
    const tried = new Set();
    for (;;) {
      const list = (await waiting()).filter((row) => !tried.has(row.id));
      if (!list.length) return;
      const batch = nextBatch(list);
      const started = Date.now();
      const answer = await post(batch, batch[0].device);
      const said = answer.body;
      if (answer.status === 200 && said && Array.isArray(said.results)) {
        batch.forEach((row) => tried.add(row.id));
        await acknowledge(batch, said, outcome);
        await heed(said, batch[0].device, started);
        outcome.progress = outcome.progress.concat(said.progress || []);
        await Promise.all([rows.setMeta("trouble", null), rows.setMeta("login", false), rows.setMeta("syncedAt", Date.now())]);
      } else {
        await failed(answer, batch, outcome);
        if (!outcome.again) return;
        outcome.again = false;
        outcome.ok = true;
      }
    }
  }

  /** `wanted`: a person pressed; waits for a send under way and does not mind an earlier failure. */
  async function send(wanted) {
    const outcome = { ok: true, progress: [], problem: "", login: false };
    const trouble = await rows.meta("trouble");
    if (!wanted && trouble && trouble.until > Date.now()) {
      later(trouble.until - Date.now());
      return Object.assign(outcome, { ok: false });
    }
    const done = await alone("sync:" + account.account_id, wanted, rows, async () => { await sendAll(outcome); return true; });
    if (!done) outcome.ok = !(await waiting()).length;
    await tell();
    return outcome;
  }

  /** The network is back: what failed for want of it need not wait; what a server refused must. */
  async function kick() {
    const trouble = await rows.meta("trouble");
    if (trouble && !trouble.answered) await rows.setMeta("trouble", Object.assign(trouble, { until: 0 }));
    if ((await waiting()).length) await send(false);
  }

  /** A ticket for uploads after signing out, and the key for receipts; asked for while signed in. */
  async function keepTicket() {
    if (!account.signedIn) return;
    const mine = await rows.device();
    const ticket = await rows.meta("ticket");
    if (ticket && ticket.device === mine && ticket.mark === account.mark && ticket.until > Date.now() + TICKET_SPARE) return;
    const answer = await ask("devices", JSON.stringify({ device_id: mine }));
    if (answer.status !== 200 || !answer.body) return;
    const body = answer.body;
    await rows.setMeta("ticket", { text: body.upload_ticket, key: body.receipt_key, device: mine, mark: account.mark, until: Date.parse(body.expires_at) });
    const known = (await phone("accounts")) || [];
    if (known.indexOf(account.account_id) < 0) await setPhone("accounts", known.concat(account.account_id));
  }

  // Copies of lists the server told, for when it cannot be asked. On a shared phone they end with the window.
  const brieflyAs = (path) => account.account_id + "/" + path;

  async function copy(path) {
    return (cookie("shared") ? JSON.parse(brief.get(brieflyAs(path))) : await rows.meta(path)) || [];
  }

  async function setCopy(path, items) {
    if (cookie("shared")) brief.set(brieflyAs(path), JSON.stringify(items));
    else await rows.setMeta(path, items);
  }

  async function forgetCopies() {
    for (const path of COPIES) {
      brief.set(brieflyAs(path), null);
      await rows.setMeta(path, null);
    }
  }

  await takeUpMirror();
  await tidy();
  const lastEpoch = await rows.meta("epoch");
  if (lastEpoch && account.epoch && lastEpoch !== account.epoch) await sendAgain(() => true);
  if (account.epoch) await rows.setMeta("epoch", account.epoch);

  return {
    add, send, kick, keepTicket, tell, waiting, copy, setCopy, forgetCopies,
    rows: () => rows.all(),
    device: () => rows.device(),
    remove: (ids) => rows.remove(ids),
    meta: (name) => rows.meta(name),
    setMeta: (name, value) => rows.setMeta(name, value),
    watch: (watcher) => { watchers.push(watcher); tell(); },
  };
}

/** What others left on this phone goes up with their own tickets; nothing of it is shown. */
export async function sendOthers(accountId) {
  const known = (await phone("accounts")) || [];
  let left = 0;
  for (const id of known.filter((one) => one !== accountId)) {
    const other = await openQueue({ account_id: id, epoch: 0, signedIn: false });
    if ((await other.waiting()).length) await other.send(false);
    left += (await other.waiting()).length;
  }
  return left;
}

/** Sends when the network or the reader comes back. */
export function keepSending(queue) {
  window.addEventListener("online", () => queue.kick());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") queue.kick(); });
  queue.kick();
}
