// How far a film is; without this script the page is loaded anew by hand.

const LOOK_AGAIN = 2000; // milliseconds

/** @param {HTMLElement} place */
async function look(place) {
  const answer = await fetch(place.dataset.videoState || "", { headers: { accept: "application/json" } });
  if (!answer.ok) return true;
  const film = await answer.json();
  if (film.state !== "waiting") {
    location.reload();
    return false;
  }
  const words = place.querySelector("[data-video-words]");
  if (words) words.textContent = `正在生成：做好 ${film.done} 个镜头，一共 ${film.all} 个。`;
  const bar = place.querySelector("progress");
  if (bar) bar.value = film.done;
  return true;
}

/** @param {HTMLElement} place */
async function follow(place) {
  let goesOn = true;
  while (goesOn) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    goesOn = await look(place).catch(() => true); // no network: the next look may have it
  }
}

const film = document.querySelector("[data-video-state]");
if (film instanceof HTMLElement) void follow(film);
