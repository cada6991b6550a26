// The period as two sliders: which ties had met by then, and still met after that.

import { el, later, written } from "./dom.js";

const DAY_S = 86400;
const IDS = ["period-from", "period-until"];

/** Return when a step of the period begins, UTC, as 2024-03-04 09:05. */
export function begins({ start, step_s }, step) {
  const at = new Date(Date.parse(`${start.replace(" ", "T")}${start.length > 10 ? "" : "T00:00"}Z`) + 1000 * step_s * step);
  return at.toISOString().slice(0, step_s < DAY_S ? 16 : 10).replace("T", " ");
}

/** Return when a step of the period ends: the moment, or the last day where steps are days. */
export function ends(period, step) {
  const days = period.step_s >= DAY_S;
  return days ? begins({ ...period, step_s: DAY_S }, ((step + 1) * period.step_s) / DAY_S - 1) : begins(period, step + 1);
}

export class Period {
  /** changed: called with [first step, one behind the last], or null for all of it. */
  constructor(data, changed) {
    this.period = data.period;
    this.said = [el("output", {}), el("output", {})];
    this.ends = IDS.map((id) => el("input", { type: "range", id, min: 0, max: this.period.n - 1, step: 1 }));
    this.reset();
    const soon = later(() => changed(this.steps), 60);
    this.ends.forEach((input, which) => input.addEventListener("input", () => {
      this.apart(which);
      this.tell();
      soon();
    }));
    const { words } = data;
    this.element = el("div", { class: "period" }, [words.met_from, words.met_until].map((label, which) =>
      el("div", {}, el("label", { for: IDS[which] }, label), " ", this.said[which], this.ends[which])));
  }

  get places() {
    return this.ends.map((input) => Number(input.value));
  }

  get steps() {
    const [from, until] = this.places;
    return from === 0 && until === this.period.n - 1 ? null : [from, until + 1];
  }

  reset() {
    this.ends[0].value = 0;
    this.ends[1].value = this.period.n - 1;
    this.tell();
  }

  /** Let the other end give way, so that the period never ends before it begins. */
  apart(which) {
    const [from, until] = this.places;
    if (from > until) this.ends[1 - which].value = this.ends[which].value;
  }

  tell() {
    const [from, until] = this.places;
    const told = [begins(this.period, from), ends(this.period, until)].map(written);
    told.forEach((text, which) => {
      this.said[which].textContent = text;
      this.ends[which].setAttribute("aria-valuetext", text);
    });
  }
}
