// A heritage site's page: the whole site on the phone, so that a label opens where no signal is.

import { element, fill, isFull, make, makeButton, sizeWords } from "./base.js";
import { probe } from "./keep.js";
import { keepSite, keptSite } from "./sites.js";

const place = element("keep-site");
const told = JSON.parse(/** @type {any} */ (element("site-data")).textContent);
const note = make("p", { class: "soft small", role: "status" });

function say(words) {
  fill(note, words);
}

async function save() {
  say("正在存……");
  try {
    const row = await keepSite(told);
    say("存好了（" + sizeWords(row.bytes) + "）。在现场没有信号，扫展签上的码也能打开。");
  } catch (e) {
    say(isFull(e) ? "手机空间不够，请先到“已存到本机”删掉几课。" : "没有存完，原来存的还在。有信号了再按一次。");
  }
}

async function start() {
  const tier = await probe();
  if (!tier) return; // it keeps nothing: nothing is offered
  const size = told.files.reduce((sum, one) => sum + one.bytes, 0);
  const words = "把这个参观点存到手机" + (size ? "（" + sizeWords(size) + "）" : "");
  fill(place, make("div", { class: "row gap no-print" }, makeButton(words, save)), note);
  if (tier === 2) say("这个浏览器关掉以后就打不开存的内容，请在手机浏览器里打开本站再存。");
  const row = await keptSite(told.site);
  if (!row) return;
  say("已经存在这部手机上，没有信号也能打开。");
  if (row.version !== told.version) await save();
}

start();
