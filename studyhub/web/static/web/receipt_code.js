// The code of a receipt (学习凭条): bits of its records, in letters that can be read out on the telephone.
// Format 1; studyhub/records/receipts.py says what every bit means and is held against this in tests.

import { bytesOf, recordId } from "./base.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VERSION = 1;
const START = 1767225600; // 2026-01-01T00:00:00Z
const TIME_BITS = 30;
const PROOF = 7; // characters
const KINDS = ["sections_read", "lesson_finished", "quiz_attempt", "reflection"];
const AS_JSON = 7;
const NO_LESSON = "00000000-0000-0000-0000-000000000000";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const utf8 = (text) => new TextEncoder().encode(text);
const is = (value, type) => Object.prototype.toString.call(value) === "[object " + type + "]";
const keysAre = (data, names) => is(data, "Object") && Object.keys(data).length === names.length && names.every((name) => name in data);

// Bits -------------------------------------------------------------------------------------------
function openBits() {
  const list = [];
  const bits = {
    list,
    put(value, size) {
      for (let i = size - 1; i >= 0; i -= 1) list.push(Math.floor(value / 2 ** i) % 2);
    },
    number(value, step) {
      const more = Math.floor(value / 2 ** step);
      bits.put(more ? 1 : 0, 1);
      bits.put(value % 2 ** step, step);
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
  while (2 ** size < choices.length + 2) size += 1;
  const place = choices.indexOf(answer);
  if (given && place < 0 && !whole(answer)) return false;
  bits.put(!given ? choices.length : place < 0 ? choices.length + 1 : place, size);
  if (given && place < 0) bits.text(answer);
  return true;
}

function writeSeveral(bits, choices, given, answer) {
  if (Array.isArray(answer)) {
    if (answer.some((one, n) => !choices.includes(one) || answer.indexOf(one) !== n)) return false;
    bits.put(1, 1);
    choices.forEach((choice) => bits.put(answer.includes(choice) ? 1 : 0, 1));
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
  if (!is(data.answers, "Object") || Object.keys(data.answers).some((one) => !known.includes(one))) return false;
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
  if (!keysAre(data, ["section_ids"]) || !Array.isArray(ids) || ids.some((id) => !outline.sections.includes(id))) return false;
  outline.sections.forEach((id) => bits.put(ids.includes(id) ? 1 : 0, 1));
  return true;
}

function shorten(account, device, record, outline) {
  const milliseconds = Date.parse(record.at);
  const seconds = milliseconds / 1000 - START;
  if (!KINDS.includes(record.kind) || !record.seq || milliseconds % 1000 || !(seconds >= 0 && seconds < 2 ** TIME_BITS)) return null;
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
