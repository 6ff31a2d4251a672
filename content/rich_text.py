"""From an editor's rich text to paragraphs and lists. Everything else that stands there is text.

Marks that are not known lose their tags and keep their words, so no script or style that got into
the database leaves it again.
"""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urlsplit

from content.elements import Item, List, Paragraph, Run, Runs
from studyhub.core.characters import clean

_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLOCKS = frozenset({"p", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_SILENT = frozenset({"script", "style", "template"})
_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})


def rich_text(html: str) -> tuple[Paragraph | List, ...]:
    """``html`` as ``wagtail.rich_text.expand_db_html`` gives it. Empty paragraphs are left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.finish())


@dataclass
class _OpenItem:
    runs: list[Run] = field(default_factory=list)
    inner: List | None = None

    def put_below(self, closed: List) -> None:
        """A second list below the same entry goes on with the first, of whatever kind it is."""
        before = self.inner.items if self.inner else ()
        self.inner = replace(self.inner or closed, items=before + closed.items)


@dataclass
class _OpenList:
    ordered: bool
    items: list[_OpenItem] = field(default_factory=list)

    def last(self) -> _OpenItem:
        if not self.items:
            self.items.append(_OpenItem())
        return self.items[-1]

    def closed(self) -> List:
        items = tuple(Item(tuple(one.runs), one.inner) for one in self.items)
        return List(tuple(item for item in items if item.runs or item.inner), self.ordered)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Paragraph | List] = []
        self._lists: list[_OpenList] = []  # innermost last
        self._runs: list[Run] = []
        self._links: list[str] = []
        self._bold = 0
        self._silent = 0

    def finish(self) -> list[Paragraph | List]:
        self._end_text()
        while self._lists:
            self._end_list()
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_text()
        elif tag in ("ul", "ol"):
            self._end_text()
            self._lists.append(_OpenList(tag == "ol"))
        elif tag == "li" and self._lists:
            self._end_text()
            self._lists[-1].items.append(_OpenItem())
        elif tag == "br":
            self._runs.append(Run("\n", self._bold > 0, self._link))
        else:
            self._open_mark(tag, attrs)

    def _open_mark(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("b", "strong"):
            self._bold += 1
        elif tag == "a":
            self._links.append(_safe(dict(attrs).get("href") or ""))
        elif tag in _SILENT:
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag == "li":
            self._end_text()
        elif tag in ("ul", "ol") and self._lists:
            self._end_text()
            self._end_list()
        elif tag in ("b", "strong"):
            self._bold = max(0, self._bold - 1)
        elif tag == "a" and self._links:
            self._links.pop()
        elif tag in _SILENT:
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            text = _SPACE.sub(" ", clean(data))
            self._runs.append(Run(text, self._bold > 0, self._link))

    @property
    def _link(self) -> str:
        return self._links[-1] if self._links else ""

    def _end_text(self) -> None:
        runs, self._runs = _tidy(self._runs), []
        if not runs:
            return
        if self._lists:
            item = self._lists[-1].last()
            item.runs += [Run("\n"), *runs] if item.runs else runs
        else:
            self._found.append(Paragraph(runs))

    def _end_list(self) -> None:
        closed = self._lists.pop().closed()
        if not closed.items:
            return
        if self._lists:
            self._lists[-1].last().put_below(closed)
        else:
            self._found.append(closed)


def _safe(href: str) -> str:
    """The address, or nothing where following it could run something."""
    try:
        return href if urlsplit(href.strip()).scheme.lower() in _SCHEMES else ""
    except ValueError:
        return ""


def _tidy(runs: list[Run]) -> Runs:
    """Like runs joined; spaces single, none at the ends or beside a line break."""
    joined: list[Run] = []
    for run in runs:
        text = run.text.lstrip(" ") if not joined or joined[-1].text[-1] in " \n" else run.text
        if run.text == "\n" and joined:
            joined[-1] = Run(joined[-1].text.rstrip(" "), joined[-1].bold, joined[-1].href)
            joined = [one for one in joined if one.text]
        if not text:
            continue
        before = joined[-1] if joined else None
        if before and (before.bold, before.href) == (run.bold, run.href):
            joined[-1] = Run(before.text + text, run.bold, run.href)
        else:
            joined.append(Run(text, run.bold, run.href))
    return _without_ends(joined)


def _without_ends(runs: list[Run]) -> Runs:
    while runs and not runs[-1].text.strip(" \n"):
        runs.pop()
    while runs and not runs[0].text.strip(" \n"):
        runs.pop(0)
    if not runs:
        return ()
    runs[0] = Run(runs[0].text.lstrip(" \n"), runs[0].bold, runs[0].href)
    runs[-1] = Run(runs[-1].text.rstrip(" \n"), runs[-1].bold, runs[-1].href)
    return tuple(runs)
