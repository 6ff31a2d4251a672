"""展签: a printable sheet of labels for a heritage site, each with the code of one exhibit."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import now

from content.exhibits import exhibits_of
from content.typesetting import MAIN, typeset
from studyhub.core.characters import clean_all
from studyhub.core.errors import Conflict
from studyhub.core.qr_codes import qr_file
from studyhub.organisation.models import Organisation

TEMPLATE = Path(__file__).parent / "labels.typ"


def build_labels(page: Any) -> bytes:
    """The PDF, of what is public. Raises Conflict where a scan would lead nowhere."""
    shown = exhibits_of(page.body)
    if not page.live:
        raise Conflict("not_live", "这个参观点还没有公开，扫码会打不开。请先审核、发布，再印展签。")
    if not shown:
        raise Conflict(
            "no_exhibits", "这个参观点还没有展品。请先在页面里加上展品，发布以后再印展签。"
        )
    files = {MAIN: TEMPLATE.read_bytes()}
    labels = []
    for one in shown:
        address = f"{settings.PUBLIC_URL}{page.url}{one.code}/"
        files[f"{one.code}.svg"] = qr_file(address)
        short = address.partition("://")[2]
        labels.append({"code": one.code, "name": one.name, "period": one.period, "address": short})
    words = {
        "site": page.title,
        "organisation": Organisation.current().shown_name,
        "labels": labels,
    }
    written = json.dumps(clean_all(words), ensure_ascii=False)
    files["labels.json"] = written.encode("utf-8", "replace")
    return typeset(files, timestamp=int(now().timestamp()))
