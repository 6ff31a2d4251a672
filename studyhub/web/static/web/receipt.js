// 学习凭条: records that could not be sent, as a QR code and as letters to read out on the telephone.
// Format 1; studyhub/records/receipts.py says what every bit means and is held against this in tests.
//
//   const items = await receiptsOf(account, device, key, records, outlines);
//   showReceipts(place, items);
//
// `outlines`: what stood in #lesson-data of each lesson, by outlineKey(lesson, revision). A record
// whose outline is missing travels too, only in more letters.

import { fill, make } from "./me.js";
import { bytesOf, recordId } from "./store.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VERSION = 1;
const START = 1767225600; // 2026-01-01T00:00:00Z
const TIME_BITS = 30;
const PROOF = 7; // characters
const KINDS = ["sections_read", "lesson_finished", "quiz_attempt", "reflection"];
const AS_JSON = 7;
const NO_LESSON = "00000000-0000-0000-0000-000000000000";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TYPABLE = 30; // groups; more nobody reads out
const SCANNABLE = 1273; // bytes in a QR code of 117 modules

export const outlineKey = (lesson, revision) => lesson + ":" + (revision || 0);

const utf8 = (text) => new TextEncoder().encode(text);
const is = (value, type) => Object.prototype.toString.call(value) === "[object " + type + "]";
const keysAre = (data, names) => is(data, "Object") && Object.keys(data).length === names.length && names.every((name) => name in data);

// Bits -------------------------------------------------------------------------------------------
function openBits() {
  const list = [];
  const bits = {
    list,
    put(value, size) {
      for (let i = size - 1; i >= 0; i -= 1) list.push(Math.floor(value / Math.pow(2, i)) % 2);
    },
    number(value, step) {
      const more = Math.floor(value / Math.pow(2, step));
      bits.put(more ? 1 : 0, 1);
      bits.put(value % Math.pow(2, step), step);
      if (more) bits.number(more, step);
    },
    bytes(bytes) { bytes.forEach((byte) => bits.put(byte, 8)); },
    text(text) {
      const bytes = utf8(text);
      bits.number(bytes.length, 6);
      bits.bytes(bytes);
    },
    symbols() {
      while (list.length % 5 || (list.length / 5 + PROOF) % 4) list.push(0);
      const symbols = [];
      for (let i = 0; i < list.length; i += 5) symbols.push(parseInt(list.slice(i, i + 5).join(""), 2));
      return symbols;
    },
  };
  return bits;
}

function checkOf(data, number) {
  return data.reduce((total, symbol, place) => {
    let value = symbol;
    for (let i = 0; i <= place; i += 1) value = value & 16 ? (value << 1) ^ 37 : value << 1; // GF(32)
    return total ^ value;
  }, number % 32);
}

function groupsOf(symbols) {
  const groups = [];
  for (let i = 0; i < symbols.length; i += 4) {
    const data = symbols.slice(i, i + 4);
    groups.push(data.concat(checkOf(data, groups.length + 1)).map((value) => ALPHABET[value]).join(""));
  }
  return groups;
}

// A record in its short form: places in the outline instead of identifiers -------------------------
// Each writer answers whether there is a short form; what it wrote until "no" is thrown away.
function whole(text) {
  return is(text, "String") && new TextDecoder("utf-8", { ignoreBOM: true }).decode(utf8(text)) === text;
}

function writeOne(bits, choices, given, answer) {
  let size = 0;
  while (Math.pow(2, size) < choices.length + 2) size += 1;
  const place = choices.indexOf(answer);
  if (given && place < 0 && !whole(answer)) return false;
  bits.put(!given ? choices.length : place < 0 ? choices.length + 1 : place, size);
  if (given && place < 0) bits.text(answer);
  return true;
}

function writeSeveral(bits, choices, given, answer) {
  if (Array.isArray(answer)) {
    if (answer.some((one, n) => choices.indexOf(one) < 0 || answer.indexOf(one) !== n)) return false;
    bits.put(1, 1);
    choices.forEach((choice) => bits.put(answer.indexOf(choice) < 0 ? 0 : 1, 1));
    return true;
  }
  bits.put(given ? 1 : 0, 2);
  if (!given) return true;
  if (!whole(answer)) return false;
  bits.text(answer);
  return true;
}

