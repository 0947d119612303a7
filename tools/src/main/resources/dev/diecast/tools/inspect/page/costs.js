// Predicted times by kernel and by layer, each beside its roofline.

function showKernels() {
  const program = state.program;
  const most = Math.max(...program.costs.map((c) => Math.max(c.micros, c.roofline)), 1e-9);
  const rows = program.costs.map((cost) => {
    const bytes = sum(cost.all, bytesOf);
    const use = plan.kernels[cost.all[0].kernel] || {};
    return h("tr", {},
      h("td", { class: "name" }, h("span", { class: "swatch " + cost.colour }),
        h("button", { class: "link", title: "search for it", onclick: () => search(cost.name) }, shortened(cost.name, 40))),
      number(count(cost.all.length)), number(time(cost.micros / cost.all.length)), number(time(cost.micros)),
      number(percent(cost.micros, program.predictedMicros)), number(rate(bytes, cost.micros)),
      h("td", { class: "wide" }, bar(cost.micros / most, cost.roofline / most, cost.colour)),
      h("td", { class: "meaning optional", title: use.meaning }, shortened(use.meaning || "", 110)));
  });
  byId("kernels").replaceChildren(table(
    [["kernel"], ["calls", "number"], ["each", "number"], ["all", "number"], ["share", "number"], ["GB/s", "number"],
      ["time and roofline"], ["what it does", "optional"]], rows));
}

function showLayers() {
  const holder = byId("layers");
  const program = state.program;
  const columns = program.layers.map(([layer, all]) => ({ layer, all,
    micros: sum(all, (d) => d.micros), roofline: sum(all, (d) => d.roofline) }));
  const width = Math.max(280, holder.clientWidth);
  const height = 180;
  const left = 58;
  const most = Math.max(...columns.map((c) => Math.max(c.micros, c.roofline)), 1e-9);
  const step = (width - left) / Math.max(1, columns.length);
  const y = (micros) => height - 22 - micros / most * (height - 34);
  const every = Math.ceil(26 / step);
  const marks = [0, 0.5, 1].flatMap((part) => [
    s("line", { class: "axis", x1: left, x2: width, y1: y(most * part), y2: y(most * part) }),
    s("text", { class: "soft", x: left - 6, y: y(most * part) + 4, "text-anchor": "end" }, part === 0 ? "0" : time(most * part))]);
  const drawn = columns.map((column, i) => drawColumn(column, left + i * step, step, y, height,
    i === 0 || (columns[i].layer % every === 0 && i >= every)));
  holder.replaceChildren(s("svg", { width, height, role: "group", "aria-label": "Predicted time by layer" }, marks, drawn));
}

function drawColumn(column, x, step, y, height, labelled) {
  const gap = Math.min(4, step / 4);
  const pick = () => { state.layer = column.layer; writeState(); showAll(); };
  let at = 0;
  const parts = state.program.costs.map((cost) => {
    const micros = sum(column.all.filter((d) => kernelName(d) === cost.name), (d) => d.micros);
    const rectangle = micros > 0
      ? s("rect", { class: cost.colour, x: x + gap / 2, width: step - gap, y: y(at + micros), height: y(at) - y(at + micros) })
      : null;
    at += micros;
    return rectangle;
  });
  const text = `layer ${layerName(column.layer)}: ${column.all.length} dispatches, ${time(column.micros)}, roofline ${time(column.roofline)}`;
  const roof = y(column.roofline);
  return s("g", { class: "column" + (column.layer === state.layer ? " lit" : ""), tabindex: 0, role: "button", "aria-label": text,
    onclick: pick, onkeydown: pressed(pick) },
    s("title", {}, text), s("rect", { class: "hit", x, width: step, y: 0, height: height - 18 }), parts,
    s("line", { class: "roof", x1: x, x2: x + step, y1: roof, y2: roof }),
    labelled ? s("text", { class: "soft", x: x + step / 2, y: height - 4, "text-anchor": column.layer < 0 ? "end" : "middle" },
      column.layer < 0 ? "outside" : String(column.layer)) : null);
}
