"""Dotted paths into JSON, and what the engine makes of them: typed structs, one pass over the text whatever the number of paths.

user.id          the value `id` of the object `user`, as text
tags[].name      of every element of the list `tags` its `name`
langs[]          every element of the list `langs`
urls[].a|b       of every element `a`, else `b`
text!            the value as it is written in JSON: a string keeps its quotation marks, so that it is no list
"""

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Tree = dict[str, Any]


def tree(paths: Iterable[str]) -> Tree:
    """Return the structure that holds all `paths`, as JSON_TRANSFORM takes it. No path may go on inside another one's value."""
    root: Tree = {}
    for path in paths:
        kind = "JSON" if path.endswith("!") else "VARCHAR"
        *objects, last = path.rstrip("!").split(".")
        node = root
        for name in objects:
            node = _child(node, name, path)
        for leaf in last.split("|"):
            name, is_list = leaf.removesuffix("[]"), leaf.endswith("[]")
            if isinstance(node.setdefault(name, [kind] if is_list else kind), dict):
                raise ValueError(f"path {path}: another path goes on inside it")
    return root


def _child(node: Tree, name: str, path: str) -> Tree:
    is_list = name.endswith("[]")
    child = node.setdefault(name.removesuffix("[]"), [{}] if is_list else {})
    inner = child[0] if is_list and isinstance(child, list) else child
    if not isinstance(inner, dict):
        raise ValueError(f"path {path}: another path ends before it")
    return inner


def objects(node: Tree, above: tuple[str, ...] = ()) -> dict[tuple[str, ...], frozenset[str]]:
    """Return every object of the structure outside lists: its place → the names in it that are wanted."""
    found = {above: frozenset(node)}
    for name, child in node.items():
        if isinstance(child, dict):
            found |= objects(child, (*above, name))
    return found


def shape(node: Tree) -> str:
    """Return the structure as text for JSON_TRANSFORM."""
    return json.dumps(node)


def graft(node: Tree, wanted: Mapping[str, Sequence[str]]) -> tuple[Tree, dict[str, Sequence[str]]]:
    """Return the structure with more values, {name: keys that lead there}, and those of them for which it has no room.

    The engine tells the names in one object apart without regard to case, and takes no empty ones.
    """
    root, left = copy.deepcopy(node), {}
    taken: dict[Sequence[str], set[str]] = {}
    for name, keys in wanted.items():
        place: Any = root
        for key in keys[:-1]:
            place = place.get(key) if isinstance(place, dict) else None
        folded = keys[-1].casefold() if keys else ""
        names = taken.setdefault(tuple(keys[:-1]), {key.casefold() for key in place} if isinstance(place, dict) else set())
        if not isinstance(place, dict) or not folded or "\0" in folded or folded in names:
            left[name] = keys
        else:
            place[keys[-1]] = "VARCHAR"
            names.add(folded)
    return root, left


def value(structs: pa.Array, keys: Sequence[str]) -> pa.Array:
    """Return what `graft` put at these keys."""
    for key in keys:
        structs = pc.struct_field(structs, structs.type.get_field_index(key))
    return structs


def pointer(names: Iterable[str]) -> str:
    """Return a JSON pointer: its escapes make any key safe, also one with dots."""
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)


def cell(structs: pa.Array, path: str) -> pa.Array:
    """Return what `path` means in structs of that shape: string, or list<string> where the path has brackets."""
    name, _, rest = path.rstrip("!").partition(".")
    found = pc.struct_field(structs, name.split("|")[0].removesuffix("[]"))
    if not rest and "|" in name:
        return pc.coalesce(*(pc.struct_field(structs, choice) for choice in name.split("|")))
    if not rest:
        return found
    if name.endswith("[]"):
        return relist(found, cell(found.flatten(), rest))
    return cell(found, rest)


def relist(lists: pa.Array, values: pa.Array) -> pa.Array:
    """Return lists of `values` as long as `lists`, NULL where they are."""
    lengths = pc.list_value_length(lists).fill_null(0).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, values, mask=lists.is_null())
