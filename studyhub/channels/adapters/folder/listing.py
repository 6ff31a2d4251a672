"""The list of what lies in the directory, as RSS, for a reader that fetches by list."""

import json
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from studyhub.channels.adapters.folder.files import write_whole
from studyhub.core.characters import clean

LISTING, POST = "index.rss", "post.json"
NEWEST = 100


def write_listing(root: Path, title: str) -> None:
    """Rewrite the list from the directory itself: newest first, a hundred at most."""
    posts = sorted(_posts(root), key=lambda post: str(post["handed_at"]), reverse=True)
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    _add(channel, title=title, description=title, link="./")
    for post in posts[:NEWEST]:
        at = datetime.fromisoformat(post["handed_at"])
        item = ElementTree.SubElement(channel, "item")
        _add(item, title=post["title"], description=escape(post["digest"]), link=post["source_url"])
        _add(item, pubDate=format_datetime(at))
        ElementTree.SubElement(item, "guid", isPermaLink="false").text = post["marker"]
        ElementTree.SubElement(
            item, "enclosure", url=f"{post['marker']}/index.html", type="text/html", length="0"
        )
    write_whole(root / LISTING, ElementTree.tostring(rss, "utf-8", xml_declaration=True))


def _posts(root: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in root.glob(f"[!.]*/{POST}")]


def _add(parent: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(parent, name).text = clean(text)
