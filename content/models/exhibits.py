"""Codes of exhibits: what is printed on a label leads there as long as the exhibit is shown."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from content.exhibits import Exhibit, exhibits_of


class ExhibitCode(models.Model):
    """A code under which an exhibit of a site was public, now or once, with the last one that was
    called so: it may be called something else by now, the label on the wall is not printed anew.

    No personal data.
    """

    page = models.ForeignKey(
        "content.HeritageSitePage",
        on_delete=models.CASCADE,
        related_name="exhibit_codes",
        db_index=False,
    )
    code = models.CharField(max_length=12)
    block = models.CharField(max_length=36)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "code"], name="content_exhibitcode_once")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.code}"

    @classmethod
    def note(cls, page: Any) -> None:
        """The site went live; safe to repeat."""
        shown = {one.code: one.block for one in exhibits_of(page.body)}
        rows = [ExhibitCode(page=page, code=code, block=block) for code, block in shown.items()]
        ExhibitCode.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["page", "code"], update_fields=["block"]
        )

    @classmethod
    def of(cls, page: Any) -> dict[str, str]:
        """The block of each code that was ever public."""
        return dict(cls.objects.filter(page_id=page.pk).values_list("code", "block"))


def exhibit_at(page: Any, code: str) -> Exhibit | None:
    """The exhibit that is called so, or whose label says so."""
    shown, code = exhibits_of(page.body), code.upper()
    found = next((one for one in shown if one.code == code), None)
    if found is None:
        block = ExhibitCode.of(page).get(code)
        found = next((one for one in shown if one.block == block), None)
    return found


def refuse_printed_codes(page: Any) -> None:
    """Raises ValidationError where an exhibit has a code that stands on another one's label.

    Of an exhibit that is gone it is free: who makes it anew gives it the label it had.
    """
    shown = exhibits_of(page.body)
    here = {one.block for one in shown}
    printed = {code: block for code, block in ExhibitCode.of(page).items() if block in here}
    taken = [one.code for one in shown if printed.get(one.code, one.block) != one.block]
    if taken:
        named = "、".join(taken)
        problem = f"编号 {named} 印在别的展品的展签上，扫出来会是另一件。请换一个没有用过的编号。"
        raise ValidationError({"body": problem})
