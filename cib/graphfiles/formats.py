"""The formats of the maps: which files each writes per map, and with what."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cib.graphfiles import gexf, graphml, picture, tables
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


FORMATS = {
    "csv": Format(("_nodes.csv", "_edges.csv"), tables.write_csv),
    "gexf": Format((".gexf",), _alone(gexf.write)),
    "graphml": Format((".graphml",), _alone(graphml.write)),
    "parquet": Format(("_nodes.parquet", "_edges.parquet"), tables.write_parquet),
    "png": Format((".png",), picture.write_png),
    "svg": Format((".svg",), picture.write_svg),
    "xlsx": Format((".xlsx",), tables.write_xlsx),
}


def write(folder: Path, network: Network, *, to: str, name: str, description: str) -> list[Path]:
    """Write the map `name` in the format `to` and return its files. Nobody ever opens half a map: it gets its name when whole."""
    form = FORMATS[to]
    paths = [folder / (ending[1:] if ending[0] == "_" and name == "network" else name + ending) for ending in form.endings]
    aside = [path.with_name(path.name + ".new") for path in paths]
    form.write(aside, network, description)
    for new, path in zip(aside, paths, strict=True):
        os.replace(new, path)
    return paths
