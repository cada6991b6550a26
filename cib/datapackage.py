"""Describes the tables of a run as a Data Package v2, so that tools that never heard of this program know every column."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cib import schema

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {"timestamp": "datetime", "list<string>": "list", "map<string>": "object", "bool": "boolean", "double": "number"}
TYPES |= {"string": "string", "int32": "integer", "int64": "integer"}

ROWS = {  # what one row of each table is
    "post": "a published item",
    "account": "an account",
    "reject": "an input row that could not be read, or that is no post",
    "action": "an act: account, verb, object, post",
    "account_code": "an account and its number",
    "object_code": "an object and its number",
    "block": "an account and its coarse community",
    "match": "two posts of different accounts with similar text",
    "pair": "two accounts that acted alike on one graph",
    "edge": "the same, tested: also what chance explains",
    "tie": "two accounts over all graphs: only what passes the error rate, alone or in a group",
    "member": "an account in a cluster",
    "cluster": "a cluster",
    "trait": "a measured trait of a cluster",
    "evidence": "two posts that a human should read",
    "slice": "a cluster in a slice of time",
    "slice_member": "an account in a cluster in a slice of time",
    "topic": "a hashtag, page or site: by how many published, by how many spread",
    "link_hop": "a page or site and a platform on which it turned up",
    "platform_flow": "two platforms, in one direction",
    "advertiser": "an account that shows advertisements",
    "ad_pair": "two advertisers that share texts or landing pages",
    "ad_network": "a network of advertisers",
    "ad_shared": "a text or landing page that advertisers of a network share",
    "ad_payer": "a payer that advertisements name",
    "listed": "an entry of a list that the user gave",
    "target": "a person of a list and an act upon them",
    "cluster_target": "a cluster, a person of a list, and an act",
    "target_hour": "an hour, a person of a list, and who acts",
    "target_burst": "a person of a list and who addresses them",
    "target_group": "a value of an attribute of a list's persons, such as a side",
    "list_use": "an entry of a list and who uses it",
    "impersonation": "an account that resembles a person of a list",
    "phase": "an entry of the election calendar and who is active in it",
    "truth": "an account of a simulated world, or a human label",
}


def describe(folder: Path, *, name: str, version: str, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of datapackage.json for the run in `folder`; no clock, no path outside of it.

    hashes  SHA-256 of every Parquet file, by its path below `folder`
    """
    return {
        "$schema": PROFILE,
        "name": f"cib-run-{name.lower()}",
        "title": "Coordinated behaviour: tables of one run",
        "description": "Who acted alike, and what speaks for and against an inauthentic reading: for people to judge.",
        "version": version,
        "schemaVersion": schema.VERSION,
        "resources": [_resource(table, folder, hashes) for table in schema.TABLES if (folder / table).is_dir()],
    }


def _resource(table: str, folder: Path, hashes: Mapping[str, str]) -> dict[str, Any]:
    paths = sorted(path for path in hashes if path.startswith(f"{table}/"))
    resource: dict[str, Any] = {
        "name": table.replace("_", "-"),
        "description": f"One row: {ROWS[table]}.",
        "path": paths[0] if len(paths) == 1 else paths,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": sum((folder / path).stat().st_size for path in paths),
        "schema": {"fields": [_field(column) for column in schema.TABLES[table]]},
    }
    return resource | ({"hash": f"sha256:{hashes[paths[0]]}"} if len(paths) == 1 else {})


def _field(column: schema.Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": TYPES[column.type]}
    if column.type == "list<string>":
        field["itemType"] = "string"
    return field | ({"description": column.meaning} if column.meaning else {})
