// How each account and tie is drawn now: what the filters leave, what is selected, and what stands back for it.

/** From so many accounts on: so large a mark. */
const SIZES = [[300, 6], [1500, 4], [6000, 3], [Infinity, 2]];

export class View {
  constructor(data) {
    this.data = data;
    this.size = SIZES.find(([most]) => data.accounts.x.length <= most)[1];
    this.accounts = new Uint8Array(data.accounts.x.length).fill(1);
    this.ties = new Uint8Array(data.ties.a.length).fill(1);
    this.wanted = { group: "", kind: "", graph: "" };
    this.steps = null; // of the period: [first, one behind the last], or null for all of it
    this.none();
  }

  none() {
    this.chosen = -1;
    this.tieChosen = -1;
    this.near = null;
  }

  selectAccount(account) {
    this.none();
    this.chosen = account;
    const { a, b } = this.data.ties;
    this.near = new Set([account, ...this.data.neighbours[account].flatMap((tie) => [a[tie], b[tie]])]);
  }

  selectTie(tie) {
    this.none();
    this.tieChosen = tie;
    this.near = new Set([this.data.ties.a[tie], this.data.ties.b[tie]]);
  }

  /** Whether the group passes the filters. */
  group(group) {
    const { wanted, data } = this;
    return (wanted.group === "" || group === Number(wanted.group)) && (wanted.kind === "" || data.groups[group].kind === wanted.kind);
  }

  /** Apply the filters; return how many accounts and ties they leave. With a graph or a time: ties on it or in it, and accounts that have one.
   * A tie is in a time when it had begun before the end of it, and was seen after its beginning. */
  filter() {
    const { accounts, ties, sets } = this.data;
    const graph = this.wanted.graph === "" ? -1 : Number(this.wanted.graph);
    const inside = this.data.groups.map((_, i) => this.group(i));
    const has = sets.map((set) => graph < 0 || set.graphs.includes(graph));
    const [from, until] = this.steps ?? [-Infinity, Infinity];
    const alone = graph < 0 && this.steps === null;
    accounts.group.forEach((group, i) => (this.accounts[i] = inside[group] && alone ? 1 : 0));
    for (let i = 0; i < ties.a.length; i++) {
      const [a, b] = [ties.a[i], ties.b[i]];
      const then = ties.first[i] < until && ties.last[i] >= from;
      this.ties[i] = then && has[ties.set[i]] && inside[accounts.group[a]] && inside[accounts.group[b]] ? 1 : 0;
      if (this.ties[i]) this.accounts[a] = this.accounts[b] = 1;
    }
    return { accounts: count(this.accounts), ties: count(this.ties) };
  }

  account(i) {
    const { accounts } = this.data;
    const { colours } = this;
    const back = this.near !== null && !this.near.has(i);
    const source = accounts.role[i] === this.data.source_role;
    return {
      x: accounts.x[i],
      y: accounts.y[i],
      hidden: !this.accounts[i],
      size: this.scale * (i === this.chosen ? 1.6 * this.size : this.size),
      color: i === this.chosen ? colours.ink : back ? colours.line : source ? colours.soft : colours.marks[accounts.group[i]],
      label: back ? "" : accounts.name[i],
      forceLabel: this.near !== null && (i === this.chosen || (this.tieChosen >= 0 && this.near.has(i))),
    };
  }

  /** Whether a tie is drawn: the filters leave it, and nothing is selected that it has no part in. */
  shows(i) {
    const { a, b } = this.data.ties;
    if (!this.ties[i]) return false;
    if (this.tieChosen >= 0) return i === this.tieChosen;
    return this.chosen < 0 || a[i] === this.chosen || b[i] === this.chosen;
  }

  tie(i) {
    const { ties, accounts } = this.data;
    const { colours } = this;
    const [a, b] = [ties.a[i], ties.b[i]];
    const inside = accounts.group[a] === accounts.group[b];
    return {
      hidden: !this.shows(i),
      size: i === this.tieChosen ? 4 : this.chosen >= 0 ? 2 : 1,
      color: i === this.tieChosen ? colours.ink : !inside ? colours.line : colours.ties[accounts.group[a]],
    };
  }
}

const count = (flags) => flags.reduce((sum, flag) => sum + flag, 0);
