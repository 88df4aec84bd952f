// Follows what happens: pieces of the page come as they are made, each with an id. One
// that is there already takes its own place; another goes last into what it names.
"use strict";

const WAIT_MS = 5000;

function put(piece) {
  const there = document.getElementById(piece.id);
  if ("gone" in piece.dataset) {
    there?.remove();
  } else if (there) {
    there.replaceWith(piece);
  } else {
    const list = document.getElementById(piece.dataset.into);
    list?.append(piece);
    const most = Number(list?.dataset.most ?? Infinity);
    while (list && list.children.length > most) list.firstElementChild.remove();
  }
}

function follow(place) {
  const lost = place.querySelector("[data-live-lost]");
  const source = new EventSource(place.dataset.live);
  source.onmessage = (event) => {
    lost.hidden = true;
    const pieces = document.createElement("template");
    pieces.innerHTML = event.data;
    for (const piece of [...pieces.content.children]) put(piece);
  };
  source.addEventListener("over", () => {
    source.close();
    place.querySelector("[data-live-over]").hidden = false;
  });
  source.onerror = () => {
    lost.hidden = false;
    // A browser that was refused asks no more by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, WAIT_MS, place);
  };
  addEventListener("pagehide", () => source.close(), { once: true });
}

for (const place of document.querySelectorAll("[data-live]")) follow(place);
