// Elements. Text only ever becomes text nodes and attributes, never markup.

const byId = (id) => document.getElementById(id);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const number = (text) => h("td", { class: "number" }, text);

function table(columns, rows) {
  return h("table", {},
    h("thead", {}, h("tr", {}, columns.map(([name, kind]) => h("th", { class: kind, scope: "col" }, name)))),
    h("tbody", {}, rows));
}

// A bar with a line where the roofline is. Both are shares of the widest bar.
function bar(share, roof, colour) {
  const at = (x) => Math.min(100, 100 * x).toFixed(2) + "%";
  return s("svg", { width: "100%", height: 14, "aria-hidden": "true" },
    s("rect", { class: colour, x: 0, y: 2, height: 10, width: at(share), rx: 2 }),
    roof === null ? null : s("line", { class: "roof", x1: at(roof), x2: at(roof), y1: 0, y2: 14 }));
}

// Enter and space on something that is not a button.
const pressed = (act) => (event) => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    act();
  }
};
