// Every value of the arena as a rectangle over time.

function showArena() {
  const holder = byId("arena");
  const program = state.program;
  const layer = layerDispatches();
  const all = state.span === "all" || layer.length === 0;
  const first = all ? 0 : layer[0].index;
  const last = all ? program.dispatches.length - 1 : layer[layer.length - 1].index;
  const values = program.values.filter((v) => v.last >= first && v.first <= last);
  const frame = { left: 74, right: 8, top: 10, bottom: 24, width: Math.max(280, holder.clientWidth), height: 320 };
  const top = Math.max(1, program.totals.arena_bytes, program.totals.arena_lower_bound_bytes);
  const x = (dispatch) => frame.left + (dispatch - first) / (last - first + 1) * (frame.width - frame.left - frame.right);
  const y = (bytes) => frame.height - frame.bottom - bytes / top * (frame.height - frame.top - frame.bottom);
  const rectangles = values.map((v) => {
    const from = x(Math.max(first, v.first));
    const kernel = program.dispatches[v.first] ? kernelName(program.dispatches[v.first]) : "";
    return s("rect", { class: "value " + (program.colours.get(kernel) || "k8"), x: from.toFixed(2), y: y(v.offset + v.bytes).toFixed(2),
      width: Math.max(1, x(Math.min(last, v.last) + 1) - from).toFixed(2), height: Math.max(1, y(v.offset) - y(v.offset + v.bytes)).toFixed(2) },
      s("title", {}, describeValue(v)));
  });
  const bound = y(program.totals.arena_lower_bound_bytes);
  holder.replaceChildren(s("svg", { width: frame.width, height: frame.height, tabindex: 0, role: "application",
    "aria-label": "Arena over time, arrow keys step through values", onkeydown: stepper(values, rectangles) },
    axes(frame, first, last, top, x, y), rectangles,
    s("line", { class: "bound", x1: frame.left, x2: frame.width - frame.right, y1: bound, y2: bound },
      s("title", {}, "lower bound: the most bytes alive at one dispatch"))));
  const pick = (i) => () => light(values, rectangles, i);
  rectangles.forEach((rectangle, i) => rectangle.addEventListener("pointerenter", pick(i)));
  const totals = program.totals;
  byId("arena-value").textContent = values.length === 0 ? "no values" : `${count(values.length)} values; dashed line: lower bound `
    + `${size(totals.arena_lower_bound_bytes)}, used ${size(totals.arena_bytes)}, without reuse ${size(totals.arena_naive_bytes)}`;
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