function writeAttempt(bits, data, id, quiz) {
  if (!quiz || !keysAre(data, ["quiz_id", "attempt_id", "answers"]) || data.quiz_id !== quiz.id) return false;
  const known = quiz.questions.map((question) => question.id);
  if (!is(data.answers, "Object") || Object.keys(data.answers).some((one) => known.indexOf(one) < 0)) return false;
  bits.put(data.attempt_id === id ? 0 : 1, 1);
  if (data.attempt_id !== id) {
    if (!UUID.test(data.attempt_id)) return false;
    bits.bytes(bytesOf(data.attempt_id));
  }
  return quiz.questions.every((question) => {
    const choices = { truefalse: [false, true], blank: question.accepted }[question.kind] || question.options;
    const write = question.kind === "multi" ? writeSeveral : writeOne;
    return write(bits, choices, question.id in data.answers, data.answers[question.id]);
  });
}

function writeData(bits, record, outline) {
  const data = record.data || {};
  if (record.kind === "lesson_finished") return keysAre(data, []);
  if (record.kind === "reflection") {
    if (!keysAre(data, ["text"]) || !whole(data.text)) return false;
    bits.text(data.text);
    return true;
  }
  if (!outline) return false;
  if (record.kind === "quiz_attempt") return writeAttempt(bits, data, record.id, outline.quiz);
  const ids = data.section_ids;
  if (!keysAre(data, ["section_ids"]) || !Array.isArray(ids) || ids.some((id) => outline.sections.indexOf(id) < 0)) return false;
  outline.sections.forEach((id) => bits.put(ids.indexOf(id) < 0 ? 0 : 1, 1));
  return true;
}

function shorten(account, device, record, outline) {
  const milliseconds = Date.parse(record.at);
  const seconds = milliseconds / 1000 - START;
  if (KINDS.indexOf(record.kind) < 0 || !record.seq || milliseconds % 1000 || !(seconds >= 0 && seconds < Math.pow(2, TIME_BITS))) return null;
  const data = openBits();
  if (!writeData(data, record, outline)) return null;
  const byRule = record.id.replace(/-/g, "") === recordId(milliseconds, device, account, record.seq).replace(/-/g, "");
  return { seq: record.seq, seconds, kind: KINDS.indexOf(record.kind), id: byRule ? null : record.id, data };
}

function writeRecord(bits, short, last) {
  bits.put(short.kind, 3);
  bits.put(short.id ? 1 : 0, 1);
  if (short.id) bits.bytes(bytesOf(short.id));
  if (last) {
    const step = short.seconds - last.seconds;
    bits.number(short.seq - last.seq - 1, 2);
    bits.put(step < 0 ? 1 : 0, 1);
    bits.number(Math.abs(step), 8);
  }
  short.data.list.forEach((bit) => bits.list.push(bit));
}

function asJson(record) {
  const told = {};
  ["id", "seq", "kind", "at", "data"].forEach((name) => { if (name in record) told[name] = record[name]; });
  return JSON.stringify(told);
}

// A whole receipt --------------------------------------------------------------------------------
async function digest(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

async function sign(key, text, payload) {
  const raw = Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const hmac = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const head = utf8(text);
  const message = new Uint8Array(head.length + payload.length);
  message.set(head);
  message.set(payload, head.length);
  const bits = openBits();
  bits.bytes(new Uint8Array(await crypto.subtle.sign("HMAC", hmac, message)).slice(0, 5));
  return Array.from({ length: PROOF }, (_, i) => parseInt(bits.list.slice(5 * i, 5 * i + 5).join(""), 2));
}

/** The groups of one receipt over these records, all of one lesson and revision. */
export async function writeReceipt(account, device, key, records, lesson, revision, outline) {
  const ordered = records.slice().sort((a, b) => (a.seq || 0) - (b.seq || 0));
  let highest = 0;
  const shorts = ordered.map((record) => {
    const short = shorten(account, device, record, outline);
    if (!short || short.seq <= highest) return null;
    highest = short.seq;
    return short;
  });
  const first = shorts.find((short) => short) || { seconds: 0, seq: 0 };
  const bits = openBits();
  bits.put(VERSION, 3);
  bits.number(ordered.length, 3);
  bits.bytes(bytesOf(device).slice(12));
  bits.put(first.seconds, TIME_BITS);
  bits.number(first.seq, 5);
  bits.put(lesson ? 1 : 0, 1);
  if (lesson) {
    bits.bytes((await digest(bytesOf(lesson))).slice(0, 4));
    bits.number(revision || 0, 3);
  }
  let last = null;
  ordered.forEach((record, n) => {
    if (shorts[n]) {
      writeRecord(bits, shorts[n], last);
      last = shorts[n];
    } else {
      bits.put(AS_JSON, 3);
      bits.text(asJson(record));
    }
  });
  const payload = bits.symbols();
  return groupsOf(payload.concat(await sign(key, "receipt " + VERSION + ":" + (lesson || NO_LESSON) + ":", payload)));
}

const SVG = "http://www.w3.org/2000/svg";

/** As few squares as the text needs, and as much mended when smudged as fits into them. */
export async function encode(text) {
  const { bytes, generate } = await import("./vendor/qr.js");
  return generate(bytes(new TextEncoder().encode(text)));
}

async function drawQr(text) {
  const code = await encode(text);
  const edge = 4;
  let dots = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) dots += "M" + (x + edge) + " " + (y + edge) + "h1v1h-1z";
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", dots);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 " + (code.size + 2 * edge) + " " + (code.size + 2 * edge));
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "学习凭条的二维码");
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.append(path);
  return svg;
}

