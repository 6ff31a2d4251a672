"""What is live was signed on every level, by whatever door it came (decision 0044)."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.apps import apps
from wagtail.models import Page, PagePermissionTester

from content.models.reviews import UnitAuthor, levels, unsigned_of
from content.models.revision_names import has_name
from content.units import ADDRESS, Unit, hashes_of, units_of
from studyhub.core.errors import Conflict
from studyhub.core.review_levels import LEVELS

_Mixin: Any = object  # in the page models it stands before Page, whose methods it calls
MOST_NAMED = 3
SIGNED_OF_ALL = {
    *("live", "body", "cover", "cover_id"),
    *("change_kind", "change_note", "change_hides_words"),
}
FIRST_LEVEL = 1  # a second person has read it
FOUND_BY = (("seo_title", "搜索标题"), ("search_description", "搜索说明"))


def draft_of(page: Any) -> Any:
    """The newest draft of a page that was read a moment ago; Wagtail reads the page once more."""
    if page.has_unpublished_changes and page.latest_revision:
        return page.with_content_json(page.latest_revision.content)
    return page


class ReviewedPermissionTester(PagePermissionTester):
    """Whoever may publish may do so once the newest draft carries every level."""

    def can_publish(self) -> bool:
        return self._holds_the_right() and not unsigned_of(self._draft())

    def _holds_the_right(self) -> bool:
        return bool(super().can_publish())

    def can_publish_subpage(self) -> bool:
        """A page that is new was signed by nobody."""
        return not levels() and bool(super().can_publish_subpage())

    def _draft(self) -> Any:
        return draft_of(self.page.specific)

    def can_set_view_restrictions(self) -> bool:
        """Who may read it is no question of its words."""
        return self._holds_the_right()

    def can_unschedule(self) -> bool:
        return self._holds_the_right()


class Reviewed(_Mixin):
    """A page that ``save`` keeps from going live with words nobody signed: raises ``Conflict``
    (``not_signed``).

    ``head_fields`` are its columns that readers see, each with its word, beside the body;
    ``most_levels`` is how many levels a page of its kind passes where a county has as many.
    """

    head_fields: tuple[tuple[str, str], ...] = (("title", "标题"), ("slug", ADDRESS))
    most_levels = len(LEVELS)

    def head_lines(self) -> list[tuple[str, str]]:
        """Word and value of each column of the head, as they are signed."""
        fields = (*self.head_fields, *FOUND_BY)
        return [(word, self._said(name)) for name, word in fields]

    def _said(self, name: str) -> str:
        value = self._meta.get_field(name).to_python(getattr(self, name))
        if isinstance(value, Decimal):
            return f"{value:.2f}"
        return "" if value is None else str(value).strip()

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return ReviewedPermissionTester(user, self)

    def save(self, *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        signed = SIGNED_OF_ALL | {name for name, _ in (*self.head_fields, *FOUND_BY)}
        writes = update_fields is None or bool(signed & set(update_fields))
        if writes and self.live and levels():
            self._refuse_unsigned()
        super().save(*args, update_fields=update_fields, **kwargs)

    def _refuse_unsigned(self) -> None:
        unsigned = unsigned_of(self)
        if unsigned and not self._is_live_like_this():
            raise Conflict("not_signed", in_words(unsigned))

    def _is_live_like_this(self) -> bool:
        """Pages from before reviews stay as they are."""
        stored = type(self).objects.filter(pk=self.pk, live=True).first() if self.pk else None
        return stored is not None and hashes_of(units_of(stored)) == hashes_of(units_of(self))

    def save_revision(self, user: Any = None, overwrite_revision: Any = None, **kwargs: Any) -> Any:
        over = None if overwrite_revision and has_name(overwrite_revision) else overwrite_revision
        revision = super().save_revision(user=user, overwrite_revision=over, **kwargs)
        note_authors(self, user)
        return revision


def reviewed_models() -> list[Any]:
    """Every kind of page that is signed."""
    return [model for model in apps.get_models() if issubclass(model, Reviewed)]


def in_words(unsigned: Sequence[Unit]) -> str:
    """What has still to be signed, for an editor."""
    count = len(unsigned)
    return f"还有 {count} 处没有审完（{named(unsigned)}）。请先提交审核，各级都签过再发布。"


def named(units: Sequence[Unit]) -> str:
    """The first of them by title."""
    first = "、".join(unit.title for unit in units[:MOST_NAMED])
    return f"{first}{'等' if len(units) > MOST_NAMED else ''}"


def note_authors(page: Any, user: Any) -> None:
    """What is worded in a new way was written by this person; the first time, what is live was
    there before."""
    if not levels():
        return
    known = set(
        UnitAuthor.objects.filter(lesson_key=page.translation_key).values_list("unit", "unit_hash")
    )
    live = None if known else type(page).objects.filter(pk=page.pk, live=True).first()
    rows = [_row(page, unit, None) for unit in (units_of(live) if live else ())]
    known |= {(row.unit, row.unit_hash) for row in rows}
    new = [unit for unit in units_of(page) if (unit.id, unit.hash) not in known]
    rows += [_row(page, unit, user) for unit in new]
    UnitAuthor.objects.bulk_create(rows, ignore_conflicts=True)


def _row(page: Page, unit: Unit, user: Any) -> UnitAuthor:
    named = {"lesson_key": page.translation_key, "unit": unit.id, "unit_hash": unit.hash}
    return UnitAuthor(**named, person=user if user and user.pk else None)
