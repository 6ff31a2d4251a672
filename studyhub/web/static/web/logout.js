// Signing out with records that are not sent yet: nothing is thrown away by accident.

import { element, fill, make, makeButton, setPhone, who } from "./base.js";
import { openQueue } from "./queue.js";

/** @type {any} */
const form = document.querySelector("main form"); // holds the token: never emptied
const place = element("said");
let sure = false;
let settled = false;

async function forget(queue, everything) {
  // Copies of what the server knows go; the records go only when the reader gave them up.
  await queue.forgetCopies();
  if (everything) {
    await queue.remove((await queue.waiting()).map((row) => row.id));
    await queue.tell(); // nor may the mirror bring them back
  }
  await setPhone("account", null);
  settled = true;
  form.submit();
}

function choose(queue, count) {
  const again = makeButton("现在上传", () => leave(queue), { class: "" });
  const later = makeButton("保留在本机，以后自动上传（30 天）", () => forget(queue, false));
  later.disabled = !queue.kept.noted; // nothing would outlive this page
  const away = makeButton("放弃这些记录", () => {
    if (sure) { forget(queue, true); return; }
    sure = true;
    away.textContent = "真的放弃？再按一次就删掉";
  });
  form.hidden = true;
  fill(place, make("strong", { role: "alert" }, "还有 " + count + " 条学习记录没有上传。"), make("span", { class: "row gap" }, again, later, away));
  again.focus();
}

async function leave(queue) {
  fill(place, "正在上传学习记录…");
  await Promise.race([queue.send(true), new Promise((resolve) => { setTimeout(resolve, 5000); })]);
  const left = (await queue.waiting()).length;
  fill(place);
  if (left) choose(queue, left);
  else await forget(queue, false);
}

async function leaveOrSay(account) {
  try { await leave(await openQueue(account)); } catch (e) {
    settled = true;
    fill(place, make("strong", { role: "alert" }, "这部手机的存储没有应答，可能还有没上传的学习记录。再按一次就退出。"));
  }
}

form.addEventListener("submit", async (event) => {
  if (settled) return;
  event.preventDefault();
  const account = await who;
  if (account && (account.member || account.leads)) await leaveOrSay(account);
  else { settled = true; await setPhone("account", null); form.submit(); }
});
