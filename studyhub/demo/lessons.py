"""The demo's twenty lessons in four courses, and one heritage site; hard names before the
lessons that hold them."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from content import lesson_files
from studyhub.core.clock import BEIJING

DATA = Path(__file__).parent / "data"
OPENED = datetime(2026, 9, 1, 8, tzinfo=BEIJING)


def load_lessons() -> None:
    """Create or update them from ``data/``; safe to repeat."""
    tree = lesson_files.ensure_tree(
        site_name="指尖课堂",
        welcome="离家再远，也是组织里的人",
        contact="演示环境：遇到问题请联系演示联络员 01",
        address=settings.PUBLIC_URL,
    )
    lesson_files.load_pronunciations(
        tomllib.loads((DATA / "readings.toml").read_text("utf-8"))["readings"]
    )
    courses = tomllib.loads((DATA / "courses.toml").read_text("utf-8"))["courses"]
    listed = tomllib.loads((DATA / "corrections.toml").read_text("utf-8"))["corrections"]
    corrections = {item["lesson"]: item for item in listed}
    lessons: dict[str, list[tuple[int, Path]]] = {}
    for path in sorted((DATA / "lessons").glob("*.toml")):
        head = tomllib.loads(path.read_text("utf-8"))
        lessons.setdefault(head["course"], []).append((head["order"], path))
    for data in sorted(courses, key=lambda item: item["order"]):
        course = lesson_files.load_course(tree, data)
        for _, path in sorted(lessons.get(data["slug"], [])):
            load_lesson(course, path, corrections.get(path.stem))
    lesson_files.load_site(tree, DATA / "site_paotaishan.toml")
    # No record counts as made before its text was there, and the demo's people began in September.
    lesson_files.date_back(OPENED)


def load_lesson(course: Any, path: Path, correction: dict[str, str] | None) -> None:
    """A corrected lesson is published twice, once only: as it was, then as its file has it now."""
    if correction is None:
        lesson_files.load_lesson(course, path)
        return
    after, before = correction["after"], correction["before"]
    slug = tomllib.loads(path.read_text("utf-8"))["slug"]
    if not lesson_files.has_lesson(course, slug):
        lesson_files.load_lesson(course, path, instead=(after, before))
    lesson_files.load_lesson(course, path, change=(correction["change"], correction["note"]))
