"""Migrations say what they do, and take nothing away that the version before still reads."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = sorted(
    path
    for package in ("studyhub", "content")
    for path in (ROOT / package).rglob("migrations/0*.py")
)
TAKES_AWAY = {"RemoveField", "DeleteModel", "RenameField", "RenameModel", "AlterModelTable"}
REVIEWED = "# Takes away:"  # a comment that says why nothing is lost, and who no longer reads it


def _operations(path):
    calls = (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    )
    return {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}.{path.stem}")
def test_a_migration_has_a_telling_name(path):
    assert "_auto_" not in path.stem


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}.{path.stem}")
def test_a_migration_that_takes_something_away_says_why_nothing_is_lost(path):
    assert REVIEWED in path.read_text("utf-8") or not _operations(path) & TAKES_AWAY
