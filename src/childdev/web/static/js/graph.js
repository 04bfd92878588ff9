// The interactive picture: places come from the server, colours from the stylesheet, nothing moves by itself.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("graph").textContent);
  const holder = document.getElementById("network");
  const chosen = document.getElementById("chosen");
  if (!window.vis) return; // the still picture and the list remain
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(name).trim();
  const nodes = data.nodes.map((n) => ({
    id: n.id, label: n.label, x: n.x, y: n.y, shape: "box", title: n.title, url: n.url, plain: n.title,
    borderWidth: n.centre ? 4 : 1.5, margin: 10, widthConstraint: data.box[0] - 20, heightConstraint: { minimum: data.box[1] - 20 },
    font: { face: "Atkinson Hyperlegible, sans-serif", size: 15, color: colour("--ink") },
    color: {
      background: n.centre ? colour(`--${n.family || "accent"}-soft`) : colour("--paper"), border: colour(n.family ? `--${n.family}` : "--edge"),
      highlight: { background: colour("--accent-soft"), border: colour("--accent") },
    },
    isCentre: n.centre,
  }));
  const edges = data.edges.map((e, i) => ({
    id: i, from: e.from, to: e.to, title: e.title, width: e.width, dashes: e.dashes, arrows: "to",
    color: { color: colour("--quiet"), highlight: colour("--accent") }, smooth: { enabled: true, type: "cubicBezier", forceDirection: "horizontal", roundness: 0.5 },
  }));
  document.getElementById("still").hidden = true;
  document.getElementById("toolbar").hidden = false;
  holder.hidden = false;
  holder.tabIndex = 0;
  holder.setAttribute("role", "application");
  holder.setAttribute("aria-label", "Picture. Arrow keys walk along the lines, Enter opens the page. The list below says the same.");
  const set = new vis.DataSet(nodes);
  const network = new vis.Network(holder, { nodes: set, edges: new vis.DataSet(edges) }, {
    physics: false, interaction: { hover: true, dragNodes: true, keyboard: false, tooltipDelay: 150, zoomView: false }, layout: { improvedLayout: false },
  });
  network.on("beforeDrawing", (context) => {
    for (const lane of data.lanes) {
      context.fillStyle = colour(`--${lane.family}-soft`);
      context.fillRect(-14, lane.y, data.width + 28, lane.height);
    }
    context.fillStyle = colour("--quiet");
    context.font = "15px Atkinson Hyperlegible, sans-serif";
    for (const column of data.columns) context.fillText(column.label, column.x, 16);
  });
  const centre = nodes.find((n) => n.isCentre);
  const fit = () => network.fit({ animation: false, maxZoomLevel: 1 });
  const centred = () => network.moveTo({ position: { x: centre.x, y: centre.y }, scale: 0.9 });
  fit();
  if (network.getScale() < 0.65) {
    centred();
    chosen.textContent = "Drag to see more, or choose “Show all”.";
  }
  let at = centre.id;
  const go = (id) => {
    at = id;
    network.selectNodes([id]);
    const node = set.get(id);
    chosen.textContent = node.plain;
  };
  network.on("click", (e) => { if (e.nodes.length) go(e.nodes[0]); else if (e.edges.length) chosen.textContent = edges[e.edges[0]].title; });
  network.on("doubleClick", (e) => { if (e.nodes.length) location.href = set.get(e.nodes[0]).url; });
  const steps = { ArrowLeft: (n) => edges.filter((e) => e.to === n).map((e) => e.from), ArrowRight: (n) => edges.filter((e) => e.from === n).map((e) => e.to) };
  holder.addEventListener("keydown", (e) => {
    const here = set.get(at);
    if (steps[e.key]) {
      const next = steps[e.key](at).sort((a, b) => Math.abs(set.get(a).y - here.y) - Math.abs(set.get(b).y - here.y))[0];
      if (next) go(next);
    } else if (e.key === "ArrowUp" || e.key === "ArrowDown") {
      const down = e.key === "ArrowDown";
      const next = nodes.filter((n) => n.x === here.x && (down ? n.y > here.y : n.y < here.y)).sort((a, b) => (down ? a.y - b.y : b.y - a.y))[0];
      if (next) go(next.id);
    } else if (e.key === "Enter") location.href = here.url;
    else return;
    e.preventDefault();
  });
  const acts = {
    in: () => network.moveTo({ scale: network.getScale() * 1.3 }), out: () => network.moveTo({ scale: network.getScale() / 1.3 }), fit,
    centre: () => { centred(); go(centre.id); },
  };
  document.getElementById("toolbar").addEventListener("click", (e) => { const act = acts[e.target.dataset.do]; if (act) act(); });
})();
