"""Maps to share: every account under a pseudonym that only the holder of a key can make, or make again."""

import hashlib
import os
import secrets
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from cib.errors import CibError
from cib.graphfiles.network import Network

KEY_BYTES, LETTERS = 32, 16
HIDDEN = ("handle",)  # columns that name an account besides its id


def key_of(path: Path, case: Path) -> bytes:
    """Return the key in the file `path`; made and written there, for its owner alone, where there is none.

    Raises CibError where the file lies in the case, which is passed on as a whole, or holds no key.
    """
    if path.resolve().is_relative_to(case.resolve()):
        raise CibError(
            f"--pseudonymise {path}: the key must not lie in the case, which is passed on as a whole. Keep it elsewhere."
        )
    try:
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_hex(KEY_BYTES) + "\n")
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise CibError(f"--pseudonymise {path}: cannot be read or written ({error.strerror}).") from error
    except ValueError as error:
        raise CibError(
            f"--pseudonymise {path}: holds no key; expected {2 * KEY_BYTES} hexadecimal digits, or no file."
        ) from error
    if len(key) != KEY_BYTES:
        raise CibError(f"--pseudonymise {path}: holds {len(key)} bytes; expected {KEY_BYTES}, or no file.")
    return key


def pseudonym(key: bytes, platform: str, account_id: str) -> str:
    """Return the account's pseudonym: the same for the same key, 64 bits; without the key nobody can tell whose it is.

    The length of the platform stands in front, so that no two accounts are one.
    """
    named = f"{len(platform)}:{platform}:{account_id}".encode("utf-8", "surrogatepass")
    return "p" + hashlib.blake2b(named, key=key, digest_size=LETTERS // 2).hexdigest()


def apply(network: Network, key: bytes) -> Network:
    """Return the map of accounts with pseudonyms for ids, labels and handles, in their order: the old one tells of ids.

    Counts, times and clusters stay: who knows an account's habits may know it again.
    """
    nodes = network.nodes
    names = [pseudonym(key, *name) for name in zip(nodes["platform"].to_pylist(), nodes["account_id"].to_pylist(), strict=True)]
    order = np.array(sorted(range(len(names)), key=names.__getitem__), np.int64)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    column = pa.array(names, pa.string())
    told = dict(zip(nodes["id"].to_pylist(), names, strict=True))
    for name in ("id", "label", "account_id"):
        nodes = nodes.set_column(nodes.column_names.index(name), name, column)
    for name in HIDDEN:
        at = nodes.column_names.index(name)
        nodes = nodes.set_column(at, name, pa.nulls(len(names), nodes.schema.field(at).type))
    return replace(
        network, nodes=nodes.take(pa.array(order)), edges=_edges(network, place, told), lineages=_lineages(network, place)
    )


def _edges(network: Network, place: np.ndarray, told: dict[str, str]) -> pa.Table:
    edges = network.edges
    ends = [place[edges[end].to_numpy()] for end in ("source", "target")]
    if not network.directed:
        ends = [np.minimum(*ends), np.maximum(*ends)]
    for name, numbers in zip(("source", "target"), ends, strict=True):
        edges = edges.set_column(edges.column_names.index(name), name, pa.array(numbers, edges.schema.field(name).type))
    if "leader" in edges.column_names:
        leader = pa.array([told.get(one, one) for one in edges["leader"].to_pylist()], pa.string())
        edges = edges.set_column(edges.column_names.index("leader"), "leader", leader)
    return edges.take(pa.array(np.lexsort((ends[1], ends[0]))))


def _lineages(network: Network, place: np.ndarray) -> pa.Table | None:
    rows = network.lineages
    if rows is None:
        return None
    at = rows.column_names.index("node")
    return rows.set_column(at, "node", pa.array(place[rows["node"].to_numpy()], rows.schema.field(at).type))
