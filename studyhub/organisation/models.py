"""Whose site this is: the words that every page, file, sheet and feed takes from here.

Below people and content, and knows neither: whatever carries a name asks for it (decision 0020).
"""

import hashlib
import json
import re
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.forms import model_to_dict
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from studyhub.core.signals import memory_outdated, shown_changed

WELCOME = "今天，学一小课"
FRESH = 10  # seconds
KEPT = "organisation"
# GB/T 2260: the first two digits are a province, an autonomous region or a municipality.
PLACE_CODE = re.compile(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])[0-9]{4}")


def check_place_code(code: str) -> None:
    """Six digits, the first two those of a province."""
    if not PLACE_CODE.fullmatch(code):
        raise ValidationError("请填 6 位行政区划代码（GB/T 2260），例如扎鲁特旗是 150526。")


class Organisation(BaseGenericSetting):
    """The one row that says whose site this is. Neutral words stand for what is empty.

    Personal data: who answers for the site and how to reach them, as everybody is shown it.
    """

    name = models.CharField(
        "单位名称", max_length=40, blank=True, help_text="写在每一页的顶上，例如：扎鲁特旗委组织部"
    )
    mark = models.CharField(
        "简称",
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^\S{2,4}$", "简称请填 2 到 4 个字，中间不空格。")],
        help_text="2 到 4 个字，写在页面顶上的红印里和手机桌面的图标下面",
    )
    place_code = models.CharField(
        "行政区划代码", max_length=6, blank=True, validators=[check_place_code]
    )
    contact = models.CharField(
        "联系人和电话",
        max_length=80,
        blank=True,
        help_text="写在页脚，给党员看：遇到问题找谁、打哪个电话",
    )
    complaints = models.CharField(
        "投诉举报", max_length=120, blank=True, help_text="电话、信箱或网址，写在页脚"
    )
    filing = models.CharField(
        "备案号", max_length=60, blank=True, help_text="例如：蒙ICP备12345678号-1"
    )
    welcome = models.CharField("欢迎语", max_length=60, blank=True, help_text="首页最上面的一句话")
    footer = models.CharField("页脚的话", max_length=200, blank=True)
    privacy = models.TextField(
        "隐私说明", blank=True, help_text="空一行分段；空着就用系统自带的说明"
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("mark"), FieldPanel("place_code")], heading="单位"
        ),
        MultiFieldPanel(
            [FieldPanel("contact"), FieldPanel("complaints"), FieldPanel("filing")],
            heading="联系和备案",
        ),
        MultiFieldPanel(
            [FieldPanel("welcome"), FieldPanel("footer"), FieldPanel("privacy")],
            heading="页面上的话",
        ),
    ]

    class Meta:
        verbose_name = "单位"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="organisation_one_row")]

    @classmethod
    def current(cls) -> "Organisation":
        """The row, or one without words where nobody has written any.

        Pages ask for it at every request: a process remembers it, another's change for ``FRESH``
        seconds at most.
        """
        known: Organisation | None = caches["process"].get(KEPT)
        if known is None:
            known = cls.objects.first() or cls(pk=1)
            caches["process"].set(KEPT, known, FRESH)
        return known

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Seen by this process at once."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            shown_changed.send(Organisation)
        _forget()
        transaction.on_commit(_forget)  # whoever asked meanwhile was told the words before

    @classmethod
    def _get_or_create(cls) -> "Organisation":
        """Wagtail's form makes the row when it is first opened."""
        return cls.objects.get_or_create(pk=1)[0]

    @property
    def shown_name(self) -> str:
        """The product's where no organisation has said its own."""
        return self.name or settings.WAGTAIL_SITE_NAME

    def name_within(self, length: int) -> str:
        """The name where it fits, else the mark, else as much of the name as fits."""
        fits = len(self.shown_name) <= length
        return self.shown_name if fits else (self.mark or self.shown_name)[:length]

    @property
    def shown_mark(self) -> str:
        return self.mark or self.shown_name[0]

    @property
    def shown_welcome(self) -> str:
        return self.welcome or WELCOME

    @property
    def state(self) -> str:
        """Changes with every word: what was made with the words before is made anew."""
        words = json.dumps(model_to_dict(self), sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()[:16]


def _forget(**kwargs: Any) -> None:
    caches["process"].delete(KEPT)


memory_outdated.connect(_forget, dispatch_uid="organisation.forget")
