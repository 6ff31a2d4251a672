"""Mongolian in vertical lines, as HTML: pages and single files alike."""

import re
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from content.twins.shown import Twin

FONT = "content/mongolian.woff2"  # below the static files

# One or two digits alone stand upright; a year, a decimal or a clock time lies with its line.
_SHORT = re.compile(r"(?<![0-9])(?<![0-9][.,:/-])[0-9]{1,2}(?![.,:/-]?[0-9])")


def font_bytes() -> bytes:
    """The font of Mongolian pages, as it is served."""
    return (Path(__file__).parent.parent / "static" / FONT).read_bytes()


def twin_html(twin: Twin | None, *, plays: bool = True) -> SafeString:
    """Empty where there is none. A file that fetches nothing ``plays`` nothing, and says so."""
    if twin is None:
        return mark_safe("")
    lines = [line_html(line) for line in twin.paragraphs]
    context = {"twin": twin, "plays": plays, "heading": line_html(twin.heading), "lines": lines}
    return mark_safe(render_to_string("components/twin.html", context).strip())


def line_html(text: str) -> SafeString:
    return mark_safe(_SHORT.sub(r'<span class="up">\g<0></span>', str(escape(text))))
