// The table of evidence: every meeting that the page holds, sorted and filtered, a hundred lines at a time.

import { append, el, fill, later, many, number } from "./dom.js";
import { row } from "./meeting.js";

const PAGE = 100;

/** Make the table that is on the page sort and filter. It stays as it was written until somebody asks for something else. */
export function enhance(data, section) {
  const table = new Table(data, section);
  table.controls();
  table.headers();
  table.told();
}

class Table {
  constructor(data, section) {
    this.data = data;
    this.section = section;
    this.body = section.querySelector("tbody");
    this.status = section.querySelector("[data-status]");
    this.all = Array.from(data.meetings.a, (_, i) => i);
    this.shown = this.all;
    this.first = 0;
    this.order = { column: "", down: false };
    this.wanted = { words: "", group: "", graph: "", from: "", until: "" };
    this.keys = columns(data);
  }

  controls() {
    const { words, groups, graphs, meetings } = this.data;
    const used = (column) => new Set(meetings[column]);
    const search = el("input", { type: "search", id: "evidence-search", autocomplete: "off" });
    search.addEventListener("input", later(() => this.want("words", search.value.trim().toLowerCase()), 150));
    append(this.section.querySelector("[data-controls]"), [
      el("label", {}, words.find_evidence, search),
      this.choice("group", words.group, groups.map((one) => one.id), used("group")),
      this.choice("graph", words.graph, graphs, used("graph")),
      this.day("from", words.from),
      this.day("until", words.until),
    ]);
    this.earlier = el("button", { type: "button", onclick: () => this.turn(-PAGE) }, words.earlier);
    this.further = el("button", { type: "button", onclick: () => this.turn(PAGE) }, words.further);
    append(this.section.querySelector("[data-pages]"), [this.earlier, this.further]);
  }

  choice(what, label, names, used) {
    const select = el("select", {}, el("option", { value: "" }, this.data.words.all));
    names.forEach((name, i) => used.has(i) && select.append(el("option", { value: i }, name)));
    select.addEventListener("change", () => this.want(what, select.value));
    return el("label", {}, label, select);
  }

  day(what, label) {
    const input = el("input", { type: "date" });
    input.addEventListener("change", () => this.want(what, input.value));
    return el("label", {}, label, input);
  }

  headers() {
    this.heads = Array.from(this.section.querySelectorAll("th[data-sort]"));
    for (const head of this.heads) {
      const button = el("button", { type: "button", onclick: () => this.sortBy(head.dataset.sort) }, head.textContent);
      head.replaceChildren(button);
    }
  }

  arrows() {
    for (const head of this.heads) {
      if (head.dataset.sort === this.order.column) head.setAttribute("aria-sort", this.order.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  sortBy(column) {
    const again = this.order.column === column;
    this.order = { column, down: again ? !this.order.down : column === "bits" };
    this.arrows();
    this.refresh();
  }

  want(what, value) {
    this.wanted[what] = value;
    this.refresh();
  }

  refresh() {
    const { meetings, posts } = this.data;
    const { words, group, graph, from, until } = this.wanted;
    const day = (p) => posts.at[p].slice(0, 10);
    this.shown = this.all.filter((i) =>
      (from === "" || day(meetings.b[i]) >= from) &&
      (until === "" || day(meetings.a[i]) <= until) &&
      (group === "" || meetings.group[i] === Number(group)) &&
      (graph === "" || meetings.graph[i] === Number(graph)) &&
      (words === "" || this.text(i).includes(words)));
    const key = this.keys[this.order.column];
    const sign = this.order.down ? -1 : 1;
    if (key) this.shown.sort((one, other) => sign * compare(key(one), key(other)) || one - other);
    this.first = 0;
    this.draw();
  }

  /** All that can be searched in a meeting, in small letters; kept once made. */
  text(i) {
    this.texts ??= [];
    return (this.texts[i] ??= searchable(this.data, i));
  }

  turn(by) {
    this.first = Math.min(Math.max(this.first + by, 0), Math.max(this.shown.length - 1, 0));
    this.draw();
    this.section.querySelector("table").scrollIntoView({ block: "start" });
  }

  draw() {
    this.body.replaceChildren(...this.shown.slice(this.first, this.first + PAGE).map((i) => row(this.data, i)));
    this.told();
  }

  told() {
    const { words } = this.data;
    const last = Math.min(this.first + PAGE, this.shown.length);
    const range = { from: number(this.shown.length ? this.first + 1 : 0), to: number(last) };
    this.status.textContent = fill(words.lines, { ...range, of: many(this.shown.length, words.meetings) });
    this.earlier.disabled = this.first === 0;
    this.further.disabled = last === this.shown.length;
  }
}

const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

function columns({ meetings, posts, objects, groups, graphs }) {
  const names = (column) => (i) => posts.name[meetings[column][i]].toLowerCase();
  return {
    group: (i) => groups[meetings.group[i]].id,
    graph: (i) => graphs[meetings.graph[i]],
    object: (i) => objects[meetings.object[i]].toLowerCase(),
    first: names("a"),
    second: names("b"),
    gap: (i) => meetings.gap_s[i],
    bits: (i) => meetings.bits[i] ?? -1,
  };
}

function searchable({ meetings, posts, objects, accounts }, i) {
  const ends = [meetings.a[i], meetings.b[i]];
  const of = (p) => [posts.name[p], posts.text[p], posts.id[p], posts.at[p], posts.node[p] < 0 ? "" : accounts.id[posts.node[p]]];
  return [objects[meetings.object[i]], ...ends.flatMap(of)].join("\n").toLowerCase();
}
