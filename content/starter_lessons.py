"""Twenty lessons in four courses to begin with, from ``starter/``; counties get them as drafts."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from content import lesson_files
from content.fixed_pages import Tree
from content.models import CoursePage

DATA = Path(__file__).parent / "starter"
SITE_TEMPLATE = DATA / "site_jurihe.toml"


def load_starter_drafts(tree: Tree, author: Any) -> int:
    """Courses, readings of hard names, one site to be filled in, and lessons that must pass review;
    returns how many lessons are new.

    Safe to repeat: what is there, people may have changed.
    """
    load_readings()
    courses = CoursePage.objects.child_of(tree.courses)
    lesson_files.load_site_draft(tree, SITE_TEMPLATE, author)
    added = 0
    for data, paths in starter_courses():
        course = courses.filter(slug=data["slug"]).first() or lesson_files.load_course(tree, data)
        added += sum(lesson_files.load_draft(course, path, author) for path in paths)
    return added


def load_readings() -> None:
    """Hard names before the lessons that hold them."""
    lesson_files.load_pronunciations(_table("readings.toml")["readings"])


def starter_courses() -> Iterator[tuple[dict[str, Any], list[Path]]]:
    """Each course as its file has it, in order, with the files of its lessons, in order."""
    lessons: dict[str, list[tuple[int, Path]]] = {}
    for path in (DATA / "lessons").glob("*.toml"):
        head = tomllib.loads(path.read_text("utf-8"))
        lessons.setdefault(head["course"], []).append((head["order"], path))
    for data in sorted(_table("courses.toml")["courses"], key=lambda item: item["order"]):
        yield data, [path for _, path in sorted(lessons.get(data["slug"], []))]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text("utf-8"))
