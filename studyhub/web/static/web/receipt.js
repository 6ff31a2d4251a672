// 学习凭条: records that could not be sent, as a QR code and as letters to read out on the telephone.
//
//   const items = await receiptsOf(account, device, key, records, outlines);
//   showReceipts(place, items);
//
// `outlines`: what stood in #lesson-data of each lesson, by outlineKey(lesson, revision). A record
// whose outline is missing travels too, only in more letters.

import { fill, make, routes } from "./base.js";
import { writeReceipt } from "./receipt_code.js";

const TYPABLE = 30; // groups; more nobody reads out
const SCANNABLE = 1273; // bytes in a QR code of 117 modules
const SVG = "http://www.w3.org/2000/svg";

export const outlineKey = (lesson, revision) => lesson + ":" + (revision || 0);

/** As few squares as the text needs, and as much mended when smudged as fits into them. */
export async function encode(text) {
  const { bytes, generate } = /** @type {any} */ (await import("./vendor/qr.js"));
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
  const address = location.origin + routes.receipts + "#" + groups.join("");
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
    const typed = piece.records.filter((record) => !isLong(record));
    scanOnly = piece.records.length - typed.length;
    groups = typed.length ? await write(typed) : [];
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
