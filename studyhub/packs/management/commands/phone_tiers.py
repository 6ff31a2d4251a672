from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from studyhub.core.browsers import Browser
from studyhub.packs.models import PhoneCount


class Command(BaseCommand):
    help = "各种手机没有信号时做得到哪一步：按月、按浏览器的部数，不含任何个人信息。"

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[tuple[str, str, int]] = Counter()
        for row in PhoneCount.objects.all():
            name = Browser(row.browser).label
            counts[f"{row.month:%Y-%m}", name, row.tier] += row.phones
        if not counts:
            self.stdout.write("还没有手机报过。读者打开课文几秒钟后，手机每月报一次。")
            return
        tiers = [PhoneCount.Tier.COLD_START, PhoneCount.Tier.WHILE_OPEN, PhoneCount.Tier.NOTHING]
        self.stdout.write("月份\t浏览器\t" + "\t".join(tier.label for tier in tiers))
        for month, name in dict.fromkeys((month, name) for month, name, _ in counts):
            numbers = "\t".join(str(counts[month, name, tier]) for tier in tiers)
            self.stdout.write(f"{month}\t{name}\t{numbers}")
