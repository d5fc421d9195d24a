// Triage by keyboard in the inbox: t takes the incidents that are ticked, or the one the focus is on.
addEventListener("keydown", (event) => {
  if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
  const form = document.querySelector("form[method=post]:has(table[data-rows])");
  if (!form) return;
  if (!form.querySelector("tbody .tick input:checked")) {
    const box = form.querySelector("tr.here .tick input");
    if (!box) return;
    box.checked = true;
  }
  form.elements.verb.value = "take";
  event.preventDefault();
  form.requestSubmit();
});
