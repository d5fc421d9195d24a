// Draws every figure of the page with Plotly, in our own colours, once it comes near; again when the theme changes.
const plotlyAddress = document.currentScript.dataset.plotly;
let plotlyLoading;

function loadPlotly() {
  plotlyLoading ??= new Promise((resolve, reject) => {
    keepToPolicy();
    const make = document.createElement;
    const script = document.createElement("script");
    // It brings a style element for maps, which the policy refuses and we have no use for: it gets an inert one.
    document.createElement = function (name, ...rest) { return make.call(this, name === "style" ? "template" : name, ...rest); };
    script.src = plotlyAddress;
    script.onload = () => { delete document.createElement; resolve(); };
    script.onerror = (error) => { delete document.createElement; reject(error); };
    document.head.append(script);
  });
  return plotlyLoading;
}

// Plotly sets some styles as attributes, which the policy refuses; the same words through the style object are ours.
function keepToPolicy() {
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else set.call(this, name, value);
  };
}

// `var(--name)` in a figure stands for our colour; a probe resolves it, since the properties hold light-dark().
function withColours(value, probe) {
  if (typeof value === "string") {
    if (!/^var\(--[a-z0-9-]+\)$/.test(value)) return value;
    probe.style.color = value;
    return getComputedStyle(probe).color;
  }
  if (Array.isArray(value)) return value.map((each) => withColours(each, probe));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withColours(each, probe)]));
  }
  return value;
}

function merged(base, over) {
  const result = { ...base };
  for (const [key, value] of Object.entries(over ?? {})) {
    const both = value && base[key] && typeof value === "object" && typeof base[key] === "object" && !Array.isArray(value);
    result[key] = both ? merged(base[key], value) : value;
  }
  return result;
}

const axis = {
  gridcolor: "var(--line)", zerolinecolor: "var(--line-2)", linecolor: "var(--line-2)", automargin: true, fixedrange: true,
  tickfont: { size: 12, color: "var(--text-2)" }, title: { font: { size: 12, color: "var(--text-2)" } },
};
const house = {
  paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true, showlegend: false, dragmode: false,
  margin: { l: 8, r: 8, t: 8, b: 8, pad: 4 }, bargap: 0.25, hovermode: "closest",
  colorway: ["var(--c-blue)", "var(--c-vermillion)", "var(--c-sky)", "var(--c-green)", "var(--c-orange)", "var(--c-purple)"],
  font: { size: 12, color: "var(--text-2)" }, xaxis: axis, yaxis: axis,
  legend: { orientation: "h", x: 0, y: 1.12, font: { size: 12, color: "var(--text-2)" } },
  hoverlabel: { bgcolor: "var(--surface)", bordercolor: "var(--line-2)", font: { size: 12, color: "var(--text)" } },
};

async function draw(place) {
  await loadPlotly();
  const figure = JSON.parse(place.parentElement.querySelector('script[type="application/json"]').textContent);
  const probe = document.createElement("span");
  place.append(probe);
  const layout = merged(house, figure.layout);
  for (const key of Object.keys(layout)) if (/^[xy]axis\d+$/.test(key)) layout[key] = merged(axis, layout[key]);
  layout.font = { ...layout.font, family: getComputedStyle(document.body).fontFamily };
  const data = withColours(figure.data, probe);
  const drawn = withColours(layout, probe);
  probe.remove();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches ? { transition: { duration: 0 } } : {};
  await globalThis.Plotly.react(place, data, { ...drawn, ...still }, { displayModeBar: false, responsive: true, showTips: false });
  if (place.dataset.ready) return;
  place.dataset.ready = "1";
  // A mark leads to its items: the figure carries addresses of our own as customdata.
  place.on("plotly_click", (event) => {
    const address = [event.points[0]?.customdata].flat().find((each) => typeof each === "string" && /^\/(?![\/\\])/.test(each));
    if (address) location.assign(address);
  });
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    near.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "400px" });
for (const place of document.querySelectorAll(".chart > .plot")) near.observe(place);
addEventListener("themechange", () => {
  for (const place of document.querySelectorAll(".chart > .plot[data-ready]")) draw(place);
});
