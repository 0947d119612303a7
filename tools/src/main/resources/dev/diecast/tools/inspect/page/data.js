// The plan, with rows of columns turned into objects.

const plan = JSON.parse(document.getElementById("data").textContent);

const named = (columns, row) => Object.fromEntries(columns.map((name, i) => [name, row[i]]));

const DISPATCH = ["label", "kernel", "layer", "waits", "shape", "weightBytes", "kvBytes", "otherBytes",
  "flops", "micros", "roofline", "launch", "ops", "args", "bindings"];
const BINDING = ["slot", "buffer", "offset", "bytes", "access", "tensor", "idsSlot", "experts", "stride", "expertBytes"];
const VALUE = ["label", "offset", "bytes", "first", "last"];
const EDGE = ["from", "to", "value", "bytes"];

const nameOf = (table, index, kind) => (table[index] ? table[index].name : kind + " " + index);
const kernelName = (dispatch) => nameOf(plan.kernels, dispatch.kernel, "kernel");
const bufferName = (index) => nameOf(plan.buffers, index, "buffer");
const bytesOf = (dispatch) => dispatch.weightBytes + dispatch.kvBytes + dispatch.otherBytes;
const sum = (items, value) => items.reduce((total, item) => total + value(item), 0);

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const k = key(item);
    if (!groups.has(k)) groups.set(k, []);
    groups.get(k).push(item);
  }
  return groups;
}

for (const program of plan.programs) {
  program.dispatches = program.dispatches.map((row, index) => {
    const dispatch = { index, ...named(DISPATCH, row) };
    dispatch.bindings = dispatch.bindings.map((binding) => named(BINDING, binding));
    dispatch.text = [dispatch.label, kernelName(dispatch), ...dispatch.ops].join("\n").toLowerCase();
    return dispatch;
  });
  program.values = program.values.map((row) => named(VALUE, row));
  program.edges = program.edges.map((row) => named(EDGE, row));
  program.layers = [...groupBy(program.dispatches, (d) => d.layer).entries()].sort((a, b) => a[0] - b[0]);
  // Colours go to the kernels that cost most, the last colour to all the others.
  const costs = [...groupBy(program.dispatches, kernelName).entries()]
    .map(([name, all]) => ({ name, all, micros: sum(all, (d) => d.micros), roofline: sum(all, (d) => d.roofline) }))
    .sort((a, b) => b.micros - a.micros);
  costs.forEach((cost, i) => { cost.colour = "k" + Math.min(i, 8); });
  program.costs = costs;
  program.colours = new Map(costs.map((cost) => [cost.name, cost.colour]));
}

const layerName = (layer) => (layer < 0 ? "outside" : String(layer));

function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return (unit === 0 || value >= 100 ? value.toFixed(0) : value.toPrecision(3)) + " " + units[unit];
}

function time(micros) {
  if (micros >= 1e6) return (micros / 1e6).toPrecision(3) + " s";
  if (micros >= 1e3) return (micros / 1e3).toPrecision(3) + " ms";
  return (micros >= 100 ? micros.toFixed(0) : micros.toPrecision(3)) + " \u00b5s";
}

const count = (n) => n.toLocaleString("en");
function rate(bytes, micros) {
  const rate = micros > 0 ? bytes / micros / 1e3 : 0;
  if (rate === 0) return "\u2013";
  return rate < 0.1 ? "< 0.1" : rate.toFixed(rate < 10 ? 2 : rate < 100 ? 1 : 0);
}

const percent = (part, whole) => (whole > 0 ? (100 * part / whole).toFixed(1) + " %" : "\u2013");
const shortened = (text, limit) => (text.length > limit ? text.slice(0, limit - 1) + "\u2026" : text);
