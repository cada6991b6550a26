// The map that can be explored: opened on request, because it takes the wheel and the touch; the picture stays without it.

import { accountCard, tieCard } from "./cards.js";
import { append, el, later, many } from "./dom.js";
import { Period } from "./period.js";
import { Stage, hasWebGL } from "./stage.js";
import { View } from "./view.js";

const MAX_FOUND = 12;
const PANS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ZOOMS = { "+": 1 / 1.5, "=": 1 / 1.5, "-": 1.5, _: 1.5 };

/** Put the button that opens the map where the page has left room for it, and one on every card of a group that is on it. */
export function offer(data, room) {
  const status = el("p", { class: "note", role: "status" });
  const button = el("button", { type: "button", class: "open" }, data.words.explore);
  const map = { explorer: null };
  const open = () => (map.explorer ??= opened(data, room, { button, status }));
  button.addEventListener("click", () => open()?.search.focus());
  append(room, [button, status]);
  room.hidden = false;
  new Set(data.accounts.group).forEach((group) => {
    const card = document.getElementById(data.groups[group].id);
    card?.querySelector("header").append(
      el("button", { type: "button", class: "on-map", onclick: () => onMap(open(), room, group) }, data.words.on_map));
  });
}

/** Open the map in the picture's place; where WebGL is missing or fails, say so, leave the picture and return null. */
function opened(data, room, { button, status }) {
  try {
    if (!hasWebGL()) throw new Error("no WebGL");
    const explorer = new Explorer(data, room);
    button.remove();
    document.getElementById("map").classList.add("explored");
    return explorer;
  } catch {
    room.querySelectorAll(".tools, .explorer").forEach((part) => part.remove());
    status.textContent = data.words.no_webgl;
    status.scrollIntoView({ block: "center" });
    return null;
  }
}

/** Show one group on the map, and nothing else. */
function onMap(explorer, room, group) {
  if (!explorer) return;
  explorer.choose("group", group);
  room.scrollIntoView({ block: "start" });
  explorer.box.focus({ preventScroll: true });
}

class Explorer {
  constructor(data, room) {
    this.data = data;
    this.words = data.words;
    this.view = new View(data);
    this.selects = {};
    this.status = room.querySelector("[role=status]");
    this.panel = el("section", { class: "panel", "aria-label": data.words.details });
    const box = this.box = el("div", { class: "stage", tabindex: "0", role: "application", "aria-label": data.words.map_keys });
    box.addEventListener("keydown", (event) => this.key(event));
    room.prepend(this.tools(), el("div", { class: "explorer" }, box, this.panel));
    this.left = this.view.filter();
    this.stage = new Stage(data, box, {
      view: this.view,
      pick: { account: (i) => this.openAccount(i), tie: (i) => this.openTie(i), nothing: () => this.close() },
    });
    this.told();
    this.hint();
  }

  tools() {
    const { words, data } = this;
    this.search = el("input", { type: "search", id: "account-search", autocomplete: "off" });
    this.findSoon = later(() => this.find(), 120);
    this.search.addEventListener("input", this.findSoon);
    this.search.addEventListener("keydown", (event) => event.key === "Enter" && this.openFirst());
    this.found = el("ul", { class: "found" });
    const seek = el("div", { class: "seek" }, el("label", {}, words.find_account, this.search), this.found);
    seek.addEventListener("focusout", (event) => seek.contains(event.relatedTarget) || this.found.replaceChildren());
    const kinds = [...new Set(data.groups.map((group) => group.kind))];
    const used = new Set(data.sets.flatMap((set) => set.graphs));
    const press = (label, text, action) => el("button", { type: "button", "aria-label": label, title: label, onclick: action }, text);
    return el("div", { class: "tools" },
      seek,
      this.choice("group", words.group, data.groups.map((group, i) => [i, `${group.id} · ${group.kind}`])),
      this.choice("kind", words.kind, kinds.map((kind) => [kind, kind])),
      this.choice("graph", words.graph, data.graphs.map((graph, i) => [i, graph]).filter(([i]) => used.has(i))),
      this.time(),
      el("div", { class: "zoom" },
        press(words.zoom_in, "+", () => this.stage.zoom(1 / 1.5)), press(words.zoom_out, "−", () => this.stage.zoom(1.5)),
        press(words.whole, words.whole, () => this.stage.whole())));
  }

