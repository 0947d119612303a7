// The flow of one layer, drawn.

function showFlow() {
  const holder = byId("flow");
  const layout = flowLayout(state.program, layerDispatches(), holder.clientWidth);
  const edges = layout.edges.map((edge) => drawEdge(edge, layout));
  const boxes = layout.boxes.map((box) => (box.ghost ? drawGhost(box) : drawBox(box)));
  const light = (key) => {
    layout.edges.forEach((edge, i) => {
      const touches = edge.from.key === key || edge.to.key === key;
      edges[i].classList.toggle("lit", touches);
      edges[i].classList.toggle("dim", key !== null && !touches);
    });
    layout.boxes.forEach((box, i) => boxes[i].classList.toggle("lit", key !== null
      && layout.edges.some((e) => (e.from === box && e.to.key === key) || (e.to === box && e.from.key === key))));
  };
  layout.boxes.forEach((box, i) => {
    for (const on of ["pointerenter", "focus"]) boxes[i].addEventListener(on, () => light(box.key));
    for (const off of ["pointerleave", "blur"]) boxes[i].addEventListener(off, () => light(null));
  });
  holder.replaceChildren(s("svg", { width: layout.width, height: layout.height, role: "group",
    "aria-label": "Flow of layer " + layerName(state.layer) },
    s("defs", {}, s("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" },
      s("path", { class: "tip", d: "M0 0L8 4L0 8z" }))),
    barriers(layout), edges, boxes));
  for (const text of holder.querySelectorAll("g.box text")) fit(text, BOX.width - 17 - 6);
  for (const text of holder.querySelectorAll("g.elsewhere text")) fit(text, BOX.width - 24);
}

// Letters kept to a number still overflow in a wide font.
function fit(text, width) {
  while (text.textContent.length > 1 && text.getComputedTextLength() > width) {
    text.textContent = shortened(text.textContent, text.textContent.length - 1);
  }
}

function barriers(layout) {
  const drawn = [];
  let before = null;
  for (const box of layout.boxes) {
    if (box.ghost) continue;
    if (before === null ? box.dispatch.waits && box.dispatch.index > 0 : box.stage !== before) {
      const y = box.y - BOX.gapY / 2;
      drawn.push(s("line", { class: "barrier", x1: 4, x2: layout.right - BOX.gapX, y1: y, y2: y }),
        s("text", { class: "barrier-text", x: 4, y: y - 4 }, "barrier"));
    }
    before = box.stage;
  }
  return drawn;
}

function drawBox(box) {
  const d = box.dispatch;
  const kernel = kernelName(d);
  const open = () => revealDispatch(d.index);
  return s("g", { class: "box", transform: `translate(${box.x} ${box.y})`, tabindex: 0, role: "button",
    "aria-label": `${d.label}, ${kernel}, ${size(bytesOf(d))}, ${time(d.micros)}`, onclick: open, onkeydown: pressed(open) },
    s("title", {}, `${d.index} ${d.label}\n${kernel}\n${d.shape}\nfrom ${d.ops.join(", ")}`),
    s("rect", { class: "frame", width: BOX.width, height: BOX.height, rx: 6 }),
    s("rect", { class: state.program.colours.get(kernel), width: 5, height: BOX.height - 12, x: 5, y: 6, rx: 2 }),
    s("text", { class: "label", x: 17, y: 18 }, shortened(d.label, 31)),
    s("text", { x: 17, y: 33 }, shortened(kernel, 33)),
    s("text", { class: "soft", x: 17, y: 48 }, shortened(d.shape, 34)),
    s("text", { class: "soft", x: 17, y: d.shape ? 63 : 48 }, `${size(bytesOf(d))} \u00b7 ${time(d.micros)}`));
}

function drawGhost(box) {
  return s("g", { class: "elsewhere", transform: `translate(${box.x} ${box.y})` },
    s("title", {}, box.ghost),
    s("rect", { class: "ghost", x: 0, y: BOX.height / 2 - 15, width: BOX.width, height: 30, rx: 15 }),
    s("text", { class: "soft", x: BOX.width / 2, y: BOX.height / 2 + 4, "text-anchor": "middle" }, shortened(box.ghost, 34)));
}

function drawEdge(edge, layout) {
  const { from, to } = edge;
  const inset = (box) => (box.ghost ? BOX.height / 2 - 15 : 0);
  const x1 = from.x + BOX.width / 2;
  const y1 = from.y + BOX.height - inset(from);
  const x2 = to.x + BOX.width / 2;
  const y2 = to.y + inset(to);
  const path = edge.lane === undefined
    ? `M${x1} ${y1}C${x1} ${y1 + 26} ${x2} ${y2 - 26} ${x2} ${y2}`
    : lanePath(x1 + 30, y1, x2 + 30, y2, layout.right + edge.lane * BOX.lane, 6 + 3 * (edge.lane % 5));
  return s("path", { class: "edge", d: path, "marker-end": "url(#tip)" }, s("title", {}, edge.title));
}

// Down a little, right into the lane, down, left, and down to the reader.
function lanePath(x1, y1, x2, y2, x, drop) {
  const r = 5;
  const a = y1 + drop + r;
  const b = y2 - BOX.gapY / 2 + 6 + drop / 2;
  return `M${x1} ${y1}V${a - r}Q${x1} ${a} ${x1 + r} ${a}H${x - r}Q${x} ${a} ${x} ${a + r}`
    + `V${b - r}Q${x} ${b} ${x - r} ${b}H${x2 + r}Q${x2} ${b} ${x2} ${b + r}V${y2}`;
}
