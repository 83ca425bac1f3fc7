// A citation shows its reference, and a term of the glossary its meaning, while the pointer or the keyboard is on it, and
// needs no script for that. This adds what only a script can: Escape puts the preview away, and a finger shows it with a
// first tap and follows the link with a second.

const previewedAt = (target) => (target instanceof Element ? target.closest(".previewed") : null);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const previewed of document.querySelectorAll(".previewed:is(:hover, :focus-within, [data-open])")) {
    delete previewed.dataset.open;
    previewed.dataset.dismissed = "";
  }
});

for (const leaving of ["pointerout", "focusout"]) {
  document.addEventListener(leaving, (event) => {
    const previewed = previewedAt(event.target);
    if (previewed && previewedAt(event.relatedTarget) !== previewed) delete previewed.dataset.dismissed;
  });
}

document.addEventListener("click", (event) => {
  const previewed = previewedAt(event.target);
  for (const open of document.querySelectorAll(".previewed[data-open]")) {
    if (open !== previewed) delete open.dataset.open;
  }
  if (!previewed || event.pointerType !== "touch" || "open" in previewed.dataset) return;
  event.preventDefault();
  delete previewed.dataset.dismissed;
  previewed.dataset.open = "";
});
