"""What goes out by itself today and in the days to come: pages, expiries, anniversaries, and what
apps above content plan (``add_source``)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, Revision

from content.desk_panels import editor_of
from content.models import FeaturedDay, LessonPage, PageProblem
from content.models.featured import days_kept_on
from content.models.reviewed import Reviewed, in_words
from content.models.reviews import unsigned_of
from studyhub.core.clock import BEIJING, beijing_day

DAYS = 7  # today and six more


@dataclass(frozen=True)
class Planned:
    """``what`` happens to ``title`` at ``at``; ``page`` is the page of Wagtail it happens to.

    ``is_whole_day``: it has no hour. ``obstacle`` looks what stands in its way, in words.
    """

    at: datetime
    what: str
    title: str
    address: str
    note: str = ""
    is_whole_day: bool = False
    obstacle: Callable[[], str] = str

    @property
    def day(self) -> date:
        return beijing_day(self.at)


Source = Callable[[datetime], Iterator[Planned]]  # until when; what is overdue is told, too
_sources: list[Source] = []


def add_source(source: Source) -> Source:
    """Tell of its plans from now on; also as a decorator."""
    _sources.append(source)
    return source


def planned(now: datetime | None = None) -> list[Planned]:
    """In the order in which it happens, from what is overdue to the end of the last day."""
    now = now or timezone.now()
    until = start_of(beijing_day(now) + timedelta(days=DAYS))
    found = [one for source in _sources for one in source(until)]
    found += _anniversaries(beijing_day(now))
    return sorted(found, key=lambda one: (one.at, one.title))


def start_of(day: date) -> datetime:
    """Midnight in Beijing, with which it begins."""
    return datetime.combine(day, time(), BEIJING)


@add_source
def _publications(until: datetime) -> Iterator[Planned]:
    due = Revision.page_revisions.filter(approved_go_live_at__lt=until)
    rows = due.order_by("approved_go_live_at")
    pages = Page.objects.in_bulk([int(row.object_id) for row in rows])
    for row in rows:
        if page := pages.get(int(row.object_id)):
            word = "发布改动" if page.live else "发布"
            title = row.content.get("title") or page.draft_title
            address, look = editor_of(page.pk), partial(_obstacle, row)
            yield Planned(row.approved_go_live_at, word, title, address, obstacle=look)


def _obstacle(revision: Revision) -> str:
    """Why it did not go live at its hour, or will not."""
    kind = PageProblem.Kind.PUBLISH
    if problem := PageProblem.objects.filter(page_id=revision.object_id, kind=kind).first():
        return str(problem.detail)
    page = revision.as_object()
    unsigned = unsigned_of(page) if isinstance(page, Reviewed) else []
    return f"到点发不出去：{in_words(unsigned)}" if unsigned else ""


@add_source
def _expiries(until: datetime) -> Iterator[Planned]:
    rows = Page.objects.filter(live=True, expire_at__lt=until).order_by("expire_at")
    for page in rows:
        yield Planned(page.expire_at, "到期下架", page.title, editor_of(page.pk))


@add_source
def _wishes(until: datetime) -> Iterator[Planned]:
    """An hour stands in the draft, and nobody has pressed 发布 yet."""
    drafts = LessonPage.objects.filter(has_unpublished_changes=True).values("latest_revision")
    rows = Revision.objects.filter(pk__in=drafts, approved_go_live_at=None)
    rows = rows.annotate(title=KT("content__title"), wished=KT("content__go_live_at"))
    for key, title, wished in rows.values_list("object_id", "title", "wished"):
        at = parse_datetime(wished) if wished else None
        if at and at < until:
            yield Planned(
                at, "想发布", title, editor_of(int(key)), "还没有按“发布”，到点不会自己发"
            )


def _anniversaries(today: date) -> Iterator[Planned]:
    days = [today + timedelta(days=n) for n in range(DAYS)]
    rows = list(FeaturedDay.objects.kept_on(*days).filter(page__live=True).select_related("page"))
    for day in days:
        for row in rows:
            if (row.month, row.day) in days_kept_on(day):
                yield _anniversary(row, day)


def _anniversary(row: FeaturedDay, day: date) -> Planned:
    address = reverse("wagtailsnippets_content_featuredday:edit", args=[row.pk])
    return Planned(start_of(day), "放上首页", row.page.title, address, row.note, is_whole_day=True)
