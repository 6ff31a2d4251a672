"""Bodies of callbacks, in and out: XML or JSON, whichever the console is set to."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from studyhub.core.outside_json import clean_text, read_json

XML, JSON = "text/xml; charset=utf-8", "application/json; charset=utf-8"
MAX_DEPTH = 8
Fields = dict[str, Any]
# What XML cannot hold, not even escaped.
NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unreadable(Exception):
    """Neither XML nor JSON of the kind that the platform sends."""


def read_body(body: bytes) -> tuple[Fields, str]:
    """The fields, and the form they came in: ``XML`` or ``JSON``."""
    if body.lstrip()[:1] == b"{":
        return _read_json(body), JSON
    return _read_xml(body), XML


def _read_json(body: bytes) -> Fields:
    try:
        fields = read_json(body.decode("utf-8"))
    except ValueError:
        raise Unreadable from None
    return fields if isinstance(fields, dict) else {}


def _read_xml(body: bytes) -> Fields:
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Unreadable from None
    fields = _fields_of(root, MAX_DEPTH)
    return fields if isinstance(fields, dict) else {}


def _fields_of(element: Element, depth: int) -> Any:
    """Text, or fields by their names; of names that repeat, a list."""
    if not len(element):
        return element.text or ""
    if not depth:
        raise Unreadable
    fields: Fields = {}
    for child in element:
        fields.setdefault(child.tag, []).append(_fields_of(child, depth - 1))
    return {name: many[0] if len(many) == 1 else many for name, many in fields.items()}


def text_of(fields: object, name: str) -> str:
    """A field as text, whichever way numbers are written; empty for what is none."""
    value = fields.get(name) if isinstance(fields, dict) else None
    good = isinstance(value, str | int) and not isinstance(value, bool)
    return clean_text(str(value)).strip() if good else ""


def write_body(fields: Mapping[str, str | int], form: str) -> bytes:
    """The same the other way round."""
    if form == JSON:
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
    inside = "".join(f"<{name}>{_written(value)}</{name}>" for name, value in fields.items())
    return f"<xml>{inside}</xml>".encode()


def _written(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    text = NO_XML.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"
