"""What a report of a move may say, understood or refused in words."""

import re
from collections.abc import Mapping

from studyhub.core.errors import Invalid
from studyhub.core.outside_json import clean_text
from studyhub.people.models import Member
from studyhub.people.roster.values import month_of, phone_of

FIELDS = ("place", "phone", "trade", "since", "return_month")
LONGEST_PLACE = 60
_LABELS = {
    "place": "去了哪里",
    "phone": "手机号",
    "trade": "行业",
    "since": "从哪个月起",
    "return_month": "预计返乡月份",
}


def read_report(said: Mapping[str, object]) -> dict[str, str]:
    """Every field, empty where nothing was said.

    Raises Invalid ``bad_move``: ``errors`` say at which fields, ``detail`` what to do.
    """
    values, errors = {}, []
    for name in FIELDS:
        try:
            values[name] = _read(name, said.get(name))
        except ValueError as problem:
            errors.append({"loc": [name], "message": str(problem)})
    if errors:
        words = "；".join(f"{_LABELS[str(e['loc'][0])]}：{e['message']}" for e in errors)
        raise Invalid("bad_move", f"{words}。", errors=errors)
    if not any(values.values()):
        raise Invalid("empty", "一样也没有填，请至少填一样再交。")
    return values


def _read(name: str, value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise ValueError("这里应是文字")
    text = clean_text(value or "").strip()
    if not text:
        return ""
    if name == "phone":
        return phone_of(text)
    if name == "trade":
        return _trade(text)
    if name == "place":
        return _place(text)
    return month_of(text)


def _trade(text: str) -> str:
    if text not in Member.Trade.values:
        raise ValueError("请从列出的行业里选一个")
    return text


def _place(text: str) -> str:
    """Words, to the county; a street or a door is nothing we keep."""
    text = re.sub(r"\s+", " ", text)
    if len(text) > LONGEST_PLACE:
        raise ValueError(f"最多 {LONGEST_PLACE} 个字，写到县区就行")
    return text
