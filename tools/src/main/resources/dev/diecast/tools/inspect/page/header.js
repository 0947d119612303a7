// Who the plan is for, and what a run of the program amounts to.

function showHeader() {
  const model = plan.model;
  byId("name").textContent = model.name || "unnamed model";
  byId("about").textContent = [
    model.architecture, model.weightType, "for " + plan.device,
    count(model.layers) + " layers of width " + count(model.embedding),
    "vocabulary " + count(model.vocab), "context " + count(model.context)].join(" \u00b7 ");
  byId("producer").textContent = "Written by " + plan.producer
    + (model.fingerprint ? " \u00b7 model " + model.fingerprint : " \u00b7 a known shape, without weights");
  const profile = plan.profile;
  if (!profile) return;
  byId("profile").textContent = "Predicted for " + profile.name + " (" + profile.description + ") with "
    + count(profile.depth) + " tokens in the KV cache: " + profile.gbPerSecond.toPrecision(3) + " GB/s, "
    + profile.dispatchMicros.toPrecision(2) + " \u00b5s per dispatch, " + profile.barrierMicros.toPrecision(2)
    + " \u00b5s per barrier. The upright line is the roofline: weights and cache at full bandwidth, nothing else.";
}

function showTotals() {
  const program = state.program;
  const totals = program.totals;
  const ops = new Set(program.dispatches.flatMap((d) => d.ops)).size;
  const run = program.tokens > 1 ? "per run of " + count(program.tokens) + " tokens" : "per token";
  const speed = (micros) => (micros > 0 ? (1e6 * program.tokens / micros).toPrecision(3) + " tokens/s" : "");
  const tiles = [
    ["dispatches " + run, count(totals.dispatches), count(totals.kernels) + " kernels"],
    ["barriers", count(totals.barriers), percent(totals.barriers, totals.dispatches) + " of dispatches"],
    ["source operations", count(ops), (ops / Math.max(1, totals.dispatches)).toFixed(1) + " per dispatch"],
    ["predicted time", time(program.predictedMicros), speed(program.predictedMicros)],
    ["roofline", time(program.rooflineMicros), speed(program.rooflineMicros)],
    ["launches and barriers", time(program.overheadMicros), percent(program.overheadMicros, program.predictedMicros) + " of the time"],
    ["weights read", size(totals.weights_read_bytes), "of " + size(totals.weights_bytes)],
    ["arena", size(totals.arena_bytes), "at least " + size(totals.arena_lower_bound_bytes)],
  ];
  byId("totals").replaceChildren(...tiles.map(([name, value, note]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value, h("small", {}, note)))));
}

function showMemory() {
  const kinds = ["weights", "kv", "arena", "constants", "state", "io"];
  const buffers = plan.buffers.slice().sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  const total = sum(buffers, (b) => b.bytes);
  const row = (name, kind, bytes, note) => h("tr", {}, h("td", { class: "name" }, name), h("td", {}, kind),
    number(size(bytes)), number(percent(bytes, total)), h("td", { class: "wide" }, note));
  const totals = state.program.totals;
  const ratio = (a, b) => (b > 0 ? (a / b).toFixed(2) : "\u2013");
  const arena = `Of the arena, ${state.program.name} uses ${size(totals.arena_bytes)}: `
    + `${ratio(totals.arena_bytes, totals.arena_lower_bound_bytes)} times the lower bound of ${size(totals.arena_lower_bound_bytes)}, `
    + `${ratio(totals.arena_bytes, totals.arena_naive_bytes)} times the ${size(totals.arena_naive_bytes)} that it would take without reuse.`;
  byId("memory").replaceChildren(table(
    [["buffer"], ["kind"], ["bytes", "number"], ["share", "number"], [""]],
    [...buffers.map((b) => row(b.name, b.kind, b.bytes,
      bar(total > 0 ? b.bytes / total : 0, null, "k8"))),
    row("all", "", total, "")]), h("p", { class: "detail" }, arena));
  byId("passes-section").hidden = plan.passes.length === 0;
  byId("passes").replaceChildren(table([["pass"], ["changes", "number"], ["summary"]],
    plan.passes.map((p) => h("tr", {}, h("td", { class: "name" }, p.name), number(count(p.changes)), h("td", {}, p.summary)))));
}
