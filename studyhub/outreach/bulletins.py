"""What a leader pastes into the group's chat (群转发): counts, never names.

Three kinds of the office's own usage, three lengths (domain.md 2.4). A text is put together line by
line: what matters most first, as long as it fits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum

from django.conf import settings
from django.db.models import TextChoices

from content import catalogue
from content.cards import LessonCard
from studyhub.core.clock import today
from studyhub.core.errors import NotFound
from studyhub.core.small_numbers import SMALLEST_SHOWN
from studyhub.learning.completion import GroupCompletion, LessonColumn, group_completion
from studyhub.learning.plans import plan_of_branch
from studyhub.people import access
from studyhub.people.models import StudyGroup, User

MOST_POINTS = 4
NEW_FOR = timedelta(days=30)
SHORTEST_HEADING = 20


class BulletinKind(TextChoices):
    """What it is about; the label stands at its head."""

    PROGRESS = "progress", "学习进程"
    KEY_POINTS = "key_points", "重点内容"
    NEWS = "news", "党支部工作动态"


class BulletinLength(IntEnum):
    """The most characters, the address counted."""

    SHORT = 60
    MIDDLE = 200
    LONG = 500


@dataclass(frozen=True)
class Bulletin:
    """Its lines in the order in which they are read; an empty one is left out."""

    kind: BulletinKind
    topic: str
    day: str
    points: list[str] = field(default_factory=list)
    counts: str = ""
    invitation: str = ""
    address: str = ""
    helper: str = ""

    @property
    def heading(self) -> str:
        """The first line."""
        return f"【{self.kind.label}】{self.topic}"

    def text(self, most: int) -> str:
        """Whole lines within so many characters; the heading alone may be cut."""
        heading = _cut(self.heading, max(SHORTEST_HEADING, most // 5))
        taken, left = {0}, most - len(heading)
        lines = [heading, self.day, *self.points, self.counts, self.invitation]
        lines += [self.address, self.helper]
        for place in self._by_weight():
            if lines[place] and len(lines[place]) + 1 <= left:
                taken.add(place)
                left -= len(lines[place]) + 1
        return "\n".join(lines[place] for place in sorted(taken))

    def _by_weight(self) -> list[int]:
        """The places of the lines after the heading, what is needed most first."""
        day, first, end = 1, 2, 2 + len(self.points)
        counts, invitation, address, helper = end, end + 1, end + 2, end + 3
        leading = [first] if self.points else []
        return [*leading, address, counts, day, invitation, *range(first + 1, end), helper]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def bulletin_of(viewer: User, group: StudyGroup, kind: BulletinKind) -> Bulletin:
    """For a group that the viewer leads, by whom it is signed.

    Raises NotFound ``plan_not_found`` where progress is asked for and no plan runs, ``no_lesson``
    where there is nothing to tell the key points of.
    """
    return _MAKERS[kind](group, f"不会用的，找{viewer.get_full_name()}。")


def led_bulletin(viewer: User, group_id: object, kind: BulletinKind) -> Bulletin:
    """As ``bulletin_of``; raises NotFound ``group_not_found`` for a group of somebody else's."""
    return bulletin_of(viewer, access.group_for(viewer, group_id), kind)


def _progress(group: StudyGroup, helper: str) -> Bulletin:
    completion = group_completion(group)
    counted = completion.totals.members >= SMALLEST_SHOWN  # fewer would be said of persons
    current = _current(completion)
    return Bulletin(
        kind=BulletinKind.PROGRESS,
        topic=completion.plan.title,
        day=_said(today()),
        points=[_point(number, column, counted) for number, column in current[:MOST_POINTS]],
        counts=_counts(completion) if counted else "",
        invitation="没学的同志，今天可以补上。" if current else "这一期要学的，都学完了。",
        address=f"{settings.PUBLIC_URL}/",
        helper=helper,
    )


def _current(completion: GroupCompletion) -> list[tuple[int, LessonColumn]]:
    """Open lessons that somebody has still to finish, with their numbers; what is due first."""
    numbered = enumerate(completion.lessons, start=1)
    members = completion.totals.members
    left = [(n, one) for n, one in numbered if one.url and one.finished_count < members]
    return sorted(left, key=lambda item: (not item[1].required, item[1].due_on or date.max))


def _point(number: int, column: LessonColumn, counted: bool) -> str:
    done = f"已有{column.finished_count}人学完" if counted and column.finished_count else ""
    due = f"，{_said(column.due_on)}前学" if column.due_on and column.due_on >= today() else ""
    return f"第{number}课《{column.title}》{done}{due}"


def _counts(completion: GroupCompletion) -> str:
    totals = completion.totals
    done = f"学完{totals.finished}课次（{totals.percent}%）"
    return f"全组{totals.members}人，应学{totals.required}课次，{done}。"


def _key_points(group: StudyGroup, helper: str) -> Bulletin:
    card = _lesson_of_the_day(group)
    outline = catalogue.content(card.lesson_key).outline
    points = [f"{n}. {one.title}" for n, one in enumerate(outline.sections, start=1) if one.title]
    return Bulletin(
        kind=BulletinKind.KEY_POINTS,
        topic=card.title,
        day=_said(today()),
        points=[*filter(None, [card.summary]), *points[:MOST_POINTS]],
        invitation=f"读完约{card.minutes}分钟，没有网络也能读。",
        address=f"{settings.PUBLIC_URL}{card.url}",
        helper=helper,
    )


def _lesson_of_the_day(group: StudyGroup) -> LessonCard:
    """What the group has still to study first; without a plan the newest lesson."""
    try:
        current = _current(group_completion(group))
    except NotFound:
        current = []
    if current:
        return catalogue.lesson(current[0][1].lesson_key)
    newest = _newest(catalogue.lessons())
    if not newest:
        raise NotFound("no_lesson", "网站上还没有课，发布第一课以后再来。")
    return newest[0]


def _news(group: StudyGroup, helper: str) -> Bulletin:
    since = today() - NEW_FOR
    fresh = [c for c in _newest(catalogue.lessons()) if c.published_at.date() >= since]
    plan = plan_of_branch(group.branch)
    going = [f"正在学《{plan.title}》，到{_said(plan.ends_on)}"] if plan else []
    return Bulletin(
        kind=BulletinKind.NEWS,
        topic=group.branch.name,
        day=_said(today()),
        points=[*going, *(f"新课《{card.title}》" for card in fresh)][:MOST_POINTS],
        invitation="" if going or fresh else "这一个月没有新课。",
        address=f"{settings.PUBLIC_URL}/",
        helper=helper,
    )


def _newest(cards: Iterable[LessonCard]) -> list[LessonCard]:
    return sorted(cards, key=lambda card: card.published_at, reverse=True)


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


_MAKERS = {
    BulletinKind.PROGRESS: _progress,
    BulletinKind.KEY_POINTS: _key_points,
    BulletinKind.NEWS: _news,
}
