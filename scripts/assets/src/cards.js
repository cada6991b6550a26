// What stands beside the map: an account and its ties, or a tie and its evidence. All of it can be reached without the map.

import { across, pair } from "./data.js";
import { el, fill, fixed, many, number, written, wrote } from "./dom.js";
import { meeting } from "./meeting.js";
import { begins, ends } from "./period.js";

const MAX_TIES = 20; // of an account, listed; all are drawn
const MAX_MEETINGS = 10; // of a tie

/** Return a fact and its name for a list of facts. */
const fact = (name, ...what) => [el("dt", {}, name), el("dd", {}, ...what)];

/** Return the card of an account. openTie: called with the number of a tie. */
export function accountCard(data, i, openTie) {
  const { accounts, words, groups } = data;
  const group = groups[accounts.group[i]];
  const ties = data.neighbours[i];
  return [
    el("h3", { tabindex: "-1" }, wrote(accounts.name[i])),
    el("dl", { class: "plain" },
      ...fact(words.id, wrote(accounts.id[i]), " · ", wrote(data.platforms[accounts.platform[i]] || words.unknown)),
      ...fact(words.group, name(group), ` · ${group.kind}`),
      ...fact(words.level, group.level),
      ...fact(words.role, data.roles[accounts.role[i]]),
      ...fact(words.coordination, fixed(accounts.coordination[i] / 100, 2)),
      ...fact(words.ties, number(accounts.ties[i]))),
    el("h4", {}, many(ties.length, words.drawn_ties)),
    el("ul", { class: "ties-of" }, ties.slice(0, MAX_TIES).map((tie) => el("li", {}, el(
      "button", { type: "button", onclick: () => openTie(tie) },
      wrote(accounts.name[across(data.ties, tie, i)]), ` · ${data.ties.bits[tie]} ${words.bits}`)))),
    ties.length > MAX_TIES ? el("p", { class: "note" }, many(ties.length - MAX_TIES, words.more_ties)) : null,
    el("p", { class: "note" }, accounts.role[i] === data.source_role ? words.source_note : words.account_note),
  ];
}

/** Return the card of a tie. openAccount: called with the number of an account. */
export function tieCard(data, i, openAccount) {
  const { accounts, ties, words } = data;
  const ends = [ties.a[i], ties.b[i]];
  const set = data.sets[ties.set[i]];
  const met = data.meetingsOf.get(pair(...ends)) ?? [];
  const end = (account) => el(
    "button", { type: "button", onclick: () => openAccount(account) }, wrote(accounts.name[account]));
  return [
    el("h3", { tabindex: "-1" }, words.tie),
    el("p", { class: "ends" }, end(ends[0]), ` ${words.and} `, end(ends[1])),
    el("dl", { class: "plain" },
      ...fact(words.surprise, fill(words.by_chance, { bits: ties.bits[i], odds: odds(ties.bits[i], words) })),
      ...fact(words.passes, set.weak ? words.in_group : words.by_itself),
      ...fact(words.graphs, set.graphs.map((graph) => data.graphs[graph]).join(", ")),
      ...between(data, i),
      ...fact(words.rests_on, many(ties.posts[i], words.posts))),
    el("h4", {}, words.how_known),
    met.length
      ? el("ol", { class: "evidence" }, met.slice(0, MAX_MEETINGS).map((one) => meeting(data, one)))
      : el("p", {}, words.no_meeting),
    el("p", { class: "note" }, words.more_meetings),
  ];
}

/** Return when the two of a tie met first and last; nothing where no tie is dated. */
function between({ period, ties, words }, i) {
  if (!period) return [];
  return fact(words.met, fill(words.met_between, {
    from: written(begins(period, ties.first[i])), until: written(ends(period, ties.last[i])),
  }));
}

/** Return how rare so many bits of surprise are. */
const odds = (bits, words) =>
  bits < 20 ? fill(words.odds, { n: number(Math.round(2 ** bits)) }) : fill(words.rare, { n: Math.round(bits * Math.log10(2)) });

const name = (group) => (group.card ? el("a", { href: `#${group.id}` }, group.id) : group.id);