  /** The filter by time; nothing where all ties met in one step of the period. */
  time() {
    if (!this.data.period || this.data.period.n < 2) return null;
    this.period = new Period(this.data, (steps) => {
      this.view.steps = steps;
      this.narrow();
    });
    return this.period.element;
  }

  choice(what, label, options) {
    const select = el("select", {}, el("option", { value: "" }, this.words.all), options.map(([value, text]) => el("option", { value }, text)));
    select.addEventListener("change", () => this.refilter());
    this.selects[what] = select;
    return el("label", {}, label, select);
  }

  /** Filter by one thing alone. */
  choose(what, value) {
    for (const [name, select] of Object.entries(this.selects)) select.value = name === what ? value : "";
    this.period?.reset();
    this.view.steps = null;
    this.refilter();
  }

  refilter() {
    for (const [what, select] of Object.entries(this.selects)) this.view.wanted[what] = select.value;
    this.narrow();
    this.frame();
  }

  /** Draw what the filters leave. The map stays where it is: whoever moves the time wants to see what changes. */
  narrow() {
    this.left = this.view.filter();
    this.told();
    this.close();
  }

  told() {
    this.status.textContent = `${many(this.left.accounts, this.words.accounts_shown)}, ${many(this.left.ties, this.words.ties_shown)}`;
  }

  frame() {
    const { wanted, accounts } = this.view;
    const narrowed = wanted.group !== "" || wanted.kind !== "";
    const shown = [];
    accounts.forEach((visible, i) => visible && shown.push(i));
    this.stage.frame(narrowed ? shown : []);
  }

  /** List the accounts whose handle or id holds what was typed: those that begin with it first. */
  find() {
    const { accounts } = this.data;
    const sought = this.search.value.trim().toLowerCase();
    this.hits = [];
    if (sought) {
      this.names ??= accounts.name.map((name, i) => [name.toLowerCase(), accounts.id[i].toLowerCase()]);
      const places = this.names.map((names) => Math.min(...names.map((one) => place(one, sought))));
      this.hits = places.flatMap((at, i) => (at === Infinity ? [] : [i])).sort((a, b) => places[a] - places[b] || a - b);
    }
    this.found.replaceChildren(...this.hits.slice(0, MAX_FOUND).map((i) => el("li", {}, el(
      "button", { type: "button", onclick: () => this.openFound(i) }, el("bdi", {}, accounts.name[i]),
      accounts.name[i] === accounts.id[i] ? "" : ` · ${accounts.id[i]}`, ` · ${this.data.groups[accounts.group[i]].id}`))));
    if (sought) this.status.textContent = many(this.hits.length, this.words.found);
  }

  openFirst() {
    this.find();
    if (this.hits.length) this.openFound(this.hits[0]);
  }

  openFound(account) {
    this.findSoon.cancel();
    this.found.replaceChildren();
    this.openAccount(account);
    this.stage.frame([...this.view.near]);
  }

  openAccount(i) {
    this.view.selectAccount(i);
    this.show(accountCard(this.data, i, (tie) => this.openTie(tie)));
  }

  openTie(i) {
    this.view.selectTie(i);
    this.show(tieCard(this.data, i, (account) => this.openAccount(account)));
  }

  close() {
    this.view.none();
    this.hint();
    this.stage.refresh();
  }

  hint() {
    this.panel.replaceChildren(el("p", { class: "note" }, this.words.hint));
  }

  show(parts) {
    this.panel.replaceChildren();
    append(this.panel, [...parts, el("button", { type: "button", onclick: () => this.close() }, this.words.close)]);
    this.panel.querySelector("h3").focus({ preventScroll: this.beside() });
    this.panel.scrollTop = 0;
    this.stage.refresh();
  }

  /** Whether the panel stands beside the map, and not below it as on a phone. */
  beside() {
    return this.panel.offsetLeft > this.box.offsetLeft;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (PANS[event.key]) this.stage.pan(...PANS[event.key]);
    else if (ZOOMS[event.key]) this.stage.zoom(ZOOMS[event.key]);
    else if (event.key === "0") this.stage.whole();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}

/** Return 0 where `text` begins with `sought`, 1 where it holds it, else infinity. */
const place = (text, sought) => (text.startsWith(sought) ? 0 : text.includes(sought) ? 1 : Infinity);
