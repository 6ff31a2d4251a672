"""A lesson published with all that follows from it, beside Wagtail's own publication of it."""

import json
import statistics

from tests.bench.database import bench_product
from tests.bench.report import Figure
from tests.bench.servers import manage

ROUNDS = 40
GOAL = 1.5

# One sentence differs each time. Wagtail alone is the same page in the same process, with nothing
# of ours listening and neither reviews nor checks in ``save``.
MEASURE = """
import contextlib, json, time
from unittest.mock import patch
from django.db.models import signals as of_models
from wagtail import signals as of_pages
from wagtail.models import Page
from content.models import LessonPage, SignOff
from content.models.signing import sign_for_all
from studyhub.people.models import User
person = User.objects.filter(is_superuser=True).first()
NAMES = ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed")
SIGNALS = [getattr(of_models, name) for name in NAMES] + [of_pages.page_published]
def is_ours(receiver):
    reference = receiver[1]
    called = reference() if hasattr(reference, "__callback__") else reference
    return str(getattr(called, "__module__", "")).split(".")[0] in ("content", "studyhub")
@contextlib.contextmanager
def wagtail_alone():
    with contextlib.ExitStack() as stack:
        for signal in SIGNALS:
            others = [one for one in signal.receivers if not is_ours(one)]
            stack.enter_context(patch.object(signal, "receivers", others))
            signal.sender_receivers_cache.clear()
        for name in ("save", "save_revision"):
            stack.enter_context(patch.object(LessonPage, name, getattr(Page, name)))
        yield
    for signal in SIGNALS:
        signal.sender_receivers_cache.clear()
def publish(page, number):
    block = next(one for one in page.body if one.block_type == "section")
    block.value["text"].source = f"<p>第 {number} 次改过的一句话。</p>" + block.value["text"].source
    sign_for_all(page, SignOff.Kind.BEFORE)
    started = time.perf_counter()
    page.save_revision(user=person).publish(user=person)
    return (time.perf_counter() - started) * 1000
ours, alone = [], []
key = LessonPage.objects.live().order_by("pk").values_list("pk", flat=True)[0]
for number in range(%d):
    ours.append(publish(LessonPage.objects.get(pk=key), 2 * number))
    with wagtail_alone():
        alone.append(publish(LessonPage.objects.get(pk=key), 2 * number + 1))
print("BENCH" + json.dumps([ours, alone]))
"""


def measure() -> list[Figure]:
    with bench_product("publication") as (env, _):
        told = manage(env, "shell", "--no-imports", "-c", MEASURE % ROUNDS)
    ours, alone = (statistics.median(times) for times in json.loads(told.split("BENCH", 1)[1]))
    ratio = ours / alone
    return [
        Figure(
            "发布一课（含修订、离线包和各渠道的排队）",
            f"中位 {ours:.0f} ms",
            f"Wagtail 自己发布同一页 {alone:.0f} ms，比 {ratio:.2f}",
            f"≤ {GOAL} 倍",
            ratio <= GOAL,
        )
    ]
