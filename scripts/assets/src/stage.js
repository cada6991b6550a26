// The map in WebGL: positions come with the page, so nothing moves by itself; what is hidden or dimmed is decided by the explorer.

import Graph from "graphology";
import Sigma from "sigma";

const MANY_TIES = 20000; // from here on ties are not drawn while the map moves
const REACH = 6; // pixels: how far beside a tie a click may fall
const WIDE = 600; // pixels of a stage from which marks have their full size
const NEAR = 0.08; // smallest camera ratio to which the map moves by itself
const TIE = 0.35; // strength of a tie's colour

/** Whether this browser can draw the map at all. */
export function hasWebGL() {
  try {
    const canvas = document.createElement("canvas");
    return Boolean(window.WebGLRenderingContext && (canvas.getContext("webgl2") || canvas.getContext("webgl")));
  } catch {
    return false;
  }
}

export class Stage {
  /** view: account(i) and tie(i) say how each is drawn now; pick: account(i), tie(i), nothing() are called on a click. */
  constructor(data, box, { view, pick }) {
    this.data = data;
    this.view = view;
    this.graph = graphOf(data);
    this.groups = groupPlaces(data);
    view.scale = Math.min(1, box.offsetWidth / WIDE);
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.mix();
    const calm = data.ties.a.length > MANY_TIES;
    this.sigma = new Sigma(this.graph, box, {
      nodeReducer: (node) => view.account(Number(node)),
      edgeReducer: (edge) => view.tie(Number(edge)),
      defaultDrawNodeHover: (context, node, settings) => this.hover(context, node, settings),
      labelColor: { color: this.colours.ink },
      hideEdgesOnMove: calm,
      labelRenderedSizeThreshold: 7,
      labelDensity: 0.6,
      labelFont: "system-ui, sans-serif",
      labelSize: 13,
      minEdgeThickness: calm ? 1 : 1.7,
      stagePadding: 40,
      minCameraRatio: 0.004,
      maxCameraRatio: 3,
      zIndex: false,
    });
    this.sigma.createCanvasContext("names", { style: { pointerEvents: "none" } });
    this.sigma.resize(true);
    this.sigma.on("afterRender", () => this.names());
    this.sigma.on("clickNode", ({ node }) => pick.account(Number(node)));
    this.sigma.on("clickStage", ({ event }) => {
      const tie = this.tieAt(event);
      if (tie < 0) pick.nothing();
      else pick.tie(tie);
    });
    this.sigma.scheduleRender();
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
  }

