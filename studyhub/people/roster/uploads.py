"""A roster kept between two presses of a button: what would change, and change it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from studyhub.core.characters import one_line
from studyhub.core.clock import BEIJING
from studyhub.core.errors import Conflict
from studyhub.core.sheets.reading import Sheet, read_sheet
from studyhub.people.models import Member, RosterUpload, User
from studyhub.people.roster.columns import Head, find_head
from studyhub.people.roster.comparison import Chosen, Comparison, compare
from studyhub.people.roster.intake import Tell, take_in, tell_nobody
from studyhub.people.roster.layouts import assigned_by
from studyhub.people.roster.lines import Status
from studyhub.people.roster.undo import MOST_NAMED, obstacles, undo

LONGEST_NAME = 120


def keep_upload(name: str, data: bytes, *, by: User | None) -> RosterUpload:
    """Read and kept for a day. Raises Invalid for what cannot be read, and for want of a head."""
    sheet = read_sheet(data)
    find_head(sheet.rows, assigned_by(by))
    rows: Any = asdict(sheet)
    return RosterUpload.objects.create(
        name=one_line(name)[-LONGEST_NAME:], uploaded_by=by, rows=rows
    )


def head_of(upload: RosterUpload, *, by: User) -> Head:
    """What stands in which column. Raises Conflict ``roster_gone``."""
    return find_head(_sheet(upload).rows, assigned_by(by))


def look_through(upload: RosterUpload, *, on: date, by: User) -> Comparison:
    """Against what ``by`` keeps of the ledger, as it is now. Raises Conflict ``roster_gone``."""
    how: Any = {"create_missing": upload.create_missing, "chosen": chosen_of(upload)}
    return compare(_sheet(upload), on=on, by=by, **how)


def chosen_of(upload: RosterUpload) -> Chosen:
    """What was said of single lines of this file so far."""
    said = upload.chosen or {}
    who = {int(row): choice for row, choice in said.get("who", {}).items()}
    return Chosen(set(said.get("left_out", ())), who)


@transaction.atomic
def choose(upload: RosterUpload, *, left_out: Mapping[int, bool], who: Mapping[int, str]) -> None:
    """What is said of these rows; what was said of others stays. An empty choice is none.

    Raises Conflict ``roster_being_taken`` once a worker is asked to take it in, ``roster_gone``.
    """
    upload.refresh_from_db(from_queryset=RosterUpload.objects.select_for_update())
    _refuse_unfit(upload)
    before = chosen_of(upload)
    rows = {*before.left_out, *left_out}
    known = {**before.who, **who}
    upload.chosen = {
        "left_out": sorted(row for row in rows if left_out.get(row, row in before.left_out)),
        "who": {str(row): choice for row, choice in known.items() if choice},
    }
    upload.save(update_fields=["chosen"])


@transaction.atomic
def allow_missing(upload: RosterUpload) -> None:
    """Organisations and groups that the ledger does not have are made; raises as ``choose``."""
    upload.refresh_from_db(from_queryset=RosterUpload.objects.select_for_update())
    _refuse_unfit(upload)
    upload.create_missing = True
    upload.save(update_fields=["create_missing"])


def _refuse_unfit(upload: RosterUpload) -> None:
    if upload.is_being_taken:
        raise Conflict("roster_being_taken", "这份花名册正在写进台账，现在不能再改选择。")
    refuse_gone(upload)  # what is said of rows goes with them


@transaction.atomic
def take_upload(
    upload: RosterUpload, *, on: date, by: User | None, tell: Tell = tell_nobody
) -> Comparison:
    """Once: who comes second changes nothing. Raises Conflict ``roster_gone``.

    ``tell`` hears how far it is; without ``by`` the whole ledger is whoever's runs the command.
    """
    upload = RosterUpload.objects.select_for_update().get(pk=upload.pk)
    how: Any = {"create_missing": upload.create_missing, "chosen": chosen_of(upload)}
    compared = take_in(_sheet(upload), on=on, by=by, tell=tell, **how)
    upload.rows, upload.chosen, upload.taken_in_at = None, None, timezone.now()
    upload.done = compared.done
    upload.left = _left(compared)
    upload.counts = {str(status): count for status, count in compared.counts().items()}
    upload.counts["left_out"] = compared.left_out
    upload.save(update_fields=["rows", "chosen", "taken_in_at", "done", "left", "counts"])
    return compared


def _left(compared: Comparison) -> list[dict[str, Any]]:
    """What was not clear, with what to do; shown as long as it can be undone."""
    lines = compared.of(Status.REFUSED, Status.UNCLEAR)
    return [
        {"row": line.row, "name": line.name, "label": line.label, "words": line.words}
        for line in lines
    ]


def what_hinders(upload: RosterUpload, *, by: User) -> list[str]:
    """Why this roster cannot be taken back, each in words; nothing where it can."""
    if upload.undone_at:
        return [f"{upload.undone_at.astimezone(BEIJING):%m-%d %H:%M} 已经撤销过了"]
    if not upload.can_be_undone:
        return ["写进台账超过一天了，要改请到“党员”里逐个改"]
    return obstacles(upload.done, by=by)


@transaction.atomic
def undo_upload(upload: RosterUpload, *, on: date, by: User) -> None:
    """All of it or nothing. Raises Conflict ``roster_built_on`` with the reasons."""
    upload.refresh_from_db(from_queryset=RosterUpload.objects.select_for_update())
    done = upload.done or {"entered": (), "changed": {}}
    members = Member.objects.filter(pk__in=[*done["entered"], *map(int, done["changed"])])
    list(members.order_by("pk").select_for_update(no_key=True).only("pk"))
    if hindered := what_hinders(upload, by=by):
        words = f"没有撤销，什么也没有改。{'；'.join(hindered[:MOST_NAMED])}。"
        raise Conflict("roster_built_on", words)
    undo(done, on=on, by=by)
    upload.undone_at, upload.done = timezone.now(), None
    upload.save(update_fields=["undone_at", "done"])


def forget_old_rows() -> int:
    """How many files nobody took in within a day; their names stay, their rows go, and what would
    undo those that were."""
    RosterUpload.objects.past_undoing().update(done=None, left=None)
    return RosterUpload.objects.overdue().update(rows=None, chosen=None)


def refuse_gone(upload: RosterUpload) -> None:
    """Raises Conflict ``roster_gone`` where the rows are no longer kept."""
    if not upload.rows:
        raise Conflict(
            "roster_gone",
            "这份花名册已经写进台账，或者放了一天没有写，内容已经删去。要再看，请重新上传。",
        )


def _sheet(upload: RosterUpload) -> Sheet:
    refuse_gone(upload)
    if isinstance(upload.rows, list):  # kept before sheets had names; none is older than a day
        return Sheet(upload.rows)
    return Sheet(**upload.rows)
