"""Everything stored about a member, for that member."""

import json
import zipfile
from io import BytesIO
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from content import catalogue
from studyhub.core.clock import BEIJING
from studyhub.core.spreadsheets import add_rows, start_sheet, xlsx_bytes
from studyhub.learning.progress import progress_of
from studyhub.people.models import LedgerChange, Member, Passkey, SignedInPhone
from studyhub.records.models import Record

README = "这是系统保存的关于您的全部内容：record.json 供程序读取，record.xlsx 用表格软件打开。\n"
MOVE_COLUMNS = ("at", "received_at", "place", "phone", "trade", "since", "return_month")


def own_archive(member: Member) -> bytes:
    """A zip with ``record.json`` (all fields), ``record.xlsx`` (lessons) and ``说明.txt``.

    Whatever is stored about members belongs here too: a new table of theirs takes its place in
    ``_everything``.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        stored = _everything(member)
        text = json.dumps(stored, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        archive.writestr("record.json", text)
        archive.writestr("record.xlsx", _lesson_sheet(member))
        archive.writestr("说明.txt", README)
    return buffer.getvalue()


def _everything(member: Member) -> dict[str, Any]:
    return {
        "member": {
            "id": member.public_id,
            "name": member.name,
            "phone": member.phone,
            "host_place_code": member.host_place_code,
            "host_place_name": member.host_place_name,
            "trade": member.trade,
            "left_on": member.left_on,
            "return_month": member.return_month,
            "language": member.language,
            "large_type": member.large_type,
            "exempt_reason": member.exempt_reason,
            "confirmed_at": member.confirmed_at,
            "ended_on": member.ended_on,
            "end_reason": member.end_reason,
        },
        "merged_entries": [
            {"id": one.public_id, "name": one.name, "phone": one.phone}
            for one in member.merged_entries.order_by("pk")
        ],
        "branches": list(member.branches.values("branch__name", "kind", "starts_on", "ends_on")),
        "groups": list(member.groups.values("group__name", "starts_on", "ends_on")),
        "records": list(
            Record.objects.filter(member=member)
            .order_by("effective_at", "pk")
            .values("id", "kind", "lesson_key", "revision", "data", "at", "received_at", "source")
        ),
        "views": list(
            member.views.order_by("viewed_at").values("viewer__display_name", "viewed_at", "page")
        ),
        "ledger_changes": [
            {
                "act": change.get_act_display(),
                "changed_by": change.changed_by and change.changed_by.get_full_name(),
                "changed_at": change.changed_at,
                "before": change.before,
                "after": change.after,
            }
            for change in LedgerChange.objects.of(member)
        ],
        "devices": list(member.devices.order_by("pk").values("device_id", "ranges", "seen_at")),
        "signed_in": list(
            SignedInPhone.objects.filter(user=member.user).values(
                "browser", "signed_in_at", "seen_on"
            )
        ),
        "passkeys": list(
            Passkey.objects.filter(factor__user=member.user)
            .order_by("pk")
            .values("name", "made_at", "last_used_at")
        ),
        "personal_codes": list(
            member.personal_codes.order_by("given_at").values(
                "given_by__display_name", "given_at", "expires_at", "used_at", "on_paper"
            )
        ),
        "join_requests": list(
            member.join_requests.order_by("asked_at").values(
                *("name", "phone", "branch_words", "asked_at", "state", "let_in_at"),
                "decided_by__display_name",
            )
        ),
        "contacts": list(
            member.contacts.order_by("at").values(
                "by__display_name", "at", "way", "outcome", "next_step"
            )
        ),
        "move_reports": list(member.move_reports.in_order().values(*MOVE_COLUMNS)),
        "move_answers": list(
            member.move_answers.order_by("at").values(
                "by__display_name", "at", "outcome", "question", "before", "entered"
            )
        ),
        "erasure_requests": list(member.erasure_requests.values("requested_at", "answered_at")),
    }


def _lesson_sheet(member: Member) -> bytes:
    book, sheet = start_sheet("我的学习")
    add_rows(sheet, [["课程", "课", "状态", "读完必读小节", "自测最好一次", "学完时间"]])
    progress = progress_of(member)
    for card in catalogue.lessons(list(progress)):
        mine = progress[card.lesson_key]
        finished = mine.finished_at and f"{mine.finished_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        best = "" if mine.quiz_best is None else f"{mine.quiz_best}%"
        row = [card.course_title, card.title, mine.status.label]
        add_rows(sheet, [[*row, f"{mine.percent}%", best, finished or ""]])
    return xlsx_bytes(book)
