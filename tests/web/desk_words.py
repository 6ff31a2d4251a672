"""The words of a screen of the desk that people see, and those among them that are not Chinese."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Comment, Tag

SEEN = ("aria-label", "title", "placeholder", "alt", "label", "aria-description")
HIDDEN = ("style", "script", "code", "noscript")
# Names that have no Chinese, and what people here type and read in Latin letters anyway.
KEPT = "URL|ID|RSS|HTML|PDF|WPS|DOCX|XLSX?|CSV|TSV|JPE?G|PNG|GIF|WEBP|AVIF|SVG|MP[34]|M4[AB]"
KEPT += "|AAC|AIFF|FLAC|OGG|WAV|KB|MB"
KEPT += "|CTRL|SHIFT|ALT|ESC|CC|BY|WGS|JSON|FEED|WORD|SMARTART"  # keys, licences, norms
WORD = re.compile(rf"(?<![A-Za-z/._@#-])(?!(?:{KEPT})(?![A-Za-z]))[A-Za-z]{{2,}}", re.IGNORECASE)
FILE = r"[\w.-]+\.(?:png|jpg|m4a|pdf)\b|\.[a-z0-9]{2,5}\b"
ADDRESS = re.compile(rf"https?://\S*|/[\w/.?=&%-]+|\S+@\S+|{FILE}", re.ASCII)
# In what scripts are given, words are told from names of classes, fields and icons by their look.
SENTENCE = re.compile(r"^[A-Z][a-z]+(?:[ …!?.,:]|$)|[a-z] [a-z]+ [a-z]")
SAID = {"label", "text", "title", "message", "help_text", "helpText", "description", "placeholder"}


def words_on(html: str) -> set[str]:
    """What an answer says to people in another language than Chinese."""
    said = texts_in(html) if html.startswith(("{", "[")) else texts_on(html)
    return {text for text in said if is_foreign(text)}


def is_foreign(text: str) -> bool:
    return bool(WORD.search(ADDRESS.sub(" ", text)))


def texts_on(html: str) -> Iterator[str]:
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(True):
        yield from _texts_of(tag)
    for counter in soup.select("[data-side-panel-toggle-counter]"):
        counter.clear()  # shown by a script that puts a number into it
    for node in soup.find_all(string=True):
        if not isinstance(node, Comment) and node.parent.name not in HIDDEN:
            yield " ".join(node.split())


def _texts_of(tag: Tag) -> Iterator[str]:
    if tag.name == "script":
        yield from _texts_for_scripts(tag.get("type", ""), tag.get_text())
        return
    yield from (" ".join(str(tag[name]).split()) for name in SEEN if tag.get(name))
    if tag.name == "input" and tag.get("type") in ("submit", "button", "reset"):
        yield str(tag.get("value", ""))
    for name, value in tag.attrs.items():
        if name.startswith("data-"):
            yield from texts_in(str(value))


def _texts_for_scripts(kind: str, text: str) -> Iterator[str]:
    if kind == "application/json":
        yield from texts_in(text)
    elif kind.startswith("text/"):
        yield from texts_on(text)


def texts_in(value: str) -> Iterator[str]:
    """Of an attribute that a script reads: JSON, or the words themselves."""
    try:
        data = json.loads(value)
    except ValueError:
        yield from [] if value.startswith(("{", "[")) else _texts_of_string(value, "")
    else:
        yield from texts_of_data(data)


def texts_of_data(data: Any, key: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from texts_of_data(value, str(name))
    elif isinstance(data, list):
        for value in data:
            yield from texts_of_data(value, key)
    elif isinstance(data, str):
        yield from _texts_of_string(data, key)


def _texts_of_string(text: str, key: str) -> Iterator[str]:
    if text.startswith(("{", "[")) and text.endswith(("}", "]")):
        yield from texts_in(text)
    elif re.search(r"<\w+[ />]", text):
        yield from texts_on(text)
    elif key in SAID or SENTENCE.search(text):
        yield " ".join(text.split())
