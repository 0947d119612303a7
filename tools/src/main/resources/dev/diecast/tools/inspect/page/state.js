// What is shown, kept in the address so that a view can be linked: #program=decode&layer=3&q=attn

const state = { program: plan.programs[0], layer: 0, q: "", theme: "auto", span: "layers", open: new Set() };

function readState() {
  const hash = new URLSearchParams(location.hash.slice(1));
  state.program = plan.programs.find((p) => p.name === hash.get("program"))
    || plan.programs.find((p) => p.name === "decode") || plan.programs[0];
  const layers = state.program.layers.map(([layer]) => layer);
  const layer = hash.has("layer") ? Number(hash.get("layer")) : state.program.typicalLayer;
  state.layer = layers.includes(layer) ? layer : layers[0];
  state.q = hash.get("q") || "";
  state.theme = ["light", "dark"].includes(hash.get("theme")) ? hash.get("theme") : "auto";
  state.span = ["layer", "all"].includes(hash.get("span")) ? hash.get("span") : "layers";
  state.open = new Set((hash.get("open") || "").split(",").filter((n) => n !== "").map(Number));
}

function writeState() {
  const hash = new URLSearchParams();
  if (plan.programs.length > 1) hash.set("program", state.program.name);
  hash.set("layer", state.layer);
  if (state.q) hash.set("q", state.q);
  if (state.theme !== "auto") hash.set("theme", state.theme);
  if (state.span !== "layers") hash.set("span", state.span);
  if (state.open.size) hash.set("open", [...state.open].join(","));
  history.replaceState(null, "", "#" + hash);
}

const layerDispatches = () => (state.program.layers.find(([layer]) => layer === state.layer) || [0, []])[1];
