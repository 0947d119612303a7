// Everything together: shows the state, and changes it as the controls say.

function showControls() {
  byId("program").replaceChildren(...plan.programs.map((p) => h("option", { value: p.name, selected: p === state.program }, p.name)));
  byId("layer").replaceChildren(...state.program.layers.map(([layer]) =>
    h("option", { value: layer, selected: layer === state.layer }, layerName(layer))));
  byId("theme").value = state.theme;
  byId("arena-span").value = state.span;
  byId("search").value = state.q;
  if (state.theme === "auto") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = state.theme;
}

function showDrawings() {
  showFlow();
  showArena();
  showLayers();
}

function showAll() {
  showControls();
  showTotals();
  showKernels();
  showMemory();
  showDrawings();
}

function changed(id, change) {
  byId(id).addEventListener("change", () => {
    change(byId(id).value);
    writeState();
    readState();
    showAll();
  });
}

function stepLayer(step) {
  const layers = state.program.layers.map(([layer]) => layer);
  state.layer = layers[(layers.indexOf(state.layer) + step + layers.length) % layers.length];
  writeState();
  showAll();
}

function listen() {
  byId("program").addEventListener("change", () => {
    state.program = plan.programs.find((p) => p.name === byId("program").value);
    state.open.clear();
    writeState();
    readState();
    showAll();
    showDispatches();
  });
  changed("layer", (value) => { state.layer = Number(value); });
  changed("theme", (value) => { state.theme = value; });
  changed("arena-span", (value) => { state.span = value; });
  byId("layer-back").addEventListener("click", () => stepLayer(-1));
  byId("layer-on").addEventListener("click", () => stepLayer(1));
  byId("search").addEventListener("input", () => {
    state.q = byId("search").value;
    writeState();
    applySearch();
  });
  document.addEventListener("keydown", (event) => {
    const typing = ["INPUT", "SELECT"].includes(event.target.tagName);
    if (event.key === "/" && !typing) {
      event.preventDefault();
      byId("search").focus();
    }
  });
  window.addEventListener("hashchange", () => { readState(); showAll(); showDispatches(); });
  let pending = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(showDrawings);
  });
}

if (plan.programs.length === 0) {
  showHeader();
  document.querySelector("main").replaceChildren("This plan holds no program.");
} else {
  readState();
  showHeader();
  showAll();
  showDispatches();
  listen();
  if (location.hash.includes("q=")) byId("dispatches-title").scrollIntoView();
}
document.documentElement.dataset.ready = "true";
