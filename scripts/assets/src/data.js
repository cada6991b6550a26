// The page's data island, unpacked. Accounts, ties and meetings stay columns: twenty thousand objects would be slow.

import { speak } from "./dom.js";

/** Return the island with the ends of every tie spelled out, and the meetings of each tie. */
export function unpack(text) {
  const data = JSON.parse(text);
  speak(data.words.language);
  const { degree, step } = data.ties;
  const a = new Int32Array(step.length);
  const b = new Int32Array(step.length);
  let tie = 0;
  degree.forEach((n, account) => {
    let other = account;
    for (const end = tie + n; tie < end; tie++) {
      other += step[tie];
      a[tie] = account;
      b[tie] = other;
    }
  });
  Object.assign(data.ties, { a, b });
  // A post of an account on the map bears its name, which is written once.
  data.posts.name = data.posts.name.map((name, i) => name || data.accounts.name[data.posts.node[i]]);
  data.neighbours = neighbours(data.accounts.x.length, data.ties);
  data.meetingsOf = meetingsOf(data);
  return data;
}

/** Return per account the numbers of its ties, strongest first. */
function neighbours(n, { a, b, bits }) {
  const found = Array.from({ length: n }, () => []);
  a.forEach((account, tie) => {
    found[account].push(tie);
    found[b[tie]].push(tie);
  });
  for (const ties of found) ties.sort((one, other) => bits[other] - bits[one] || one - other);
  return found;
}

/** Return a map from a tie's name to the numbers of its meetings, rarest first. */
function meetingsOf({ meetings, posts }) {
  const found = new Map();
  meetings.a.forEach((post, i) => {
    const key = pair(posts.node[post], posts.node[meetings.b[i]]);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(i);
  });
  return found;
}

/** Return the name of the pair of two accounts, whichever comes first. */
export const pair = (one, other) => (one < other ? `${one} ${other}` : `${other} ${one}`);

/** Return the other end of a tie. */
export const across = ({ a, b }, tie, account) => (a[tie] === account ? b[tie] : a[tie]);
