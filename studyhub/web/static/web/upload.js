// From a queue to the server, batch by batch. A record leaves the waiting ones only when a 200 has named it.

import { cookie, isShared, patience, routes } from "./base.js";

export const BATCH = 200;
const SMALLEST_BATCH = 10;
const BATCH_BYTES = 200000;
const TROUBLE_MAX = 300000;
/** Milliseconds; whatever a server asks for. */
export const LONGEST = 3600000;
const QUICK = 5000; // an answer that came later says nothing exact about the time
const CLOCK_TOLERANCE = 60000; // a minute is no matter
/** @type {{ status: number, body: any, wait: number }} */
const NO_ANSWER = { status: 0, body: null, wait: 0 };

const isLoginProblem = (answer) => [401, 403, 409].includes(answer.status);
const isUnreadable = (answer) => answer.status === 400 || answer.status === 413;

function wireFormOf(row) {
  const record = { id: row.id, seq: row.seq, kind: row.kind, at: row.at, data: row.data };
  if (row.lesson_id) record.lesson_id = row.lesson_id;
  if (row.revision) record.revision = row.revision;
  return record;
}

/** { status, body, wait }; with a ticket instead of the session for who is signed out, or where somebody
 *  else is signed in. */
async function post(path, body, ticket) {
  const headers = { "Content-Type": "application/json" };
  if (ticket) headers.Authorization = "Ticket " + ticket;
  else headers["X-CSRFToken"] = cookie("csrftoken");
  try {
    const answer = await fetch(routes.api + path, {
      method: "POST", redirect: "error", headers, body,
      credentials: ticket ? "omit" : "same-origin",
      keepalive: body.length < 60000,
      signal: patience(),
    });
    const wait = Number(answer.headers.get("Retry-After")) || 0;
    let reply = null;
    try { reply = await answer.json(); } catch (e) { /* a portal's page, or half an answer */ }
    return { status: answer.status, body: reply, wait };
  } catch (e) {
    return NO_ANSWER;
  }
}

/** A ticket for uploads after signing out, and the key for receipts; null where none was given. */
export async function askForTicket(device) {
  const answer = await post(routes.myDevices, JSON.stringify({ device_id: device }));
  return answer.status === 200 ? answer.body : null;
}

async function postRecords(queue, batch) {
  const { account } = queue;
  const body = JSON.stringify({
    device_id: batch[0].device, account_id: account.account_id, epoch: account.epoch || 1, records: batch.map(wireFormOf),
  });
  let answer = Object.assign({}, NO_ANSWER, { status: 401 });
  if (account.signedIn) answer = await post(routes.myRecords, body);
  const ticket = await queue.meta("ticket");
  if (ticket && isLoginProblem(answer)) answer = await post(routes.myRecords, body, ticket.text);
  return answer;
}

/** The first records of one device, as many as one request may carry. */
function nextBatch(waiting, size) {
  const batch = [];
  let bytes = 0;
  for (const row of waiting.filter((one) => one.device === waiting[0].device)) {
    bytes += new TextEncoder().encode(JSON.stringify(wireFormOf(row))).length;
    if (batch.length && (batch.length >= size || bytes > BATCH_BYTES)) break;
    batch.push(row);
  }
  return batch;
}

async function acknowledge(queue, batch, reply, outcome) {
  const answers = new Map(reply.results.map((one) => [one.id, one]));
  const now = Date.parse(reply.server_time) || queue.now();
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
  const gone = isShared() ? changed.filter((row) => row.state === "sent") : [];
  await queue.put(changed);
  if (gone.length) await queue.remove(gone.map((row) => row.id));
}

/** What the server says of itself and of this device: its time, what it lacks, that the device is spent. */
async function followServer(queue, reply, device, started) {
  const trip = performance.now() - started; // no clock is set in the middle of it
  const told = Date.parse(reply.server_time);
  const off = told + trip / 2 - Date.now();
  if (told && trip < QUICK) await queue.setClock(Math.abs(off) > CLOCK_TOLERANCE ? Math.round(off) : 0);
  if (told) await queue.tidy(told);
  if (reply.epoch) await queue.meetEpoch(reply.epoch, queue.account.epoch);
  const gaps = (reply.device && reply.device.missing) || [];
  if (gaps.length) {
    await queue.sendAgain((row) => row.device === device && gaps.some((gap) => row.seq >= gap[0] && row.seq <= gap[1]));
  }
  if (reply.device && reply.device.renew && (await queue.device()) === device) await queue.renewDevice();
}

/** The batch was not even read: halved until the record that is wrong stands alone, and is put aside. */
async function narrowDown(queue, answer, batch, outcome) {
  if (batch.length > 1) {
    queue.batchSize = Math.ceil(batch.length / 2);
    return;
  }
  const why = (answer.body && answer.body.detail) || "这条记录服务器读不懂，请联系组长。";
  await queue.put([Object.assign({}, batch[0], { state: "refused", sentAt: queue.now(), why })]);
  outcome.problem = why;
}

/** No network, a busy server, nobody signed in: later, and later still each time. */
async function backOff(queue, answer, outcome) {
  outcome.ok = false;
  outcome.login = isLoginProblem(answer);
  if (outcome.login) await queue.setMeta("login", true);
  if (answer.status === 426) outcome.problem = "这一页太旧了，请关掉再打开。记录还在这部手机里，打开后自动上传。";
  const times = ((await queue.meta("trouble")) || { times: 0 }).times + 1;
  if (times % 3 === 0) queue.batchSize = Math.max(SMALLEST_BATCH, Math.floor(queue.batchSize / 2));
  const wait = answer.wait > 0 ? Math.min(LONGEST, answer.wait * 1000) : Math.random() * Math.min(TROUBLE_MAX, 2000 * 2 ** times);
  await queue.setMeta("trouble", { times, until: Date.now() + wait, answered: answer.status > 0 });
  queue.sendLater(Math.max(1000, wait));
}

/** Sends all that waits, each record at most once; `outcome` is told what came of it. */
export async function uploadWaiting(queue, outcome) {
  const tried = new Set();
  for (;;) {
    const waiting = (await queue.waiting()).filter((row) => !tried.has(row.id));
    if (!waiting.length) return;
    const batch = nextBatch(waiting, queue.batchSize);
    const started = performance.now();
    const answer = await postRecords(queue, batch);
    const reply = answer.body;
    if (answer.status === 200 && reply && Array.isArray(reply.results)) {
      batch.forEach((row) => tried.add(row.id));
      await acknowledge(queue, batch, reply, outcome);
      await followServer(queue, reply, batch[0].device, started);
      await queue.mergeProgress(reply.progress || []);
      await Promise.all([queue.setMeta("trouble", null), queue.setMeta("login", false), queue.setMeta("syncedAt", Date.now())]);
    } else if (isUnreadable(answer)) {
      await narrowDown(queue, answer, batch, outcome);
    } else {
      await backOff(queue, answer, outcome);
      return;
    }
  }
}