  /** Take the colours from the style sheet. */
  mix() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    this.colours = {
      ink: colour("ink"), soft: colour("soft"), card: colour("card"), line: colour("line"),
      marks: this.data.groups.map((group) => colour(group.mark)),
    };
    this.colours.ties = this.colours.marks.map((mark) => mixed(mark, this.colours.card));
    this.view.colours = this.colours;
  }

  paint() {
    this.mix();
    this.sigma.setSetting("labelColor", { color: this.colours.ink });
    this.refresh();
  }

  /** Draw anew what the view says, once, however often it is asked for before the next frame. */
  refresh() {
    this.sigma.scheduleRefresh();
  }

  /** Return the shown tie that passes nearest to a point of the stage, at most REACH pixels off; else -1. */
  tieAt(point) {
    const { accounts, ties } = this.data;
    const at = this.sigma.viewportToGraph(point);
    const aside = this.sigma.viewportToGraph({ x: point.x + REACH, y: point.y });
    let nearest = Math.hypot(aside.x - at.x, aside.y - at.y);
    let found = -1;
    for (let tie = 0; tie < ties.a.length; tie++) {
      if (!this.view.shows(tie)) continue;
      const [a, b] = [ties.a[tie], ties.b[tie]];
      const off = distance(at, accounts.x[a], accounts.y[a], accounts.x[b], accounts.y[b]);
      if (off < nearest) [nearest, found] = [off, tie];
    }
    return found;
  }

  hover(context, { x, y, size, label }, { labelSize, labelFont }) {
    context.font = `600 ${labelSize}px ${labelFont}`;
    const width = label ? context.measureText(label).width : 0;
    context.fillStyle = this.colours.card;
    context.strokeStyle = this.colours.soft;
    context.beginPath();
    context.rect(x + size + 2, y - 11, width + 10, 22);
    context.fill();
    context.stroke();
    context.fillStyle = this.colours.ink;
    if (label) context.fillText(label, x + size + 7, y + labelSize / 3);
  }

  /** Write the names of the groups under their accounts. */
  names() {
    const context = this.sigma.getCanvases().names.getContext("2d");
    const { width, height } = this.sigma.getDimensions();
    context.clearRect(0, 0, width, height);
    context.font = "600 14px system-ui, sans-serif";
    context.textAlign = "center";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = this.colours.card;
    context.fillStyle = this.colours.ink;
    this.groups.forEach((place, group) => {
      if (!place || !this.view.group(group)) return;
      const { x, y } = this.sigma.graphToViewport(place);
      context.strokeText(this.data.groups[group].id, x, y + 22);
      context.fillText(this.data.groups[group].id, x, y + 22);
    });
  }

  /** Move the camera so that these accounts fill the stage; all of them where none is given. */
  frame(accounts) {
    if (!accounts.length) return this.whole();
    let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const account of accounts) {
      const { x, y } = this.place(account);
      [left, right, low, high] = [Math.min(left, x), Math.max(right, x), Math.min(low, y), Math.max(high, y)];
    }
    const ratio = Math.max(1.25 * Math.max(right - left, high - low), NEAR);
    return this.go({ x: (left + right) / 2, y: (low + high) / 2, ratio });
  }

  /** Return where an account stands as the camera counts: 0 to 1 over the whole map. */
  place(account) {
    const { x, y } = this.data.accounts;
    return this.sigma.viewportToFramedGraph(this.sigma.graphToViewport({ x: x[account], y: y[account] }));
  }

  whole() {
    this.go({ x: 0.5, y: 0.5, ratio: 1 });
  }

  zoom(factor) {
    const camera = this.sigma.getCamera();
    this.go({ ratio: camera.ratio * factor });
  }

  pan(x, y) {
    const camera = this.sigma.getCamera();
    this.go({ x: camera.x + 0.15 * x * camera.ratio, y: camera.y + 0.15 * y * camera.ratio });
  }

  go(state) {
    const camera = this.sigma.getCamera();
    if (this.still) camera.setState(state);
    else camera.animate(state, { duration: 250 });
  }
}

function graphOf({ accounts, ties }) {
  const graph = new Graph({ type: "undirected", multi: false, allowSelfLoops: false });
  accounts.x.forEach((x, i) => graph.addNode(i, { x, y: accounts.y[i] }));
  ties.a.forEach((a, i) => graph.addEdgeWithKey(i, a, ties.b[i]));
  return graph;
}

/** Return how far a point lies from a segment. */
function distance({ x, y }, ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** Return per group the point under its middle, in the graph's units. */
function groupPlaces({ groups, accounts }) {
  const found = groups.map(() => null);
  accounts.group.forEach((group, i) => {
    const place = (found[group] ??= { x: 0, y: Infinity, n: 0 });
    place.n += 1;
    place.x += (accounts.x[i] - place.x) / place.n;
    place.y = Math.min(place.y, accounts.y[i]);
  });
  return found;
}

/** Return the colour (#rrggbb) of a tie: a mark's, laid thinly on the card. Opaque, since thousands of ties lie on each other. */
function mixed(mark, card) {
  const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const below = parts(card);
  const mix = parts(mark).map((part, i) => Math.round(TIE * part + (1 - TIE) * below[i]));
  return `#${mix.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
