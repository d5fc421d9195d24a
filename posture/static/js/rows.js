// Tables by keyboard: j and k move, x selects, Enter opens; the box in the head selects its table's rows.
const rowLists = () => [...document.querySelectorAll("table[data-rows] > tbody > tr")];
let rowAt = -1;

function goToRow(step) {
  const rows = rowLists();
  if (!rows.length) return;
  rows[rowAt]?.classList.remove("here");
  rowAt = Math.max(0, Math.min(rows.length - 1, rowAt + step));
  const row = rows[rowAt];
  row.classList.add("here");
  row.scrollIntoView({ block: "nearest" });
  (row.querySelector("a[data-open]") ?? row.querySelector("input, a"))?.focus({ preventScroll: true });
}

// "2 assets and 1 exposure selected": each box is named for the sort of thing it stands for.
function selectedWords() {
  const numbers = new Map();
  for (const box of document.querySelectorAll("tbody .tick input:checked")) numbers.set(box.name, (numbers.get(box.name) ?? 0) + 1);
  return [...numbers].map(([name, number]) => `${number.toLocaleString("en")} ${name}${number === 1 ? "" : "s"}`).join(" and ");
}

function countSelected() {
  const words = selectedWords();
  for (const place of document.querySelectorAll("[data-selected]")) {
    place.textContent = words ? `${words} selected` : place.dataset.selected;
  }
  for (const head of document.querySelectorAll("input[data-all]")) {
    const boxes = [...head.closest("table").querySelectorAll("tbody .tick input")];
    const ticked = boxes.filter((box) => box.checked).length;
    head.checked = ticked > 0 && ticked === boxes.length;
    head.indeterminate = ticked > 0 && ticked < boxes.length;
  }
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
  if (event.key === "j") goToRow(1);
  else if (event.key === "k") goToRow(-1);
  else if (event.key === "x") rowLists()[rowAt]?.querySelector(".tick input")?.click();
  else if (event.key === "e") document.querySelector("[data-act]")?.focus();
  else return;
  event.preventDefault();
});
addEventListener("change", (event) => {
  if (event.target.matches("input[data-all]")) {
    for (const box of event.target.closest("table").querySelectorAll("tbody .tick input")) box.checked = event.target.checked;
  }
  countSelected();
});
countSelected();
