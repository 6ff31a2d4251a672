"""信息发布审核表: who wrote, who signed with what opinion, and when it was published; as a PDF."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from wagtail.admin.utils import get_user_display_name

from content.models import SignOff, UnitAuthor, UrgentCorrection
from content.models.reviews import levels_asked
from content.review_rules import Signed
from content.reviews.screen import Act, acts
from content.revisions import corrections
from content.typesetting import MAIN, typeset
from content.units import certificate_of, units_of
from studyhub.core.characters import clean_all
from studyhub.organisation.models import Organisation

TEMPLATE = Path(__file__).parent / "sheet.typ"
MINUTE = "Y年n月j日 H:i"


def build_sheet(page: Any) -> bytes:
    """Of the newest draft; what is not signed yet is said to be so."""
    draft = page.get_latest_revision_as_object()
    words = json.dumps(clean_all(_data(page, draft)), ensure_ascii=False)
    files = {MAIN: TEMPLATE.read_bytes(), "sheet.json": words.encode("utf-8", "replace")}
    return typeset(files, timestamp=int(now().timestamp()))


def _data(page: Any, draft: Any) -> dict[str, Any]:
    history = list(SignOff.objects.filter(lesson_key=page.translation_key))
    units = units_of(draft)
    signed = Signed(units, [one.as_signature() for one in history])
    missing = signed.unsigned(levels_asked(draft))
    return {
        "organisation": Organisation.current().shown_name,
        "title": draft.title,
        "course": page.get_parent().title,
        "authors": "、".join(_authors(page)) or "上线前已有",
        "address": settings.PUBLIC_URL + (page.url or ""),
        "certificate": certificate_of(units),
        "state": f"还有 {len(missing)} 处没有审完" if missing else "各级都已审签",
        "acts": [_act(one) for one in reversed(acts(history))],
        "published": [
            *([["首次发布", _minute(page.first_published_at)]] if page.first_published_at else []),
            *(
                [one.note or "文字改动", _minute(one.published_at)]
                for one in corrections(page.translation_key)
            ),
        ],
        "urgent": [
            [f"{one.name}：{one.reason}", _minute(one.published_at)]
            for one in UrgentCorrection.objects.filter(lesson_key=page.translation_key)
        ],
    }


def _act(one: Act) -> list[str]:
    return [
        one.office,
        one.name or one.kind,
        f"{one.count} 处",
        one.opinion or "同意",
        _minute(one.at),
    ]


def _authors(page: Any) -> list[str]:
    rows = UnitAuthor.objects.filter(lesson_key=page.translation_key).exclude(person=None)
    people = {row.person for row in rows.select_related("person") if row.person}
    return sorted(map(get_user_display_name, people))


def _minute(moment: Any) -> str:
    return date_format(localtime(moment), MINUTE)
