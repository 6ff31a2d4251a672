// Records of what was studied, from this phone to the server. The page owns this list, not the
// worker: nothing leaves it before a 200 has named it, whatever else was answered.
//
//   const queue = await openQueue(account);
//   await queue.add("sections_read", lesson, revision, { section_ids: [...] });   // 已保存
//   const sent = await queue.send(true);   // { ok, problem, login }
//   await queue.rows();                    // all that is kept: waiting, sent (7 days), refused (30 days)
//
// Kept in IndexedDB, one database for each account (rows.js); the newest unsent ones once more in
// localStorage and the cache (mirror.js). Where the phone keeps nothing at all, at least this page does.

import { commit, isFull, isShared, mustRead, phone, recordId, routes, shared, stillReads, windowNotes } from "./base.js";
import { reflect, restoreFromMirror } from "./mirror.js";
import { left, oneAtATime, openRows } from "./rows.js";
import { askForTicket, BATCH, LONGEST, uploadWaiting } from "./upload.js";

const DAY = 24 * 3600 * 1000;
const KEEP_SENT = 7 * DAY; // a restored server asks for them again
const KEEP_SENT_ROWS = 5000;
const KEEP_REFUSED = 30 * DAY;
const TICKET_SPARE = 15 * DAY;
const TICKET_LASTS = 31 * DAY;
const SOON = 5000; // to gather what comes together; storage in some phones does not last
const MANY = 10; // records that need not wait for more
const CLOCK_OFF = 600000;

const waitingOf = (list) => list.filter((row) => row.state === "waiting")
  .sort((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : a.seq - b.seq));

/** Whose records this phone may hold, read and written at once: whoever is forgotten is never sent. */
function rememberAccount(id) {
  return shared("meta", "readwrite", (rows) => {
    const asked = rows.get("accounts");
    asked.onsuccess = () => {
      const known = asked.result || [];
      if (!known.includes(id)) rows.put(known.concat(id), "accounts");
      commit(asked.transaction);
    };
  }, true);
}

async function makeAnyRoom() {
  try { return await (await import("./keep.js")).evictAny(); } catch (e) { return false; } // nor a network
}

/** The records of one account on this phone. Made by `openQueue`. */
class RecordQueue {
  /** @param {Account} account
   *  @param {Rows} kept
   *  @param {number} clock */
  constructor(account, kept, clock) {
    this.account = account;
    this.kept = kept;
    this.clock = clock; // milliseconds by which the server's time is ahead of the phone's
    this.batchSize = BATCH;
    this.watchers = [];
    this.timer = 0;
    this.heard = false; // the server's progress, all that was sent in it
    this.offline = false; // set by the page that knows it
  }

  /** The server's time, as far as it is known. */
  now() { return Date.now() + this.clock; }

  // The rows -------------------------------------------------------------------------------------
  rows() { return this.kept.all(); }

  device() { return this.kept.device(); }

  put(list) { return this.kept.put(list); }

  remove(ids) { return this.kept.remove(ids); }

  meta(name) { return this.kept.meta(name); }

  setMeta(name, value) { return this.kept.setMeta(name, value); }

  async waiting() { return waitingOf(await this.rows()); }

  /** Resolves to the record, once it is kept. */
  async add(kind, lesson, revision, data) {
    await mustRead(this.account);
    const time = Math.floor(this.now() / 1000) * 1000;
    const row = await this.append((device, seq) => {
      const id = recordId(time, device, this.account.account_id, seq);
      return {
        id, seq, kind, device, at: new Date(time).toISOString(),
        data: kind === "quiz_attempt" ? Object.assign({ attempt_id: id }, data) : data,
        lesson_id: lesson || null, revision: revision || null, state: "waiting",
      };
    });
    const state = await this.tell();
    if (state.waiting >= MANY) this.send(false);
    else this.sendLater(SOON);
    return row;
  }

  /** A full phone loses a lesson rather than a record; one that then still refuses notes it elsewhere. */
  async append(make) {
    for (;;) {
      try { return await this.kept.append(make); } catch (e) {
        if (!isFull(e)) throw e;
        if (!(await makeAnyRoom())) break;
      }
    }
    await this.kept.leaveDisk();
    return this.kept.append(make);
  }

  /** Where what was just done lies, in words that are true. */
  where() {
    if (this.kept.safe) return "✓ 已保存在本机";
    return this.kept.noted ? "◐ 暂记在本机，还没有存牢" : "◐ 只记在这一页里，请别关掉这一页";
  }

  /** Only ever called with the server's time: no clock of a phone may throw anything away. */
  async tidy(now) {
    const list = await this.rows();
    const age = (/** @type {any} */ row) => now - row.sentAt;
    const sent = list.filter((row) => row.state === "sent").sort((a, b) => age(a) - age(b));
    const gone = sent.filter((row, n) => n >= KEEP_SENT_ROWS || age(row) > KEEP_SENT)
      .concat(list.filter((row) => row.state === "refused" && age(row) > KEEP_REFUSED));
    const early = list.filter((row) => age(row) < -DAY).map((row) => Object.assign(row, { sentAt: now }));
    if (gone.length) await this.remove(gone.map((row) => row.id));
    if (early.length) await this.put(early);
  }

  // Who watches ----------------------------------------------------------------------------------
  watch(watcher) {
    this.watchers.push(watcher);
    this.tell();
  }

