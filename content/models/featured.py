from calendar import isleap
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from content.models.lessons import LessonPage
from studyhub.core.clock import today

LEAP_YEAR = 2024  # has every day there is


class FeaturedDayQuerySet(models.QuerySet["FeaturedDay"]):
    def kept_on(self, *days: date) -> "FeaturedDayQuerySet":
        found = models.Q(pk=None)
        for month, day in (one for whole in days for one in days_kept_on(whole)):
            found |= models.Q(month=month, day=day)
        return self.filter(found)


class FeaturedDay(models.Model):
    """A day of every year on which a lesson is put forward on the front page.

    ``is_on`` is what the front page reads: it follows the calendar, not the clock of whoever
    renders it. What 29 February brings comes on the 28th where there is no 29th. No personal data.
    """

    page = models.ForeignKey(
        LessonPage,
        on_delete=models.CASCADE,
        related_name="featured_days",
        verbose_name="课",
        db_index=False,
    )
    month = models.PositiveSmallIntegerField(
        "月", validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        "日", validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    note = models.CharField(
        "什么日子",
        max_length=60,
        blank=True,
        help_text="给编辑自己看，不给学员看。例：遵义会议召开",
    )
    is_on = models.BooleanField(default=False, db_default=False, editable=False)

    objects = FeaturedDayQuerySet.as_manager()

    panels = [
        FieldPanel("page"),
        FieldRowPanel(
            [FieldPanel("month"), FieldPanel("day")],
            help_text="每年这一天，这一课放在首页。2月29日没有的年份放在2月28日。",
        ),
        FieldPanel("note"),
    ]

    class Meta:
        verbose_name = verbose_name_plural = "纪念日"
        ordering = ["month", "day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "month", "day"], name="content_featuredday_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month}月{self.day}日"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.is_on = (self.month, self.day) in days_kept_on(today())
        super().save(*args, **kwargs)

    def clean(self) -> None:
        try:
            date(LEAP_YEAR, self.month or 1, self.day or 1)
        except (ValueError, OverflowError):
            raise ValidationError({"day": f"{self.month}月没有{self.day}日，请改一改。"}) from None


def days_kept_on(day: date) -> list[tuple[int, int]]:
    """As (month, day) what this day of the calendar is: two where 29 February is kept on the
    28th."""
    days = [(day.month, day.day)]
    return [*days, (2, 29)] if days == [(2, 28)] and not isleap(day.year) else days
