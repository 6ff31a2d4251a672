"""Which lines and branches of the product a run reaches: ``pytest -p tests.tracing``.

Python 3.11's own tracing doubles the time of the suite. Here each module is instrumented as it is
imported, and what was reached once costs nothing any more. Each process of the run leaves one file
in ``var/reached``; ``.ci/coverage`` reads them.
"""

import json
import os
import shutil
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from sys import meta_path
from types import ModuleType

import pytest
from slipcover import FileMatcher, Slipcover
from slipcover.importer import SlipcoverLoader

SOURCES = ["studyhub", "content"]
OMITTED = ["*/migrations/*", "studyhub/settings/*", "*/management/commands/*"]
REACHED = Path(__file__).resolve().parent.parent / "var" / "reached"

_seen = Slipcover(branch=True, source=SOURCES, omit=OMITTED)
_matcher = FileMatcher(sources=SOURCES, omit=OMITTED)


class Finder(MetaPathFinder):
    """The product's modules, instrumented; all others are left to who comes next."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in SOURCES:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader) and _matcher.matches(spec.origin):
            assert spec.origin is not None
            spec.loader = SlipcoverLoader(_seen, spec.loader, spec.origin)
        return spec


meta_path.insert(0, Finder())


def pytest_sessionstart(session: pytest.Session) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(REACHED, ignore_errors=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    REACHED.mkdir(parents=True, exist_ok=True)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    (REACHED / f"{worker}.json").write_text(json.dumps(_seen.get_coverage()), "utf-8")
