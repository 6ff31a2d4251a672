"""我换地方了: a member reports, the ledger waits, who looks after them enters it or asks back.

What is proposed is a pure function of the set of reports and answers: order, repeats, late arrival
and the number of phones cannot change it, and a report older than an entered one never comes back.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from studyhub.core.clock import today
from studyhub.core.errors import Conflict, Invalid
from studyhub.people import access
from studyhub.people.entries import change_details
from studyhub.people.host_moves import HostMove, hand_over, read_host_move
from studyhub.people.locks import lock_member
from studyhub.people.models import Member, MoveAnswer, MoveReport, User
from studyhub.people.move_fields import FIELDS, read_report
from studyhub.people.places import Place, places_named


@dataclass(frozen=True)
class Proposal:
    """What waits to be entered: of each field what was said last.

    ``version`` names the reports it was made of, so that nobody answers what they have not seen.
    ``asked`` is what was asked back of them, if nothing newer has come.
    """

    said: Mapping[str, str]
    through: datetime
    version: str
    asked: str = ""

    @property
    def places(self) -> list[Place]:
        """What the words may mean; several: to be asked."""
        return places_named(self.said["place"]) if "place" in self.said else []

    @property
    def trade(self) -> str:
        return Member.Trade(self.said["trade"]).label if "trade" in self.said else ""


def proposed(reports: Iterable[MoveReport], answers: Iterable[MoveAnswer]) -> Proposal | None:
    """What these amount to; None when nothing waits."""
    answers = list(answers)
    entered = max((a.through for a in answers if a.outcome == ENTERED), default=None)
    waiting = [r for r in reports if entered is None or r.at > entered]
    waiting.sort(key=lambda report: (report.at, report.pk))
    if not waiting:
        return None
    said = {name: getattr(r, name) for r in waiting for name in FIELDS if getattr(r, name)}
    last = max(waiting, key=lambda report: report.at)
    asked = max((a for a in answers if a.through >= last.at), key=lambda a: a.at, default=None)
    return Proposal(
        said=said,
        through=last.at,
        version=f"{len(waiting)}.{waiting[-1].pk.hex}",
        asked=asked.get_question_display() if asked else "",
    )


ENTERED = MoveAnswer.Outcome.ENTERED


def proposals_of(members: Collection[Member]) -> dict[int, Proposal]:
    """By member what waits; two queries."""
    reports: dict[int, list[MoveReport]] = {}
    for report in MoveReport.objects.filter(member__in=members):
        reports.setdefault(report.member_id, []).append(report)
    answers: dict[int, list[MoveAnswer]] = {}
    for answer in MoveAnswer.objects.filter(member__in=reports):
        answers.setdefault(answer.member_id, []).append(answer)
    found = {pk: proposed(mine, answers.get(pk, [])) for pk, mine in reports.items()}
    return {pk: proposal for pk, proposal in found.items() if proposal}


def report_move(
    *, member: Member, report_id: UUID, said: Mapping[str, object], at: datetime | None = None
) -> tuple[MoveReport, bool]:
    """The report, and whether it is new. The ledger is not touched.

    Safe to repeat: the id was made with the form or on the phone. Raises Invalid with what to do,
    Conflict ``mismatch`` where the id says something else.
    """
    now = timezone.now()
    values = read_report(said)
    kept = {"member": member, "at": min(at or now, now), **values}
    with lock_member(member):  # nobody answers meanwhile
        found, created = MoveReport.objects.get_or_create(pk=report_id, defaults=kept)
    same = found.member_id == member.pk and all(getattr(found, f) == values[f] for f in FIELDS)
    if not created and not same:
        raise Conflict("mismatch", "同一标识先后报了两次不同的内容，已保留先收到的一次。")
    return found, created


def enter_move(*, by: User, member_id: UUID, version: str, values: Mapping[str, object]) -> Member:
    """Write into the ledger what the caller has confirmed or corrected, and answer the reports.

    ``to`` and ``on`` in ``values`` hand the member over to a host branch, or to a group of one
    (``people.host_moves``). Raises NotFound for who is not led today, and for a place that is not
    the caller's to choose, Invalid with ``errors`` by field, Conflict ``newer`` and ``answered``
    (``PASSED``) when more was reported, or somebody else answered, after the caller looked, and as
    ``people.groups`` does for a day that does not fit.
    """
    member = access.led_member(by, member_id)
    with lock_member(member):
        proposal = _as_seen(member, version)
        move = read_host_move(by, member, values)
        details = _details(values, needed=move is None)
        before = _write(member, details, move, by)
        entered = details | (move.said if move else {})
        _answer(member, by, proposal, ENTERED, before=before, entered=entered)
    return member


PASSED = frozenset({"answered", "newer"})  # somebody was faster, or the member said more


def _write(
    member: Member, details: Mapping[str, str], move: HostMove | None, by: User
) -> dict[str, str]:
    """The one place where a report reaches the ledger; what it said before."""
    member.refresh_from_db()
    before = {name: getattr(member, name) for name in details}
    change_details(member, details, by=by)
    return before | (hand_over(member, move, by=by) if move else {})


def ask_back(*, by: User, member_id: UUID, version: str, question: str) -> None:
    """Leave the ledger as it is and ask; the member reads it on their own page.

    Raises as ``enter_move`` does.
    """
    member = access.led_member(by, member_id)
    if not question or question not in MoveAnswer.Question.values:
        raise Invalid("bad_question", "请选要问的一句话。")
    with lock_member(member):
        proposal = _as_seen(member, version)
        _answer(member, by, proposal, MoveAnswer.Outcome.ASKED_BACK, question=question)


def _as_seen(member: Member, version: str) -> Proposal:
    proposal = proposals_of([member]).get(member.pk)
    if proposal is None:
        raise Conflict("answered", f"{member.name}的报告刚才已经有人登记了，不用再登记。")
    if proposal.version != version:
        raise Conflict("newer", f"{member.name}刚才又报了新的内容，请看过下面的再登记。")
    return proposal


def _answer(member: Member, by: User, proposal: Proposal, outcome: str, **more: object) -> None:
    MoveAnswer.objects.create(
        member=member, by=by, through=proposal.through, outcome=outcome, **more
    )


def _details(values: Mapping[str, object], *, needed: bool) -> dict[str, str]:
    said_anything = any(values.get(name) for name in FIELDS)
    return _ledger_values(read_report(values)) if needed or said_anything else {}


def _ledger_values(said: Mapping[str, str]) -> dict[str, str]:
    """The columns of the ledger; a place only once it is clear to which county it belongs."""
    entered = {name: said[name] for name in ("phone", "trade", "return_month") if said[name]}
    if said["place"]:
        found = places_named(said["place"])
        if len(found) != 1:
            raise Invalid("unclear_place", _unclear(found), errors=[{"loc": ["place"]}])
        entered |= {"host_place_code": found[0].code, "host_place_name": found[0].name}
    if not entered:
        raise Invalid("empty", "一样也没有填，请至少填一样再登记。")
    return entered


def _unclear(found: list[Place]) -> str:
    if not found:
        return "没有找到这个地方，请写到县区，例如 广东省深圳市宝安区。"
    some = "、".join(place.name for place in found[:3])
    return f"有 {len(found)} 个地方叫这个名字（{some}……），请写上省和市。"


def unclear(words: str) -> str:
    """Why these words name no one place; empty when they do, or say nothing."""
    found = places_named(words) if words else []
    return "" if len(found) == 1 or not words else _unclear(found)


def returning(members: Iterable[Member], weeks: int) -> list[Member]:
    """Those who mean to come home in a month that the next weeks touch, in the order given."""
    months = _months(today(), today() + timedelta(weeks=weeks))
    return [member for member in members if member.return_month in months]


def _months(first: date, last: date) -> set[str]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {f"{day:%Y-%m}" for day in days}
