// Every value of the arena as a rectangle over time.

function showArena() {
  const holder = byId("arena");
  const program = state.program;
  const [first, last] = arenaSpan(program);
  const values = program.values.filter((v) => v.last >= first && v.first <= last);
  const frame = { left: 74, right: 8, top: 10, bottom: 24, width: Math.max(280, holder.clientWidth), height: 320 };
  const alive = mostAlive(values, first, last);
  const top = Math.max(1, ...values.map((v) => v.offset + v.bytes));
  const x = (dispatch) => frame.left + (dispatch - first) / (last - first + 1) * (frame.width - frame.left - frame.right);
  const y = (bytes) => frame.height - frame.bottom - bytes / top * (frame.height - frame.top - frame.bottom);
  const rectangles = values.map((v) => {
    const from = x(Math.max(first, v.first));
    const kernel = program.dispatches[v.first] ? kernelName(program.dispatches[v.first]) : "";
    const width = x(Math.min(last, v.last) + 1) - from;
    return s("rect", { class: (width < 4 ? "thin " : "") + "value " + (program.colours.get(kernel) || "k8"), x: from.toFixed(2), y: y(v.offset + v.bytes).toFixed(2),
      width: Math.max(1, width).toFixed(2), height: Math.max(1, y(v.offset) - y(v.offset + v.bytes)).toFixed(2) },
      s("title", {}, describeValue(v)));
  });
  const bound = y(alive);
  holder.replaceChildren(s("svg", { width: frame.width, height: frame.height, tabindex: 0, role: "application",
    "aria-label": "Arena over time, arrow keys step through values", onkeydown: stepper(values, rectangles) },
    axes(frame, first, last, top, x, y), rectangles,
    s("line", { class: "bound", x1: frame.left, x2: frame.width - frame.right, y1: bound, y2: bound },
      s("title", {}, "lower bound: the most bytes alive at one dispatch shown"))));
  const pick = (i) => () => light(values, rectangles, i);
  rectangles.forEach((rectangle, i) => rectangle.addEventListener("pointerenter", pick(i)));
  byId("arena-value").textContent = values.length === 0 ? "no values"
    : `${count(values.length)} values in ${size(top)}; dashed line: at least ${size(alive)}, the most alive at one of these dispatches`;
}

// The first and last dispatch to show. What sampling needs outside the layers can dwarf all they need.
function arenaSpan(program) {
  const shown = { layer: layerDispatches(), layers: program.dispatches.filter((d) => d.layer >= 0), all: [] }[state.span];
  return shown.length === 0 ? [0, program.dispatches.length - 1] : [shown[0].index, shown[shown.length - 1].index];
}

// No arena can be smaller. A value that another replaces in place counts once: both share its bytes.
function mostAlive(values, first, last) {
  const starts = new Set(values.map((v) => v.first + ":" + v.offset + ":" + v.bytes));
  const change = new Array(last - first + 2).fill(0);
  for (const v of values) {
    const replaced = v.last > v.first && starts.has(v.last + ":" + v.offset + ":" + v.bytes);
    const end = Math.min(last, v.last) - (replaced && v.last <= last ? 1 : 0);
    change[Math.max(first, v.first) - first] += v.bytes;
    change[end - first + 1] -= v.bytes;
  }
  let alive = 0;
  return Math.max(0, ...change.map((bytes) => { alive += bytes; return alive; }));
}

const describeValue = (v) =>
  `${v.label}: ${size(v.bytes)} at ${count(v.offset)}, dispatches ${v.first} to ${v.last}`;

function light(values, rectangles, index) {
  rectangles.forEach((rectangle, i) => rectangle.classList.toggle("lit", i === index));
  byId("arena-value").textContent = describeValue(values[index]);
}

function stepper(values, rectangles) {
  let at = -1;
  return (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || values.length === 0) return;
    event.preventDefault();
    at = (at + step + values.length) % values.length;
    light(values, rectangles, at);
  };
}

function axes(frame, first, last, top, x, y) {
  const marks = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => {
    const at = y(top * part);
    return [s("line", { class: "axis", x1: frame.left, x2: frame.width - frame.right, y1: at, y2: at }),
      s("text", { class: "soft", x: frame.left - 6, y: at + 4, "text-anchor": "end" }, size(Math.round(top * part)))];
  });
  const ticks = [first, Math.floor((first + last) / 2), last].map((dispatch, i) =>
    s("text", { class: "soft", x: x(dispatch), y: frame.height - 6, "text-anchor": ["start", "middle", "end"][i] }, String(dispatch)));
  return [...marks, ...(last - first < 4 ? ticks.slice(0, 1) : ticks)];
}
