"""A bulletin as a picture for the chat, 1080x1920: large type, and a QR code of the page."""

import json
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import segno
import typst

from content.printed_lesson import FONTS
from studyhub.core.characters import clean_all
from studyhub.organisation.models import Organisation
from studyhub.outreach.bulletins import Bulletin

TEMPLATE = Path(__file__).parent / "poster.typ"
PIXELS_PER_INCH = 72  # one pixel a point: the template counts in pixels


def poster(bulletin: Bulletin) -> bytes:
    """The PNG. Its words are data for typst, never markup."""
    files = {
        "main.typ": TEMPLATE.read_bytes(),
        "qr.svg": _qr(bulletin.address),
        "bulletin.json": json.dumps(_data(bulletin), ensure_ascii=False).encode(),
    }
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        return typst.compile(
            Path(folder) / "main.typ",
            root=Path(folder),
            font_paths=[FONTS],
            ignore_system_fonts=True,
            format="png",
            ppi=PIXELS_PER_INCH,
        )


def _data(bulletin: Bulletin) -> dict[str, object]:
    head, _, topic = bulletin.heading.partition("】")
    words: dict[str, object] = clean_all(
        {
            "organisation": Organisation.current().shown_name,
            "kind": head.removeprefix("【"),
            "topic": topic,
            "day": bulletin.day,
            "points": bulletin.points,
            "counts": bulletin.counts,
            "invitation": bulletin.invitation,
            "address": bulletin.address,
            "helper": bulletin.helper,
        }
    )
    return words


def _qr(address: str) -> bytes:
    buffer = BytesIO()
    segno.make(address, error="m").save(buffer, kind="svg", border=4, xmldecl=False)
    return buffer.getvalue()
