"""Consent that acts: a page whose teller does not agree any more is taken down."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.models import Page
from wagtailmedia.models import get_media_model

from content.models import (
    HeritageSitePage,
    LessonPage,
    LessonRevision,
    OralHistory,
    OralHistoryPlace,
    PageProblem,
)
from content.models import oral_histories as consents
from content.models.recordings import with_same_sound
from content.models.review_form import ReviewedPageForm
from content.open_files import live_pages_with
from content.signals import channels_narrowed
from content.videos.rendering import forget_films
from studyhub.core.clock import today
from studyhub.core.errors import Conflict

Kind = PageProblem.Kind


def name_channels(names: Callable[[], Iterable[tuple[str, str]]]) -> None:
    """Call from ``AppConfig.ready()``: the kinds of channels that somebody may agree to."""
    consents.channel_names = names


def refused_for(lesson_key: UUID, kinds: Iterable[str]) -> dict[str, list[str]]:
    """What keeps this lesson from each kind of channel; kinds to which it may go are left out."""
    pages = LessonPage.objects.filter(translation_key=lesson_key)
    media = [number for page in pages for number in consents.recordings_in(page.body)]
    stories = list(OralHistory.objects.of(media))
    said = {kind: [one.refused_for(kind, today()) for one in stories] for kind in kinds}
    return {kind: [*filter(None, words)] for kind, words in said.items() if any(words)}


def problems_before_review(form: ReviewedPageForm) -> list[str]:
    """A guard of the form: better told before three people have read it."""
    body = form.cleaned_data.get("body")
    if body is None:
        return []
    texts = [form.cleaned_data.get(name) for name in ("title", "summary", "change_note")]
    return [f"还没有送审：{one}。" for one in consents.said_of(body, texts)]


def refuse_deletion(recording: Any) -> None:
    """Raises Conflict ``in_use``: what somebody agreed to is kept as long as what they said."""
    if story := OralHistory.objects.filter(media=recording).first():
        advice = "请先在“口述历史”里处理这一条，再来删除。"
        raise Conflict("in_use", f"“{recording}”有口述的记录，不能删：{story}。{advice}")


@transaction.atomic
def act_on(story: OralHistory) -> None:
    """After every change of what somebody agreed to."""
    for page in _pages_with(story):
        act_on_page(page)
    if story.refused_on_site(today()):
        hide_words(story)
        forget_films(story.places.values_list("lesson_key", flat=True))


def ended() -> list[OralHistory]:
    """Those whose day has come since somebody saved them; what is done with them is safe to
    repeat."""
    dated = OralHistory.objects.exclude(expires_on=None, withdrawn_on=None)
    return [story for story in dated.select_related("media") if story.ended(today())]


def pages_with(story: OralHistory) -> list[int]:
    """Live pages that play it, by their numbers."""
    return list(_pages_with(story).values_list("pk", flat=True))


def _pages_with(story: OralHistory) -> Any:
    """Also those that play the same sound from another file of the library."""
    files = get_media_model().objects.filter(pk__in=with_same_sound([story.media_id]))
    numbers = {page.pk for file in files for page in live_pages_with(file)}
    return Page.objects.filter(pk__in=numbers)


def hide_words(story: OralHistory) -> None:
    """What it said stands in no history any more, also of lessons that play it no longer."""
    for key in story.places.values_list("lesson_key", flat=True):
        newest = LessonRevision.objects.of(key).order_by("-revision").first()
        if newest and not newest.hides_words:
            newest.hides_words = True
            newest.save(update_fields=["hides_words"])


def act_on_page(found: Page) -> None:
    """Taken down where somebody who tells in it does not agree."""
    page = found.specific
    if not isinstance(page, LessonPage | HeritageSitePage):
        return
    if said := consents.refusals(page):
        page.unpublish(log_action="wagtail.unpublish")
        detail = f"{'；'.join(said)}，已经下架。请改好正文，送审后再发布。"
        PageProblem.note(page.pk, Kind.CONSENT, detail)
    elif isinstance(page, LessonPage):
        channels_narrowed.send(LessonPage, lesson_key=page.lesson_key)


def settle(page: Page) -> None:
    """It went live: whoever tells in it agrees, and it is kept that they told here."""
    PageProblem.settle(page.pk, Kind.CONSENT)
    if isinstance(page, LessonPage):
        stories = OralHistory.objects.of(consents.recordings_in(page.body))
        places = [OralHistoryPlace(story=one, lesson_key=page.lesson_key) for one in stories]
        OralHistoryPlace.objects.bulk_create(places, ignore_conflicts=True)
