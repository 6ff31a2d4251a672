"""Whether a page is live is changed on purpose, never by a writer that has not seen the change.

Wagtail writes whole rows. A draft that was read before a publication and saved after it would take
the page down again, and nobody would be told: an editor types, presses 发布, and the save that the
editor's page had begun by itself arrives last.
"""

from collections.abc import Collection
from typing import Any, Self

from django.db import transaction
from wagtail.models import Page

from studyhub.core.errors import Conflict

_Mixin: Any = object  # in the page models it stands before Page, whose methods it calls


class SavedAsSeen(_Mixin):
    """A page whose ``save`` refuses to overwrite a change of ``live`` made since it was read.

    Raises ``Conflict`` (``page_changed``). Publishing and taking down set ``live`` themselves and
    go through.
    """

    # Groups of accounts have to do with the desk; who reads lessons is in none.
    private_page_options = ("password", "login")
    _live_as_read: bool | None = None

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        page = super().from_db(db, field_names, values)
        page._live_as_read = page.__dict__.get("live")
        return page

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._live_as_read = self.__dict__.get("live")

    @transaction.atomic
    def save(self, *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        if update_fields is None or "live" in update_fields:
            self._refuse_if_changed_meanwhile()
        super().save(*args, update_fields=update_fields, **kwargs)
        self._live_as_read = self.__dict__.get("live")

    def _refuse_if_changed_meanwhile(self) -> None:
        seen = self._live_as_read
        if seen is None or self.__dict__.get("live") != seen:
            return
        if lock_page(self.pk) == (not seen,):
            raise Conflict(
                "page_changed",
                "这一页刚刚被发布或撤下了，您的改动没有保存。请刷新页面，再改一次。",
            )


def lock_page(pk: int) -> tuple[bool] | None:
    """The page's ``live`` as stored now; nobody writes it before this transaction ends."""
    stored: tuple[bool] | None = (
        Page.objects.select_for_update(no_key=True).filter(pk=pk).values_list("live").first()
    )
    return stored