/** As many receipts as it takes: each must fit a QR code that a cheap phone can read. */
async function inPieces(records, write) {
  const groups = await write(records);
  const address = location.origin + "/receipts/#" + groups.join("");
  if (address.length <= SCANNABLE) return [{ records, groups, address }];
  if (records.length === 1) return [{ records, groups: [], address: "" }];
  const half = Math.ceil(records.length / 2);
  return (await inPieces(records.slice(0, half), write)).concat(await inPieces(records.slice(half), write));
}

const isLong = (record) => record.kind === "reflection" || record.kind === "mark";

async function itemOf(piece, lesson, title, write) {
  let groups = piece.groups;
  let scanOnly = 0;
  if (groups.length > TYPABLE && piece.records.some(isLong)) {
    const brief = piece.records.filter((record) => !isLong(record));
    scanOnly = piece.records.length - brief.length;
    groups = brief.length ? await write(brief) : [];
  }
  let qr = null;
  try { qr = piece.address && await drawQr(piece.address); } catch (e) { /* the letters do it alone */ }
  return { lesson, title, code: piece.groups.join(" "), groups, qr: qr || null, scanOnly, left: piece.address ? 0 : piece.records.length };
}

/**
 * [{ lesson, title, code, groups, qr, scanOnly, left }]; `scanOnly` records are in the QR code and
 * not among the letters to read out, `left` ones are in neither: too long, or of another device.
 */
export async function receiptsOf(account, device, key, records, outlines) {
  // Signing needs a secure page (https); the caller shows these words.
  if (!window.crypto || !crypto.subtle) throw new Error("这个浏览器写不了凭条。记录还在这部手机里，联网后会自动上传。");
  const id = account.account_id || account;
  const piles = new Map();
  records.forEach((record) => {
    const own = !record.device || record.device === device;
    const name = outlineKey(record.lesson_id || "", record.revision) + (own ? "" : ":other");
    if (!piles.has(name)) piles.set(name, { own, list: [], lesson: record.lesson_id || null, revision: record.revision || 0 });
    piles.get(name).list.push(record);
  });
  const items = [];
  for (const pile of Array.from(piles.values())) {
    const { lesson, revision } = pile;
    const outline = outlines[outlineKey(lesson, revision)] || null;
    const title = outline ? outline.title : lesson ? "一课" : "书签与笔记";
    const write = (list) => writeReceipt(id, device, key, list, lesson, revision, outline);
    const pieces = pile.own ? await inPieces(pile.list, write) : [{ records: pile.list, groups: [], address: "" }];
    for (const piece of pieces) items.push(await itemOf(piece, lesson, title, write));
  }
  return items;
}

/** Draws the receipts large, with what to say on the telephone. */
export function showReceipts(place, items) {
  fill(place);
  items.forEach((item) => {
    const box = make("section", { class: "receipt" }, make("h3", {}, item.title));
    if (item.qr) box.append(make("p", {}, "让组长用手机扫这个码："), make("figure", { class: "qr" }, item.qr));
    if (item.groups.length) {
      const list = make("ol", { class: "groups" });
      item.groups.forEach((group) => list.append(make("li", {}, group)));
      box.append(make("p", {}, (item.qr ? "扫不了，就打电话，" : "给组长打电话，") + "把下面的字念给组长，一组一组地念，共 " + item.groups.length + " 组："), list);
    }
    if (item.scanOnly) box.append(make("p", { class: "soft" }, "有 " + item.scanOnly + " 条写的字太多，念不过来，只能扫码交。"));
    if (item.left) box.append(make("p", { class: "soft" }, "有 " + item.left + " 条装不进凭条，还在这部手机里，联网后会自动上传。"));
    place.append(box);
  });
}
