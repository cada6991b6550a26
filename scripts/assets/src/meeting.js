// One meeting of two accounts: how it is shown beside the map, and as a line of the table of evidence.

import { el, fixed, written, wrote } from "./dom.js";

const WEB = /^https?:\/\//; // the page was given only such addresses; a second lock on the same door

/** Return a link to a post on its platform, or null. */
function original(data, post) {
  const link = data.posts.link[post];
  return link && WEB.test(link) ? el("a", { href: link, rel: "noopener noreferrer" }, data.words.original) : null;
}

/** Return bits as the page writes them. */
const bits = (value) => (value === null ? "–" : fixed(value, 1));

/** Return what both acted on, and how rarely chance brings two accounts together so. */
export function aboutMeeting(data, i) {
  const { meetings } = data;
  return el(
    "p", { class: "met" },
    el("b", {}, data.graphs[meetings.graph[i]]), ` · ${data.kinds[meetings.kind[i]]} `,
    wrote(data.objects[meetings.object[i]], "object"), ` · ${meetings.gap[i]}`,
    meetings.bits[i] === null ? "" : ` · ${bits(meetings.bits[i])} ${data.words.bits}`,
  );
}

/** Return one of the two posts, with its place in its file. */
export function post(data, p) {
  const { posts, words } = data;
  const link = original(data, p);
  return el(
    "blockquote", {},
    el("p", { class: "who" }, wrote(posts.name[p]), " ", el("time", {}, written(posts.at[p])), " UTC", posts.note[p] && ` · ${posts.note[p]}`),
    el("p", { class: "text" }, posts.text[p] ? wrote(posts.text[p]) : el("i", {}, words.no_text)),
    el("footer", {}, wrote(data.files[posts.file[p]]), posts.record[p] === null ? "" : `, ${words.record} ${posts.record[p]}`,
      `; ${words.post} `, wrote(posts.id[p]), link && " · ", link),
  );
}

/** Return a meeting with both posts, the earlier first. */
export const meeting = (data, i) =>
  el("li", {}, aboutMeeting(data, i), post(data, data.meetings.a[i]), post(data, data.meetings.b[i]));

/** Return a meeting as a row of the table, cell by cell like the rows that the page was written with. */
export function row(data, i) {
  const { meetings, posts } = data;
  const side = (p) => el("td", {},
    wrote(posts.name[p], "name"), el("time", {}, written(posts.at[p])), el("p", {}, wrote(posts.text[p])), original(data, p));
  return el(
    "tr", {},
    el("th", { scope: "row" }, data.groups[meetings.group[i]].id), el("td", {}, data.graphs[meetings.graph[i]]),
    el("td", {}, wrote(data.objects[meetings.object[i]])), side(meetings.a[i]), side(meetings.b[i]),
    el("td", {}, meetings.gap[i]), el("td", { class: "num" }, bits(meetings.bits[i])),
  );
}
