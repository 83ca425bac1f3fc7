// Tables that readers may sort. Without this script they stand in the order of the page.

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const original = [...body.rows];
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    if (!("sort" in header.dataset)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const order = next(header.getAttribute("aria-sort"));
      for (const other of headers) other.removeAttribute("aria-sort");
      if (order) header.setAttribute("aria-sort", order);
      body.append(...sorted(original, column, order));
    });
  });
}

/** Up, then down, then as it was. */
function next(order) {
  return { ascending: "descending", descending: null }[order ?? ""] ?? (order ? null : "ascending");
}

/** The rows by the cells of a column; equal ones stay in their order, and empty ones come last. */
function sorted(rows, column, order) {
  if (!order) return rows;
  const sign = order === "ascending" ? 1 : -1;
  const key = (row) => {
    const cell = row.cells[column];
    return "value" in cell.dataset ? Number.parseFloat(cell.dataset.value) : cell.textContent.trim();
  };
  const compare = (a, b) => {
    if (typeof a === "string") return sign * a.localeCompare(b, document.documentElement.lang, { numeric: true });
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return sign * (a - b);
  };
  return rows.map((row) => [key(row), row]).sort(([a], [b]) => compare(a, b)).map(([, row]) => row);
}
