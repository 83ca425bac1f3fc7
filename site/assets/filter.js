// A form that narrows the rows of a table. Without this script the table shows them all, and the form is not seen.
// What is chosen stands in the address, so that a narrowed table can be linked to.

for (const form of document.querySelectorAll("form[data-filters]")) {
  const table = document.getElementById(form.dataset.filters);
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, words: row.textContent.toLowerCase() }));
  const place = [...table.tHead.rows[0].cells].findIndex((cell) => cell.dataset.filter === "place");
  const none = form.parentElement.querySelector(".filter-none");

  const update = () => {
    const { words, document: source, place: where, contradicted, used } = form.elements;
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, words } of rows) {
      const fits = wanted.every((word) => words.includes(word))
        && (!source.value || row.dataset.document === source.value)
        && (!where.value || row.cells[place].textContent === where.value)
        && (!contradicted.checked || "contradicted" in row.dataset)
        && (!used.checked || "used" in row.dataset);
      row.hidden = !fits;
      count += Number(fits);
    }
    form.querySelector("output").textContent = `${count} of ${rows.length} figures`;
    none.hidden = count > 0;
  };

  form.addEventListener("input", () => {
    update();
    const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", chosen.size ? `?${chosen}` : location.pathname);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => form.dispatchEvent(new Event("input"))));

  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
    else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
  }
  update();
}
