"""What is live was signed on every level, by whatever door it came (decision 0044)."""

from collections.abc import Collection, Sequence
from typing import Any

from wagtail.models import Page, PagePermissionTester

from content.models.reviews import UnitAuthor, levels, unsigned_of
from content.models.revision_names import has_name
from content.units import Unit, hashes_of, units_of
from studyhub.core.errors import Conflict

_Mixin: Any = object  # in the page models it stands before Page, whose methods it calls
MOST_NAMED = 3
SIGNED = {
    *("live", "title", "slug", "summary", "minutes", "credit_hours", "cover", "cover_id", "body"),
    *("seo_title", "search_description", "change_kind", "change_note", "change_hides_words"),
}


class ReviewedPermissionTester(PagePermissionTester):
    """Whoever may publish may do so once the newest draft carries every level."""

    def can_publish(self) -> bool:
        return self._holds_the_right() and not unsigned_of(self._draft())

    def _holds_the_right(self) -> bool:
        return bool(super().can_publish())

    def _draft(self) -> Any:
        return self.page.specific.get_latest_revision_as_object()

    def can_set_view_restrictions(self) -> bool:
        """Who may read it is no question of its words."""
        return self._holds_the_right()

    def can_unschedule(self) -> bool:
        return self._holds_the_right()


class ParentPermissionTester(PagePermissionTester):
    """A page that is new was signed by nobody."""

    def can_publish_subpage(self) -> bool:
        return not levels() and bool(super().can_publish_subpage())


class Reviewed(_Mixin):
    """A page that ``save`` keeps from going live with words nobody signed: raises ``Conflict``
    (``not_signed``)."""

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return ReviewedPermissionTester(user, self)

    def save(self, *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        writes = update_fields is None or bool(SIGNED & set(update_fields))
        if writes and self.live and levels():
            self._refuse_unsigned()
        super().save(*args, update_fields=update_fields, **kwargs)

    def _refuse_unsigned(self) -> None:
        unsigned = unsigned_of(self)
        if unsigned and not self._is_live_like_this():
            raise Conflict("not_signed", in_words(unsigned))

    def _is_live_like_this(self) -> bool:
        """Lessons from before reviews stay as they are."""
        stored = type(self).objects.filter(pk=self.pk, live=True).first() if self.pk else None
        return stored is not None and hashes_of(units_of(stored)) == hashes_of(units_of(self))

    def save_revision(self, user: Any = None, overwrite_revision: Any = None, **kwargs: Any) -> Any:
        over = None if overwrite_revision and has_name(overwrite_revision) else overwrite_revision
        revision = super().save_revision(user=user, overwrite_revision=over, **kwargs)
        note_authors(self, user)
        return revision


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
