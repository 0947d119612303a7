// Where boxes and arrows of a layer go. Rows hold dispatches of one stage; a stage too wide for the
// page takes several rows. An arrow to the next row goes straight there; one that goes further runs
// in a lane right of the boxes, and all that read the same writer share its lane.

const BOX = { width: 230, height: 70, gapX: 18, gapY: 46, lane: 12 };

function stageRows(dispatches, perRow) {
  const rows = [];
  let stage = 0;
  for (const dispatch of dispatches) {
    const last = rows[rows.length - 1];
    if (last && dispatch.waits) stage++;
    if (!last || dispatch.waits || last.length === perRow) rows.push([]);
    rows[rows.length - 1].push({ dispatch, stage, key: dispatch.index });
  }
  return rows;
}

// Dispatches elsewhere that feed the layer or that it feeds; many of them make one box.
function elsewhere(indices, key, program) {
  const sorted = [...new Set(indices)].sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  if (sorted.length <= 4) {
    return sorted.map((i) => ({ ghost: program.dispatches[i].label, key: key + i, members: [i] }));
  }
  return [{ ghost: sorted.length + " dispatches elsewhere", key: key + "many", members: sorted }];
}

function flowLayout(program, dispatches, width) {
  const inside = new Set(dispatches.map((d) => d.index));
  const feeding = program.edges.filter((e) => !inside.has(e.from) && inside.has(e.to));
  const fed = program.edges.filter((e) => inside.has(e.from) && !inside.has(e.to));
  const left = width < 600 ? 6 : 66;
  const perRow = Math.max(1, Math.min(4, Math.floor((width - left - 40) / (BOX.width + BOX.gapX))));
  const wrapped = (boxes) => boxes.reduce((rows, box, i) => {
    if (i % perRow === 0) rows.push([]);
    rows[rows.length - 1].push(box);
    return rows;
  }, []);
  const sources = wrapped(elsewhere(feeding.map((e) => e.from), "in", program));
  const sinks = wrapped(elsewhere(fed.map((e) => e.to), "out", program));
  const rows = [...sources, ...stageRows(dispatches, perRow), ...sinks];
  const boxes = place(rows, left);
  const find = new Map();
  for (const box of boxes) for (const member of box.members || [box.key]) {
    find.set((typeof box.key === "string" ? box.key.replace(/[0-9]+$|many$/, "") : "") + member, box);
  }
  const edges = joined([
    ...feeding.map((e) => ({ from: find.get("in" + e.from), to: find.get(String(e.to)), edge: e })),
    ...fed.map((e) => ({ from: find.get(String(e.from)), to: find.get("out" + e.to), edge: e })),
    ...program.edges.filter((e) => inside.has(e.from) && inside.has(e.to))
      .map((e) => ({ from: find.get(String(e.from)), to: find.get(String(e.to)), edge: e }))]);
  const lanes = assignLanes(edges);
  const right = left + perRowUsed(rows) * (BOX.width + BOX.gapX);
  return { boxes, edges, rows: rows.length, right, width: right + lanes * BOX.lane + 8,
    height: rows.length * (BOX.height + BOX.gapY) - BOX.gapY + 16 };
}

const perRowUsed = (rows) => Math.max(1, ...rows.map((row) => row.length));

function place(rows, left) {
  const widest = perRowUsed(rows);
  rows.forEach((row, r) => row.forEach((box, c) => {
    box.row = r;
    box.x = left + (c + (widest - row.length) / 2) * (BOX.width + BOX.gapX);
    box.y = 8 + r * (BOX.height + BOX.gapY);
  }));
  return rows.flat();
}

// One arrow between two boxes, whatever the number of values it stands for.
function joined(edges) {
  return [...groupBy(edges, (e) => e.from.key + ">" + e.to.key).values()].map((all) => ({
    from: all[0].from, to: all[0].to,
    title: [...new Set(all.map((e) => e.edge.value + ", " + size(e.edge.bytes)))].slice(0, 8).join("\n") }));
}

// A lane for each writer that is read further down than the next row, from its row to the last.
function assignLanes(edges) {
  const far = groupBy(edges.filter((e) => e.to.row > e.from.row + 1), (e) => e.from.key);
  const taken = [];
  const writers = [...far.values()].sort((a, b) => a[0].from.row - b[0].from.row);
  for (const all of writers) {
    const from = all[0].from.row;
    const to = Math.max(...all.map((e) => e.to.row));
    let lane = taken.findIndex((end) => end < from);
    if (lane < 0) lane = taken.push(-1) - 1;
    taken[lane] = to;
    all.forEach((edge) => { edge.lane = lane; });
  }
  return taken.length;
}
