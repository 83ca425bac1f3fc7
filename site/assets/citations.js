// A citation shows its reference while the pointer or the keyboard is on it, and needs no script for that. This adds what
// only a script can: Escape puts the reference away, and a finger shows it with a first tap and follows the link with a
// second.

const citedAt = (target) => (target instanceof Element ? target.closest(".cited") : null);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const cited of document.querySelectorAll(".cited:is(:hover, :focus-within, [data-open])")) {
    delete cited.dataset.open;
    cited.dataset.dismissed = "";
  }
});

for (const leaving of ["pointerout", "focusout"]) {
  document.addEventListener(leaving, (event) => {
    const cited = citedAt(event.target);
    if (cited && citedAt(event.relatedTarget) !== cited) delete cited.dataset.dismissed;
  });
}

document.addEventListener("click", (event) => {
  const cited = citedAt(event.target);
  for (const open of document.querySelectorAll(".cited[data-open]")) {
    if (open !== cited) delete open.dataset.open;
  }
  if (!cited || event.pointerType !== "touch" || "open" in cited.dataset) return;
  event.preventDefault();
  delete cited.dataset.dismissed;
  cited.dataset.open = "";
});
