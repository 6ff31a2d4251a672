"""The rules of the first day: ``rules.toml`` beside this module."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from content.proofs.values import Level, Rule

FILE = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True)
class StarterRule:
    rule: Rule
    source: str


@cache
def starter_rules() -> tuple[StarterRule, ...]:
    rows = tomllib.loads(FILE.read_text("utf-8"))["rules"]
    return tuple(StarterRule(_rule(row), row["source"]) for row in rows)


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        key=row["key"],
        name=row["name"],
        level=Level(row["level"]),
        why=row["why"],
        check=row.get("check", ""),
        words=tuple(row.get("words", ())),
        instead=row["instead"],
        exceptions=tuple(row.get("exceptions", ())),
        skips_quotes=row.get("quotes", False),
        skips_titles=row.get("titles", False),
    )
