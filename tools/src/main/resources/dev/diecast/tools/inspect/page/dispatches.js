// The table of all dispatches, with search and with bindings on demand.

let rows = [];

function showDispatches() {
  const most = Math.max(...state.program.dispatches.map((d) => d.micros), 1e-9);
  rows = state.program.dispatches.map((dispatch) => dispatchRow(dispatch, most));
  byId("dispatches").replaceChildren(table(
    [["", ""], ["#", "number"], ["layer", "number"], ["label"], ["kernel", "optional"], ["shape", "optional"], ["bytes", "number"], ["time", "number"],
      ["GB/s", "number optional"], ["", "optional"]], rows.map((row) => row.element)));
  state.open.forEach((index) => { if (rows[index]) setOpen(rows[index], true); });
  applySearch();
}

function dispatchRow(dispatch, most) {
  const button = h("button", { class: "open-button", "aria-expanded": "false", "aria-label": "bindings of " + dispatch.label }, "\u25b8");
  const kernel = kernelName(dispatch);
  const colour = state.program.colours.get(kernel);
  const row = { dispatch, button, detail: null };
  row.element = h("tr", { class: "row" + (dispatch.waits && dispatch.index > 0 ? " waits" : ""), id: "dispatch-" + dispatch.index,
    onclick: () => setOpen(row, row.detail === null) },
    h("td", {}, button), number(String(dispatch.index)), number(layerName(dispatch.layer)), h("td", { class: "name", title: dispatch.label },
      shortened(dispatch.label, 48), h("span", { class: "narrow soft" }, shortened(kernel, 30))),
    h("td", { class: "name optional", title: kernel }, h("span", { class: "swatch " + colour }), shortened(kernel, 34)),
    h("td", { class: "optional" }, dispatch.shape), number(size(bytesOf(dispatch))), number(time(dispatch.micros)),
    h("td", { class: "number optional" }, rate(bytesOf(dispatch), dispatch.micros)),
    h("td", { class: "wide optional" }, bar(dispatch.micros / most, dispatch.roofline / most, colour)));
  return row;
}

function setOpen(row, open) {
  if (open === (row.detail !== null)) return;
  if (open) {
    row.detail = h("tr", { class: "open" }, h("td", { colspan: 10 }, dispatchDetail(row.dispatch)));
    row.element.after(row.detail);
    state.open.add(row.dispatch.index);
  } else {
    row.detail.remove();
    row.detail = null;
    state.open.delete(row.dispatch.index);
  }
  row.button.setAttribute("aria-expanded", String(open));
  row.button.textContent = open ? "\u25be" : "\u25b8";
  writeState();
}

function dispatchDetail(dispatch) {
  const use = plan.kernels[dispatch.kernel] || {};
  const pairs = (object) => Object.entries(object || {}).map(([name, value]) => name + "=" + value).join(" ");
  const line = (name, text) => (text ? h("p", {}, h("span", { class: "soft" }, name + " "), h("code", {}, text)) : null);
  const slot = (binding) => (use.slots && use.slots[binding.slot]) || "";
  return [
    line("reads and writes", [[dispatch.weightBytes, "weights"], [dispatch.kvBytes, "cache"], [dispatch.otherBytes, "other"]]
      .filter(([bytes]) => bytes > 0).map(([bytes, what]) => `${size(bytes)} ${what}, `).join("")
      + `${count(dispatch.flops)} flop; roofline ${time(dispatch.roofline)}`),
    line("from", dispatch.ops.join(", ")), line("launch", dispatch.launch), line("arguments", pairs(dispatch.args)),
    line("constants", pairs(use.constants)), line("meaning", use.meaning),
    h("div", { class: "scroll" }, table([["slot", "number"], ["name"], ["access"], ["address"], ["bytes", "number"], ["holds"]],
      dispatch.bindings.map((binding) => h("tr", {}, number(String(binding.slot)), h("td", {}, slot(binding)), h("td", {}, binding.access),
        h("td", {}, h("code", {}, address(binding))), number(count(binding.bytes)), h("td", {}, holds(dispatch, binding))))))];
}

function address(binding) {
  const base = bufferName(binding.buffer) + " + " + binding.offset;
  return binding.stride === undefined ? base : `${base} + ids[${binding.idsSlot}] * ${binding.stride}`;
}

function holds(dispatch, binding) {
  if (binding.tensor) {
    return binding.stride === undefined ? binding.tensor
      : `${binding.tensor}: ${binding.experts} experts of ${size(binding.expertBytes)}`;
  }
  const kind = plan.buffers[binding.buffer] ? plan.buffers[binding.buffer].kind : "";
  if (kind !== "arena") return kind;
  // In place, the old and the new value share bytes and the dispatch: a writer means the new one.
  const alive = state.program.values.filter((v) => v.first <= dispatch.index && dispatch.index <= v.last
    && v.offset <= binding.offset && binding.offset < v.offset + v.bytes);
  const value = binding.access === "R" ? alive[0] : alive[alive.length - 1];
  return value ? value.label : "";
}

function applySearch() {
  const terms = state.q.toLowerCase().split(/\s+/).filter((term) => term !== "");
  let shown = 0;
  for (const row of rows) {
    const match = terms.every((term) => row.dispatch.text.includes(term));
    row.element.hidden = !match;
    if (row.detail) row.detail.hidden = !match;
    if (match) shown++;
  }
  byId("found").textContent = `${count(shown)} of ${count(rows.length)}`;
}

function search(text) {
  state.q = text;
  byId("search").value = text;
  writeState();
  applySearch();
  byId("dispatches-title").scrollIntoView();
  byId("search").focus({ preventScroll: true });
}

function revealDispatch(index) {
  if (rows[index].element.hidden) search("");
  setOpen(rows[index], true);
  rows[index].element.scrollIntoView({ block: "center" });
  rows[index].button.focus({ preventScroll: true });
}
