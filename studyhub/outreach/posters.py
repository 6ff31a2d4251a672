"""A bulletin as a picture for the chat, 1080x1920: large type, and a QR code of the page."""

import json
from dataclasses import asdict
from pathlib import Path

from content.typesetting import MAIN, typeset
from studyhub.core.characters import clean_all
from studyhub.core.qr_codes import qr_file
from studyhub.organisation.models import Organisation
from studyhub.outreach.bulletins import Bulletin

TEMPLATE = Path(__file__).parent / "poster.typ"
PIXELS_PER_INCH = 72  # one pixel a point: the template counts in pixels


def poster(bulletin: Bulletin) -> bytes:
    """The PNG."""
    words = asdict(bulletin) | {
        "kind": bulletin.kind.label,
        "organisation": Organisation.current().shown_name,
    }
    files = {
        MAIN: TEMPLATE.read_bytes(),
        "qr.svg": qr_file(bulletin.address),
        "bulletin.json": json.dumps(clean_all(words), ensure_ascii=False).encode(),
    }
    return typeset(files, format="png", ppi=PIXELS_PER_INCH)
