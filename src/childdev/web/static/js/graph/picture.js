// The interactive picture: places come from the server, nothing moves by itself.
import { Camera, middle } from "./camera.js";
import { palette, whenChanged } from "./colours.js";
import { Boxes, heads, lanes, saying } from "./drawing.js";
import { Lines } from "./lines.js";

const REACH = 8; // how near to a line one must point, on the screen

export class Picture {
  ready = false; // vis-network draws at every change of its sets; nothing is drawn until all is in place
  #forget;

  /** `told` holds what is called when people act: chose(id), line(id), hovered(id), opened(id), placed(id, place). */
  constructor(holder, data, told = {}) {
    this.holder = holder;
    this.told = told;
    this.colours = palette();
    this.chosen = null;
    this.line = null;
    this.hovered = null;
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.lines = new Lines();
    this.boxes = new Boxes({
      colours: this.colours,
      scale: () => this.camera.scale,
      faint: (node) => this.searching && !node.match,
      chosen: () => this.chosen,
    });
    this.network = new vis.Network(holder, { nodes: this.nodes, edges: [] }, this.#options());
    this.camera = new Camera(this.network, holder);
    this.#take(data);
    this.#listen();
    this.#forget = whenChanged(() => {
      Object.assign(this.colours, palette());
      this.network.redraw();
    });
    this.camera.open(this.about());
    this.network.redraw();
  }

  /** Take it away. */
  close() {
    this.#forget();
    this.network.destroy();
  }

  #options() {
    return {
      physics: false,
      layout: { improvedLayout: false },
      nodes: { shape: "custom", chosen: false, ctxRenderer: (given) => this.#node(given) },
      interaction: { hover: true, dragNodes: true, keyboard: false, zoomView: false, tooltipDelay: 1e9 },
    };
  }

  #node({ ctx, id, x, y, state }) {
    const node = this.byId.get(id);
    const drawNode = () => this.ready && this.boxes.draw(ctx, node, x, y, state.hover);
    return { drawNode, nodeDimensions: { width: node.w, height: node.h } };
  }

  #take(data) {
    this.ready = false;
    this.data = data;
    this.byId = new Map(data.nodes.map((node) => [node.id, { ...node }]));
    this.into = Map.groupBy(data.edges, (edge) => edge.to);
    this.onward = Map.groupBy(data.edges, (edge) => edge.from);
    this.searching = data.nodes.some((node) => node.match);
    if (!this.byId.has(this.chosen)) this.chosen = null;
    this.boxes.forget();
    renew(this.nodes, data.nodes.map((node) => ({ id: node.id, ...middle(node) })));
    renew(this.edges, data.edges);
    if (!this.edges.get(this.line)) this.line = null;
    this.hovered = null;
    this.#route();
    this.camera.take(data);
    this.ready = true;
  }

  #route() {
    const unmatched = (edge) => this.searching && !this.byId.get(edge.from).match && !this.byId.get(edge.to).match;
    this.lines.take(this.edges.get(), this.byId, unmatched);
  }

  /** Show other data; the thing `keep` stays where it is on the screen. */
  show(data, keep) {
    const before = this.byId.get(keep);
    const held = before && this.camera.where(before);
    this.#take(data);
    const after = this.byId.get(keep);
    if (held && after) {
      const now = this.camera.where(after);
      this.camera.pan(held.x - now.x, held.y - now.y);
    } else this.camera.open(this.about());
    this.network.redraw();
  }

  /** What the view is about: its centre, else the first thing. */
  about() {
    return this.data.nodes.find((node) => node.centre) ?? this.data.nodes[0];
  }

  /** The lines that lead to a thing or on from it, from top to bottom of where they lead. */
  linesOf(id, onward) {
    const end = onward ? "to" : "from";
    const height = (edge) => this.byId.get(edge[end]).y;
    return [...((onward ? this.onward : this.into).get(id) ?? [])].sort((a, b) => height(a) - height(b));
  }

  /** Mark a thing, and the line that led to it, and bring it into sight. */
  choose(id, line = null) {
    this.chosen = id;
    this.line = line;
    const sight = this.byId.get(id ?? this.edges.get(line)?.to);
    if (sight) this.camera.see(sight);
    this.network.redraw();
  }

  #below(context) {
    if (!this.ready) return;
    lanes(context, this.data, this.colours);
    const marked = this.chosen ? [...(this.into.get(this.chosen) ?? []), ...(this.onward.get(this.chosen) ?? [])] : [];
    const pointed = [this.line, this.hovered].filter((id) => id && this.edges.get(id)).map((id) => this.edges.get(id));
    this.lines.draw(context, this.colours, [...marked, ...pointed], this.hovered ?? this.line);
  }

  #above(context) {
    if (!this.ready) return;
    const [scale, seen] = [this.camera.scale, this.camera.seen()];
    heads(context, this.data, this.colours, seen, scale);
    const line = this.hovered ?? this.line;
    if (line) saying(context, this.edges.get(line), this.lines.middle(line), this.colours, seen, scale);
  }

  #listen() {
    const { network, told } = this;
    network.on("beforeDrawing", (context) => this.#below(context));
    network.on("afterDrawing", (context) => this.#above(context));
    network.on("click", ({ nodes, pointer }) => {
      const line = nodes.length ? null : this.#lineAt(pointer.DOM, 2);
      if (nodes.length) told.chose?.(nodes[0]);
      else if (line) told.line?.(line);
    });
    network.on("doubleClick", ({ nodes }) => nodes.length && told.opened?.(nodes[0]));
    network.on("dragging", ({ nodes }) => nodes.length && this.#dragged(nodes[0]));
    network.on("dragEnd", ({ nodes }) => nodes.length && told.placed?.(nodes[0], this.#dragged(nodes[0])));
    this.holder.addEventListener("pointermove", (event) => this.#point(event));
    this.holder.addEventListener("pointerleave", () => this.#hover(null));
  }

  #dragged(id) {
    const node = this.byId.get(id);
    const { x, y } = this.network.getPosition(id);
    Object.assign(node, { x: x - node.w / 2, y: y - node.h / 2 });
    this.#route();
    return { x: node.x, y: node.y };
  }

  #point(event) {
    if (event.pointerType !== "mouse" || event.buttons) return;
    const { left, top } = this.holder.getBoundingClientRect();
    const at = { x: event.clientX - left, y: event.clientY - top };
    this.#hover(this.network.getNodeAt(at) ? null : this.#lineAt(at, 1));
  }

  #lineAt(at, times) {
    return this.lines.near(this.network.DOMtoCanvas(at), (REACH * times) / this.camera.scale);
  }

  #hover(id) {
    if (id === this.hovered) return;
    this.hovered = id;
    this.holder.classList.toggle("pointing", Boolean(id));
    this.told.hovered?.(id);
    this.network.redraw();
  }
}

/** Let a set hold these items and no others. */
function renew(set, items) {
  const wanted = new Set(items.map((item) => item.id));
  const gone = set.getIds().filter((id) => !wanted.has(id));
  if (gone.length) set.remove(gone);
  set.update(items);
}
