// Light, dark, or what the system says; the choice is kept in this browser only. Loaded before the page is drawn.
const themeRoot = document.documentElement;
const keptTheme = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
const keepTheme = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* Private mode: it lasts as long as the page. */ } };
const systemTheme = matchMedia("(prefers-color-scheme: dark)");
if (["light", "dark"].includes(keptTheme())) themeRoot.dataset.theme = keptTheme();
addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  const dark = (themeRoot.dataset.theme ?? (systemTheme.matches ? "dark" : "light")) === "dark";
  keepTheme((themeRoot.dataset.theme = dark ? "light" : "dark"));
  dispatchEvent(new Event("themechange"));
});
systemTheme.addEventListener("change", () => dispatchEvent(new Event("themechange")));
