/* A long draft: fetches the pieces that the page did not carry, the one a link leads to first. */
document.addEventListener("DOMContentLoaded", () => {
  const waiting = new Map();
  for (const place of document.querySelectorAll(".piece-later")) {
    place.classList.add("coming");
    waiting.set(place.querySelector("a").pathname, place);
  }
  if (!waiting.size) return;
  const entries = new Map(); // what the contents name: key of a heading to its piece
  for (const link of document.querySelectorAll(".toc a")) {
    entries.set(link.hash.slice(1), link.pathname);
    link.href = link.hash;
  }
  const fetched = new Map();
  const bring = async (path) => {
    const place = waiting.get(path);
    const answer = await fetch(path, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const piece = page.querySelector(".draft > .piece");
    if (!answer.ok || !piece) throw new Error(`no text at ${path}`);
    place.replaceWith(document.adoptNode(piece));
    waiting.delete(path);
    document.dispatchEvent(new CustomEvent("consult:text", { detail: piece }));
  };
  const load = (path) => {
    if (!fetched.has(path)) fetched.set(path, bring(path));
    return fetched.get(path);
  };
  // Keys grow downwards: d5.k1.a stands in the piece of d5.
  const pieceOf = (key) => {
    for (let start = key; start; start = start.slice(0, Math.max(start.lastIndexOf("."), 0))) {
      if (entries.has(start)) return entries.get(start);
    }
    return null;
  };
  const reach = async () => {
    const key = decodeURIComponent(location.hash.slice(1));
    if (!key || document.getElementById(key)) return;
    const path = pieceOf(key);
    if (waiting.has(path)) await load(path);
    while (!document.getElementById(key) && waiting.size) await load(waiting.keys().next().value);
    const place = document.getElementById(key);
    if (!place) return;
    // Once more, now that the place is there: the browser marks it and goes to where it would be
    // by the sizes it supposed; then, with the text around it laid out, to where it is.
    location.replace(location.hash);
    for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
    place.scrollIntoView();
  };
  const rest = async () => {
    while (waiting.size) await load(waiting.keys().next().value);
  };
  // Without an answer the links to the pieces stay, each a page of its own.
  const giveUp = () => {
    for (const place of waiting.values()) place.classList.remove("coming");
  };
  addEventListener("hashchange", () => reach().catch(giveUp));
  reach().then(rest).catch(giveUp);
});
