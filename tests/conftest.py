"""Shared fixtures: the real data, where it is, and one small simulated case that went through the whole house."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

import cib

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party data; tests that need it skip outside."""
    folder = os.environ.get("CIB_SHARED")
    if not folder or not (Path(folder) / "data").is_dir():
        pytest.skip("CIB_SHARED names no folder with data/: the third-party sets are not part of the project")
    return Path(folder)


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> Path:
    """A simulated world of 600 ordinary accounts."""
    out = tmp_path_factory.mktemp("world")
    cib.simulate(out, accounts=600, seed=7)
    return out


@pytest.fixture(scope="session")
def case(world, tmp_path_factory) -> Path:
    """That world, ingested and run once; or the case that CIB_CASE names, to hold any run against the slow twins."""
    if given := os.environ.get("CIB_CASE"):
        return Path(given)
    folder = tmp_path_factory.mktemp("demo") / "case"
    cib.run(folder, [world / "posts.parquet", world / "accounts.parquet"], sample="full")
    return folder
