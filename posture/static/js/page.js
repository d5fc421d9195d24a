// Small manners of every page: closing notices, one open menu at a time, the "/" and "?" keys.
addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast, .notice")?.remove();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  if (event.key === "/") {
    const field = document.querySelector("main input[type=search]");
    if (field) { event.preventDefault(); field.focus(); }
  }
  if (event.key === "?") document.querySelector("[data-help]")?.click();
});
// Kept values in select boxes and text fields that mean "no filter" stay out of the address.
addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll?.("[data-skip-empty] :is(input, select), [data-skip-empty]:is(input, select)") ?? []) {
    if (!field.value) field.disabled = true;
  }
});
