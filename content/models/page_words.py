"""The words and times of a page as they will be stored, before anybody judges them."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError

from studyhub.core.characters import shows_nothing
from studyhub.core.clock import EARLIEST, LATEST
from studyhub.core.receivers import tidy_texts

_Mixin: Any = object  # in the page models it stands before Page, whose methods it calls


class JudgedAsStored(_Mixin):
    """A page whose title, left empty by cleaning, is an empty title.

    What is cleaned or fails only while it is saved has passed all checks by then.
    """

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        tidy_texts(self)
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        if self.title and shows_nothing(self.title):
            raise ValidationError({"title": "这个标题什么也看不见，请写一个标题。"})
        self._refuse_times_out_of_reach()

    def _refuse_times_out_of_reach(self) -> None:
        """Of the schedule: year 1 in Beijing is before all time elsewhere."""
        for name in ("go_live_at", "expire_at"):
            at = getattr(self, name)
            if at and not EARLIEST <= at <= LATEST:
                raise ValidationError({name: "时间太早或太晚，请检查年份。"})
