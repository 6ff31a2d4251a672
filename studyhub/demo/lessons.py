"""The demo's twenty lessons in four courses, and one heritage site; hard names before the
lessons that hold them."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from content import importing

DATA = Path(__file__).parent / "data"


def load_lessons() -> None:
    """Create or update them from ``data/``; safe to repeat."""
    public = urlsplit(settings.PUBLIC_URL)
    tree = importing.ensure_tree(
        site_name="指尖课堂",
        welcome="离家再远，也是组织里的人",
        contact="演示环境：遇到问题请联系演示联络员 01",
        hostname=public.hostname or "localhost",
        port=public.port or (443 if public.scheme == "https" else 80),
    )
    importing.load_readings(tomllib.loads((DATA / "readings.toml").read_text("utf-8"))["readings"])
    courses = tomllib.loads((DATA / "courses.toml").read_text("utf-8"))["courses"]
    lessons: dict[str, list[tuple[int, Path]]] = {}
    for path in sorted((DATA / "lessons").glob("*.toml")):
        head = tomllib.loads(path.read_text("utf-8"))
        lessons.setdefault(head["course"], []).append((head["order"], path))
    for data in sorted(courses, key=lambda item: item["order"]):
        course = importing.load_course(tree, data)
        for _, path in sorted(lessons.get(data["slug"], [])):
            importing.load_lesson(course, path)
    importing.load_site(tree, DATA / "site_paotaishan.toml")