  /** Mirrors what waits, and tells every watcher how things stand; resolves to that. */
  async tell() {
    const list = await this.rows();
    const waiting = waitingOf(list);
    await reflect(this.account.account_id, waiting);
    const state = {
      waiting: waiting.length,
      refused: list.filter((row) => row.state === "refused"),
      syncedAt: await this.meta("syncedAt"),
      login: await this.meta("login"),
      trouble: Boolean(await this.meta("trouble")),
      where: this.where(),
      safe: this.kept.safe,
      noted: this.kept.noted,
      clockOff: Math.abs(this.clock) > CLOCK_OFF,
    };
    this.watchers.forEach((watch) => watch(state));
    return state;
  }

  // Sending --------------------------------------------------------------------------------------
  /** `wanted`: a person pressed; waits for a send under way and does not mind an earlier failure. */
  async send(wanted) {
    const outcome = { ok: true, problem: "", login: false };
    const trouble = await this.meta("trouble");
    const wait = trouble ? left(trouble.until, LONGEST) : 0;
    if (!wanted && wait) {
      this.sendLater(wait);
      return Object.assign(outcome, { ok: false });
    }
    const work = async () => { await uploadWaiting(this, outcome); return true; };
    const done = await oneAtATime("sync:" + this.account.account_id, wanted, this.kept, work);
    if (!done) outcome.ok = !(await this.waiting()).length;
    await this.tell();
    return outcome;
  }

  sendLater(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(false), delay);
  }

  /** The network is back: what failed for want of it need not wait; what a server refused must. */
  async resume() {
    const trouble = await this.meta("trouble");
    if (trouble && !trouble.answered) await this.setMeta("trouble", Object.assign(trouble, { until: 0 }));
    if ((await this.waiting()).length) await this.send(false);
  }

  /** What the server lost, or never had: sent again from what is kept here. */
  async sendAgain(belongs) {
    const list = (await this.rows()).filter((row) => row.state === "sent" && belongs(row));
    if (list.length) await this.put(list.map((row) => Object.assign({}, row, { state: "waiting" })));
  }

  /** Another epoch than the last: the server was restored, and may have lost anything. */
  async meetEpoch(epoch, last) {
    if (last && last !== epoch) await this.sendAgain(() => true);
    if (last === epoch) return;
    this.account.epoch = epoch;
    await this.setMeta("epoch", epoch);
  }

  async setClock(ahead) {
    this.clock = ahead;
    await this.setMeta("clock", ahead);
  }

  // The device -----------------------------------------------------------------------------------
  async renewDevice() {
    await this.kept.renew();
    await this.keepTicket();
  }

  /** A ticket for uploads after signing out, and the key for receipts; asked for while signed in. */
  async keepTicket() {
    if (!this.account.signedIn || !(await stillReads(this.account))) return;
    const { account_id: id, mark } = this.account;
    await rememberAccount(id).catch(() => {}); // every time: it may fail once
    const device = await this.device();
    const ticket = await this.meta("ticket");
    if (ticket && ticket.device === device && ticket.mark === mark && left(ticket.until, TICKET_LASTS, this.now()) > TICKET_SPARE) return;
    const given = await askForTicket(device);
    // Whoever has signed in meanwhile was given one of their own.
    if (!given || !(await stillReads(this.account))) return;
    const until = Date.parse(given.expires_at);
    await this.setMeta("ticket", { text: given.upload_ticket, key: given.receipt_key, device, mark, until });
  }

  // Copies of lists the server told, for when it cannot be asked ---------------------------------
  /** On a shared phone they end with the window. */
  noteOf(path) { return this.account.account_id + "/" + path; }

  async copy(path) {
    return (isShared() ? JSON.parse(windowNotes.get(this.noteOf(path)) || "null") : await this.meta(path)) || [];
  }

  async setCopy(path, items) {
    if (!(await stillReads(this.account))) return;
    if (isShared()) windowNotes.set(this.noteOf(path), JSON.stringify(items));
    else await this.setMeta(path, items);
  }

  /** What came with the answer to who reads; nothing of what it does not name. */
  async hear(told) {
    for (const [path, items] of [[routes.myPlan, told.plan], [routes.myCorrections, told.corrections]]) {
      if (items) await this.setCopy(path, items);
    }
    await this.mergeProgress(told.progress || []);
  }

  /** What the server just told of some lessons replaces what it told of them before. A ticket hears nothing. */
  async mergeProgress(items) {
    this.heard = items.length > 0;
    if (!this.heard) return;
    const known = new Map((await this.copy(routes.myProgress)).map((one) => [one.lesson_id, one]));
    items.forEach((one) => known.set(one.lesson_id, one));
    await this.setCopy(routes.myProgress, Array.from(known.values()));
  }

  /** Of every answer about the reader: their routes are called my…. */
  async forgetCopies() {
    for (const path of Object.keys(routes).filter((name) => /^my/.test(name)).map((name) => routes[name])) {
      windowNotes.set(this.noteOf(path), null);
      await this.setMeta(path, null);
    }
  }
}

/** The queue of `account`: { account_id, epoch, signedIn }; not signed in, only the ticket can send. */
export async function openQueue(account) {
  /** @type {any} */
  let queue = null;
  const rows = await openRows(account.account_id, () => queue && queue.tell());
  queue = new RecordQueue(account, rows, (await rows.meta("clock")) || 0);
  await restoreFromMirror(account.account_id, rows);
  if (account.epoch) await queue.meetEpoch(account.epoch, await rows.meta("epoch"));
  return queue;
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
  window.addEventListener("online", () => queue.resume());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") queue.resume(); });
  queue.resume();
}
