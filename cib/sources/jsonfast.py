"""The columns of JSON lines in one pass over their bytes, for lines that say what most lines do; the rest is told apart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.kernels import jsonscan, jsontake
from cib.kernels.jsonscan import BITS, FULL, LEAF, NEW, NEXT_ROW, OBJECT, OBJECTS, PASSED, SCALARS, SEEN, WRITTEN

ROWS = 65_536  # per piece, of records and of elements of one list
SPARE = 64  # leaves for which there is room before arrays grow
LEVELS = 64

Place = tuple[str, ...]


class NoRoomError(Exception):
    """What is wanted cannot be had in one pass: a value inside another one, too many keys, two keys of one name."""


class Plan:
    """What is wanted, as the scan takes it. It grows while keys turn up.

    leaf    place → number; a place is the keys that lead there, those of lists with brackets
    space   place of a list → number of the space in which its elements have their rows; () of the records
    """

    def __init__(self, tree: Mapping[str, Any], others: Mapping[str, Sequence[str]], places: Iterable[Sequence[str]]):
        self.leaf: dict[Place, int] = {}
        self.space: dict[Place, int] = {(): 0}
        self.leaf_space: list[int] = []
        self.above, self.element, self.scalar = [-1], [0], [-1]
        self.objects: list[Place] = [()]
        self._space_of = [0]
        self._edges: dict[tuple[int, str], tuple[int, int]] = {}
        self._open = {tuple(place) for place in places}
        self._grow(0, tree)
        for keys in others.values():
            self.want(keys)

    def want(self, keys: Sequence[str]) -> None:
        """Add a value outside lists. Raises NoRoomError where it lies inside another one, or another one in it."""
        node = 0
        for key in keys[:-1]:
            kind, node = self._edges.get((node, key), (LEAF, 0))
            if kind != OBJECT:
                raise NoRoomError
        if not keys or (node, keys[-1]) in self._edges:
            raise NoRoomError
        self._leaf(node, keys[-1], LEAF)

    def pass_over(self, node: int, key: str) -> None:
        """Let a key of an object be known and not wanted."""
        self._edges[node, key] = (PASSED, 0)

    def _leaf(self, node: int, key: str, kind: int) -> None:
        self._edges[node, key] = (kind, self._new_leaf((*self.objects[node], key), self._space_of[node]))

    def _new_leaf(self, place: Place, space: int) -> int:
        self.leaf[place] = len(self.leaf_space)
        self.leaf_space.append(space)
        return self.leaf[place]

    def _object(self, place: Place, space: int) -> int:
        self.objects.append(place)
        self._space_of.append(space)
        return len(self.objects) - 1

    def _grow(self, node: int, tree: Mapping[str, Any]) -> None:
        place, space = self.objects[node], self._space_of[node]
        for key, child in tree.items():
            if isinstance(child, dict):
                inner = self._object((*place, key), space)
                self._edges[node, key] = (OBJECT, inner)
                self._grow(inner, child)
            elif isinstance(child, list):
                self._list(node, key, child[0])
            else:
                self._leaf(node, key, WRITTEN if child == "JSON" else LEAF)

    def _list(self, node: int, key: str, element: Any) -> None:
        place, space = (*self.objects[node], f"{key}[]"), len(self.above)
        self.space[place] = space
        self.above.append(self._space_of[node])
        if isinstance(element, dict):
            inner = self._object(place, space)
            self.element.append(inner)
            self.scalar.append(-1)
            self._edges[node, key] = (OBJECTS, space)
            self._grow(inner, element)
        elif element == "JSON":
            raise NoRoomError
        else:
            self.element.append(-1)
            self.scalar.append(self._new_leaf(place, space))
            self._edges[node, key] = (SCALARS, space)

    def tree(self) -> tuple[np.ndarray, ...]:
        """Return keys, slots, edges and objects as `jsonscan.scan` takes them."""
        names = [key.encode() for _, key in self._edges]
        edges = np.full((len(names), 7), -1, np.int64)
        edges[:, 1] = [len(name) for name in names]
        edges[:, 0] = np.cumsum(edges[:, 1]) - edges[:, 1]
        edges[:, 2] = [node for node, _ in self._edges]
        edges[:, 3:5] = list(self._edges.values())
        edges[:, 6] = 0
        keys = np.frombuffer(b"".join(names) + b"\0", np.uint8)
        slots = np.zeros(1 << (4 * len(names) + 16).bit_length(), np.int64)
        for edge, (start, size, origin) in enumerate(edges[:, :3]):
            slot = int(jsonscan.hashed(keys, start, size, origin)) & (slots.size - 1)
            while slots[slot]:
                slot = (slot + 1) & (slots.size - 1)
            slots[slot] = edge + 1
        objects = np.array([(place in self._open, -1) for place in self.objects], np.int64)
        return keys, slots, edges, objects

    def spaces(self) -> np.ndarray:
        """Return spaces as `jsonscan.scan` takes them, no row used."""
        return np.array([self.element, self.scalar, self.above, [0] * len(self.above)], np.int64).T.copy()


class Found(NamedTuple):
    """What a scan fills, in the order in which it takes it. Memory: eight bytes per leaf and row that is used."""

    spaces: np.ndarray
    frames: np.ndarray
    note: np.ndarray
    value: np.ndarray
    n_elements: np.ndarray
    kept: np.ndarray

    @classmethod
    def of(cls, plan: Plan) -> "Found":
        return cls(
            plan.spaces(),
            np.zeros((LEVELS, 8), np.int64),
            np.zeros(4, np.int64),
            np.zeros((len(plan.leaf_space) + SPARE, ROWS), np.int64),
            np.full((len(plan.above), ROWS), -1, np.int32),
            np.zeros(ROWS, bool),
        )

    def widened(self, plan: Plan) -> "Found":
        """The same, with room for leaves that came later."""
        more = len(plan.leaf_space) - self.value.shape[0]
        return self._replace(value=np.pad(self.value, ((0, more + SPARE), (0, 0)))) if more > 0 else self


class FastLines:
    """Lines to columns. `columns` are paths that are always there; `others` further values, name → keys.

    named  gives the keys of a value that nobody wants its name, or None where it is not to be kept; it may raise NoRoomError
    """

    def __init__(
        self,
        tree: Mapping[str, Any],
        *,
        columns: Sequence[str],
        others: Mapping[str, Sequence[str]],
        places: Iterable[Sequence[str]],
        named: Callable[[Sequence[str]], str | None],
    ):
        self._plan = Plan(tree, others, places)
        self._columns = list(columns)
        self._others = {name: tuple(keys) for name, keys in others.items()}
        self._named = named
        self._tree = self._plan.tree()

    def read(self, lines: pa.Array) -> tuple[pa.Table, np.ndarray]:
        """Return the columns of the lines that could be read, and which these are. Raises NoRoomError."""
        offsets = np.frombuffer(lines.buffers()[1], np.int32)[lines.offset : lines.offset + len(lines) + 1]
        text = np.frombuffer(lines.buffers()[2] or b"", np.uint8)
        taken = np.zeros(len(lines), bool)
        self._tree[2][:, SEEN] = 0
        found = Found.of(self._plan)
        tables: list[pa.Table] = []
        line = told = 0
        while line < len(lines) or not tables:
            line, told = jsonscan.scan(*self._tree, *found, text, offsets, line, taken)
            if told == NEW:
                node, begin, end = found.note[:3].tolist()
                self._meet(node, bytes(text[begin:end]).decode())
                found = found.widened(self._plan)
                continue
            tables.append(self._table(found, text))
            if told == FULL:
                self._tree[2][:, SEEN] = 0  # objects are numbered anew
                found = Found.of(self._plan)
        return pa.concat_tables(tables, promote_options="default").combine_chunks(), taken

    def _meet(self, node: int, key: str) -> None:
        keys = (*self._plan.objects[node], key)
        name = self._named(keys)
        if name is None:
            self._plan.pass_over(node, key)
        else:
            self._plan.want(keys)
            self._others[name] = keys
        self._tree = self._plan.tree()

    def _table(self, found: Found, text: np.ndarray) -> pa.Table:
        made = {name: self._leaf(found, text, keys) for name, keys in self._others.items()}
        made |= {path: self._column(found, text, path) for path in self._columns}
        n_rows = int(found.spaces[0, NEXT_ROW])
        table = pa.table(made) if made else pa.table({"": pa.nulls(n_rows)}).select([])
        kept = found.kept[:n_rows]
        return table if kept.all() else table.filter(pa.array(kept))

    def _leaf(self, found: Found, text: np.ndarray, place: Place) -> pa.Array:
        leaf = self._plan.leaf[place]
        n_rows = int(found.spaces[self._plan.leaf_space[leaf], NEXT_ROW])
        value = found.value[leaf, :n_rows]
        n_bytes = int((value >> 3 & (1 << BITS) - 1).sum())
        out, offsets, valid = np.empty(n_bytes, np.uint8), np.empty(n_rows + 1, np.int32), np.zeros((n_rows + 7) // 8, np.uint8)
        jsontake.take(text, value, out, offsets, valid)
        return pa.Array.from_buffers(pa.string(), n_rows, [pa.py_buffer(each) for each in (valid, offsets, out[: offsets[-1]])])

    def _column(self, found: Found, text: np.ndarray, path: str) -> pa.Array:
        *above, last = path.rstrip("!").split(".")
        values = [self._leaf(found, text, (*above, choice)) for choice in last.split("|")]
        made = values[0] if len(values) == 1 else pc.coalesce(*values)
        place = (*above, last)
        for size in range(len(place), 0, -1):
            if place[size - 1].endswith("[]"):
                made = self._listed(found, self._plan.space[place[:size]], made)
        return made

    def _listed(self, found: Found, space: int, values: pa.Array) -> pa.Array:
        """Values of elements as the lists that they stand in."""
        lengths = found.n_elements[space, : int(found.spaces[self._plan.above[space], NEXT_ROW])]
        offsets = pa.array(np.concatenate([[0], np.cumsum(np.maximum(lengths, 0))]).astype(np.int32))
        absent = lengths < 0
        return pa.ListArray.from_arrays(offsets, values, mask=pa.array(absent) if absent.any() else None)
