"""Codes of exhibits: what is printed on a label leads there as long as the exhibit is shown."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from content.exhibits import Exhibit, exhibits_of


class ExhibitCode(models.Model):
    """A code under which an exhibit of a site was public, now or once: it may be called something
    else by now, the label on the wall is not printed anew.

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
        shown = exhibits_of(page.body)
        rows = [ExhibitCode(page=page, code=one.code, block=one.block) for one in shown]
        ExhibitCode.objects.bulk_create(rows, ignore_conflicts=True)

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
    """Raises ValidationError where an exhibit has a code that stands on another one's label."""
    printed = ExhibitCode.of(page)
    shown = exhibits_of(page.body)
    taken = [one.code for one in shown if printed.get(one.code, one.block) != one.block]
    if taken:
        named = "、".join(taken)
        problem = f"编号 {named} 印在别的展品的展签上，扫出来会是另一件。请换一个没有用过的编号。"
        raise ValidationError({"body": problem})
