"""The twenty starter lessons as proof-reading sees them, read from their files."""

import re
import tomllib
from datetime import date
from pathlib import Path

from content.proofs.reading import proofread
from content.proofs.starter import starter_rules
from content.proofs.values import Text
from content.proofs.whole import Material

LESSONS = sorted(Path("content/starter/lessons").glob("*.toml"))
RULES = tuple(starter.rule for starter in starter_rules())
TODAY = date(2026, 11, 28)
LEFT_OUT = {"source", "sources", "reference", "accepted", "answer", "licence", "section", "bank"}
NO_WORDS = {"type", "key", "file", "kind", "slug", "course", "category", "credit_hours"}


def texts_in(value, kind="page", way=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in LEFT_OUT | NO_WORDS:
                yield from texts_in(inner, value.get("type", kind), f"{way}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts_in(inner, kind, f"{way}/{number}")
    elif isinstance(value, str):
        yield Text("", kind, way.strip("/"), value.replace("**", ""))


def starter_material():
    for path in LESSONS:
        yield Material(tuple(texts_in(tomllib.loads(path.read_text("utf-8")))))


def clean_sentences():
    """Sentences of the lessons in which nothing is found, each with its full stop."""
    for material in starter_material():
        for text in material.texts:
            for sentence in re.findall(r"[^。！？；\n]{8,}。", text.text):
                if not found_in(sentence):
                    yield sentence


def found_in(words, *, rules=RULES, today=TODAY, **place):
    text = Text(**{"unit": "", "kind": "section", "field": "text", **place, "text": words})
    return proofread(Material((text,)), rules, today)


def checks_of(finds):
    """The keys of the rules that found something."""
    return {find.rule for find in finds}
