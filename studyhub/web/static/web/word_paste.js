// 整篇粘贴: what the clipboard holds, with its pictures as files. Nothing is fetched from anywhere.

const area = /** @type {HTMLElement} */ (document.getElementById("paste-area"));
const field = /** @type {HTMLTextAreaElement} */ (document.getElementById("id_html"));
const said = /** @type {HTMLElement} */ (document.getElementById("paste-said"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("word-form"));
/** @type {File[]} */
const pictures = [];
let pasted = "";

area.hidden = false;
field.hidden = true;

function countPictures() {
  const found = new DOMParser().parseFromString(pasted, "text/html").images.length;
  const missing = Math.max(0, found - pictures.length);
  const words = area.innerText.replace(/\s/g, "").length;
  said.textContent = words || found
    ? `收到 ${words} 个字，${pictures.length} 张图片` + (missing ? `；有 ${missing} 张图片没有跟来，请另外上传。` : "。")
    : "";
}

/** Words alone, as they look; the whole of the HTML goes to the server, which cleans it. */
function show(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  parsed.querySelectorAll("style, script, img, title").forEach((one) => one.remove());
  const lines = [...parsed.body.querySelectorAll("p, li, h1, h2, h3, h4, td, section")]
    .filter((one) => !one.querySelector("p, li, section, td"))
    .map((one) => (one.textContent || "").trim())
    .filter(Boolean);
  area.innerText += (lines.length ? lines : [parsed.body.textContent || ""]).join("\n") + "\n";
}

function takePictures(files) {
  for (const file of files) {
    if (file.type.startsWith("image/")) {
      pasted += `<p><img src="picture:${pictures.length}"></p>`;
      pictures.push(file);
    }
  }
}

area.addEventListener("paste", (event) => {
  const data = event.clipboardData;
  if (!data) return;
  event.preventDefault();
  const html = data.getData("text/html");
  const text = data.getData("text/plain");
  if (html) {
    pasted += html;
    show(html);
  } else if (text) {
    pasted += text.split(/\r?\n/).map((line) => { const p = document.createElement("p"); p.textContent = line; return p.outerHTML; }).join("");
    area.innerText += text + "\n";
  }
  if (!html) takePictures(data.files);
  countPictures();
});

area.addEventListener("input", () => { // typed or deleted by hand: then that is what is meant
  pasted = area.innerText.split("\n").map((line) => { const p = document.createElement("p"); p.textContent = line; return p.outerHTML; }).join("");
  pictures.length = 0;
  countPictures();
});

form.addEventListener("formdata", (event) => {
  event.formData.set("html", pasted);
  pictures.forEach((file) => event.formData.append("pictures", file));
});
