"""What is done with twins: saved by a translator, signed by others, taken off the pages."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.admin.utils import get_user_display_name

from content.models import BlockTwin, LessonPage, TwinSignOff
from content.models.page_state import lock_page
from content.signals import lesson_twins_changed
from content.twins.sounds import keep_sound
from content.twins.sources import source_page, translatable, words_of
from content.twins.taking_back import before_of, put_back
from content.twins.words import cleaned, refuse_unfit, why_not_sign
from content.units import Unit
from studyhub.core.errors import Conflict, NotFound

State = BlockTwin.State
NOBODY_YET = "0"  # the token where there is no twin


@transaction.atomic
def save_twin(
    page: Any,
    block_id: str,
    words: Mapping[str, str],
    person: Any,
    *,
    token: str,
    source_hash: str,
    sound: Any = None,
    without_sound: bool = False,
) -> BlockTwin:
    """Put these words into the draft of a block, or begin one.

    ``sound`` is an uploaded file; without one the recording of before stays, unless it is to go.
    ``token`` and ``source_hash`` are what was on the translator's screen. Raises Conflict
    ``twin_changed`` where a colleague saved meanwhile, ``chinese_changed`` where the Chinese is
    another by now, and Invalid for words that do not fit; nothing is written then.
    """
    lock_page(page.pk)
    source, unit = _source(page, block_id)
    if unit.hash != source_hash:
        raise Conflict("chinese_changed", "您写的时候，左边的中文改了。请看过新的中文，再存一次。")
    newest = newest_twin(page, block_id)
    _refuse_if_newer(newest, token)
    fields = cleaned(words)
    refuse_unfit(fields)
    before = None if without_sound or newest is None else newest.sound
    heard = keep_sound(sound, f"{source.title}·{unit.title}", person) if sound else before
    known = newest and (newest.fields, newest.source_hash, newest.sound)
    if newest and known == (fields, unit.hash, heard):
        return newest
    return _write(page, newest, fields, person, unit, words_of(source, unit), heard)


def _source(page: Any, block_id: str) -> tuple[Any, Unit]:
    """The page that is translated, and its unit as it is worded now: read under the lock."""
    source = source_page(LessonPage.objects.get(pk=page.pk))
    unit = next((one for one in translatable(source) if one.id == block_id), None)
    if unit is None:
        raise NotFound("no_such_block", "这一块已经不在课里了。请刷新页面，看现在的课文。")
    return source, unit


def newest_twin(page: Any, block_id: str) -> BlockTwin | None:
    """The draft, else what is signed."""
    twins = BlockTwin.objects.of(page.translation_key).at_work().filter(block_id=block_id)
    return twins.prefetch_related("signatures").order_by("state").first()


def _refuse_if_newer(newest: BlockTwin | None, token: str) -> None:
    if token == (newest.token if newest else NOBODY_YET):
        return
    if newest is None:
        raise Conflict("twin_changed", "这一段刚刚被撤下了，您写的还在下面。请看一看，再存一次。")
    raise Conflict(
        "twin_changed",
        f"{newest.name or '同事'}在 {timezone.localtime(newest.saved_at):%H:%M} 也存过这一段，"
        "没有覆盖。您写的还在下面，请对照现在存着的，合在一起再存。",
    )


def _write(
    page: Any,
    newest: BlockTwin | None,
    fields: dict[str, str],
    person: Any,
    unit: Unit,
    told: dict[str, str],
    heard: Any,
) -> BlockTwin:
    draft = newest if newest and newest.state == State.DRAFT else None
    earlier = set() if draft else _earlier_writers(page, unit.id)
    twin = draft or _begin(page, unit.id)
    if draft and draft.translator_id != person.pk:
        twin.before = before_of(draft)
    twin.version = twin.version + 1 if twin.pk else 1
    twin.fields, twin.source_hash, twin.source = fields, unit.hash, told
    twin.sound, twin.sound_hash = heard, heard.sound.sha256 if heard else ""
    twin.translator, twin.name = person, get_user_display_name(person)[:80]
    twin.saved_at, twin.stale_since = timezone.now(), None
    twin.save()
    twin.writers.add(person, *earlier)
    return twin


def _earlier_writers(page: Any, block_id: str) -> set[int]:
    """Of what a new draft is made from: what is signed, or was until it was taken off.

    A letter more does not make their words another's.
    """
    before = BlockTwin.objects.of(page.translation_key).filter(block_id=block_id)
    last = before.exclude(state=State.DROPPED).order_by("-pk").first()
    return set(last.writers.values_list("pk", flat=True)) if last else set()


def _begin(page: Any, block_id: str) -> BlockTwin:
    levels = settings.TWIN_LEVELS
    return BlockTwin(lesson_key=page.translation_key, block_id=block_id, levels=levels)


@transaction.atomic
def sign_twin(page: Any, block_id: str, person: Any, *, seen: str) -> BlockTwin:
    """Put this person's name under the draft of a block; with the last one readers see it.

    ``seen`` is the hash of the words that were on the screen. Raises Conflict ``twin_changed``,
    ``chinese_changed`` and ``may_not_sign``.
    """
    lock_page(page.pk)
    twin = newest_twin(page, block_id)
    if twin is None or twin.state != State.DRAFT or twin.unit.hash != seen:
        words = "这一段在您看的时候又改过，或者已经签完了。请看下面现在的样子，再决定签不签。"
        raise Conflict("twin_changed", words)
    if twin.source_hash != _source(page, block_id)[1].hash:
        raise Conflict("chinese_changed", "中文改过了，译文还没有跟上，不能签。请译者先更新。")
    if reason := why_not(twin, person):
        raise Conflict("may_not_sign", reason)
    _sign(twin, person)
    twin = BlockTwin.objects.get(pk=twin.pk)
    if twin.is_signed():
        _show(twin)
    return twin


def why_not(twin: BlockTwin, person: Any) -> str:
    """What keeps this person from signing it, as a sentence; empty where nothing does."""
    writers = {one.pk for one in twin.writers.all()}  # may be there already
    return why_not_sign(person.pk, writers, {one.person_id for one in twin.holding()})


def _sign(twin: BlockTwin, person: Any) -> None:
    TwinSignOff.objects.create(
        twin=twin,
        words_hash=twin.unit.hash,
        level=len(twin.holding()) + 1,
        person=person,
        name=get_user_display_name(person)[:80],
        told=twin.told,
    )


def _show(twin: BlockTwin) -> None:
    """In the place of what was signed before."""
    shown = BlockTwin.objects.of(twin.lesson_key).filter(
        block_id=twin.block_id, language=twin.language, state=State.SIGNED
    )
    for before in shown:
        _move(before, State.REPLACED)
    _move(twin, State.SIGNED)


@transaction.atomic
def take_back(page: Any, block_id: str, person: Any, *, token: str) -> None:
    """Out of the draft with what this person wrote in it last: they may sign what stood before.

    Raises Conflict ``twin_changed`` and ``not_yours``.
    """
    lock_page(page.pk)
    twin = newest_twin(page, block_id)
    if twin is None or twin.state != State.DRAFT or twin.token != token:
        words = "这一段在您看的时候又改过，没有撤回。请看下面现在的样子。"
        raise Conflict("twin_changed", words)
    if twin.translator_id != person.pk:
        raise Conflict("not_yours", f"最后写这一段的是{twin.name}，只有本人能撤回。")
    put_back(twin, _source(page, block_id)[1].hash)


@transaction.atomic
def withdraw_twin(page: Any, block_id: str) -> None:
    """Readers no longer see it, from now on; the words are kept, and so are its signatures."""
    lock_page(page.pk)
    twins = BlockTwin.objects.of(page.translation_key).filter(block_id=block_id)
    for twin in twins.filter(state=State.SIGNED):
        _move(twin, State.WITHDRAWN)


def _move(twin: BlockTwin, state: str) -> None:
    twin.state = state
    twin.save(update_fields=["state"])
    lesson_twins_changed.send(BlockTwin, lesson_key=twin.lesson_key)
