"""The formats of the maps: which files each writes per map, and with what."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cib.graphfiles import gexf, graphml, picture, tables, times
from cib.graphfiles.network import Network


@dataclass(frozen=True)
class Format:
    """How a map becomes files.

    endings  of its files, `NAME.gexf` or `NAME_nodes.csv`; those that begin with _ drop the name of the first map
    write    (paths, network, description)
    """

    endings: tuple[str, ...]
    write: Callable[[Sequence[Path], Network, str], None]


def _alone(write: Callable[..., None]) -> Callable[[Sequence[Path], Network, str], None]:
    """Return `write` for a format of one file."""
    return lambda paths, network, description: write(paths[0], network, description=description)


DYNAMIC = "dynamic"  # goes with gexf, for maps whose edges carry times
FORMATS = {
    "csv": Format(("_nodes.csv", "_edges.csv"), tables.write_csv),
    "gexf": Format((".gexf",), _alone(gexf.write)),
    DYNAMIC: Format((".dynamic.gexf",), _alone(partial(gexf.write, dynamic=True))),
    "graphml": Format((".graphml",), _alone(graphml.write)),
    "parquet": Format(("_nodes.parquet", "_edges.parquet"), tables.write_parquet),
    "png": Format((".png",), picture.write_png),
    "svg": Format((".svg",), picture.write_svg),
    "xlsx": Format((".xlsx",), tables.write_xlsx),
}


NAMES = tuple(sorted(FORMATS.keys() - {DYNAMIC}))


def write(folder: Path, network: Network, *, to: str, name: str, description: str) -> list[Path]:
    """Write the map `name` in the format `to` and return its files; for gexf with a second file that carries the times."""
    forms = [to, DYNAMIC] if to == "gexf" and times.known(network) else [to]
    return [path for form in forms for path in _write(folder, network, FORMATS[form], words=(name, description))]


def _write(folder: Path, network: Network, form: Format, *, words: tuple[str, str]) -> list[Path]:
    """Write one format. Nobody ever opens half a map: a file gets its name when it is whole."""
    name, description = words
    paths = [folder / (ending[1:] if ending[0] == "_" and name == "network" else name + ending) for ending in form.endings]
    aside = [path.with_name(path.name + ".new") for path in paths]
    form.write(aside, network, description)
    for new, path in zip(aside, paths, strict=True):
        os.replace(new, path)
    return paths
