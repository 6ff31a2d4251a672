from functools import reduce
from operator import add, or_

from django.db import models


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def holding(self, terms: list[str]) -> "SearchEntryQuerySet":
        """Every one of these folded words somewhere in the lesson; those with one in the title
        first."""
        everywhere = [models.Q(haystack__contains=term) for term in terms]
        in_title = [models.Q(title__contains=term) for term in terms]
        first = models.Case(models.When(reduce(or_, in_title), then=0), default=1)
        found = self.filter(*everywhere).annotate(first=first)
        return found.order_by("first", *self.query.order_by)

    def holding_any(self, grams: list[str], *, at_least: int) -> "SearchEntryQuerySet":
        """At least so many of these, those with most of them first."""
        each = [
            models.Case(
                models.When(haystack__contains=gram, then=1),
                default=0,
                output_field=models.IntegerField(),
            )
            for gram in grams
        ]
        held = reduce(add, each)
        found = self.annotate(held=held).filter(held__gte=at_least)
        return found.order_by("-held", *self.query.order_by)


class SearchEntry(models.Model):
    """What one open lesson is found by; made anew at each publication (decision 0004).

    ``index`` is also the search index of the lesson's offline pack. No personal data.
    """

    lesson_key = models.UUIDField("课的标识", unique=True)
    index = models.JSONField("索引")
    title = models.CharField("标题", max_length=255)
    haystack = models.TextField("可查的文字")

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "搜索索引"

    def __str__(self) -> str:
        return str(self.lesson_key)
