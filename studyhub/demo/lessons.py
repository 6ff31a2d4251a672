"""The starter lessons, published, one of them corrected once, and two heritage sites: one to visit,
one as a draft to be filled in."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from content import lesson_files, starter_lessons
from content.fixed_pages import ensure_pages
from studyhub.core.clock import BEIJING

CORRECTIONS = Path(__file__).parent / "data" / "corrections.toml"
DATA = starter_lessons.DATA
OPENED = datetime(2026, 9, 1, 8, tzinfo=BEIJING)


def load_lessons() -> None:
    """Create or update them from their files; safe to repeat."""
    tree = ensure_pages(settings.PUBLIC_URL)
    starter_lessons.load_readings()
    listed = tomllib.loads(CORRECTIONS.read_text("utf-8"))["corrections"]
    corrections = {item["lesson"]: item for item in listed}
    for data, paths in starter_lessons.starter_courses():
        course = lesson_files.load_course(tree, data)
        for path in paths:
            load_lesson(course, path, corrections.get(path.stem))
    lesson_files.load_site(tree, DATA / "site_paotaishan.toml")
    lesson_files.load_site_draft(tree, starter_lessons.SITE_TEMPLATE, None)
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
