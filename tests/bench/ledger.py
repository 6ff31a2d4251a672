"""Somebody looked for on the ledger of a province: by name, initials, the end of a number."""

import json
import statistics

from tests.bench.database import bench_product
from tests.bench.report import Figure
from tests.bench.servers import manage

MEMBERS = 200_000
ROUNDS = 100
GOAL = 50  # ms
REPORTS, REPORT_GOAL = 10, 2000  # rounds, ms
ASKED = {"name": "两个字", "initials": "拼音首字母", "tail": "手机后四位", "page": "名单第一页"}

PREPARE = """
import random
from datetime import date, timedelta
from functools import cache
from django.utils import timezone
from studyhub.people.places import _list
from django.db import connection
from studyhub.people.models import members
members.name_key, members.initials = cache(members.name_key), cache(members.initials)
from studyhub.people.models import Branch, BranchMembership, Member, User, Duty
chance = random.Random(7)
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧包白乌巴其阿图苏那"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂日格勒花木云山海峰春梅玉龙凤生"
COUNTIES = [code for code in _list() if not code.endswith("00")]
root = Branch.objects.filter(depth=1).first() or Branch.add_root(name="旗委")
below = [root.add_child(name=f"生成党委{n}") for n in range(10)]
places = [one.add_child(name=f"{one.name}支部{n}") for one in below for n in range(30)]
def somebody():
    name = chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2, 2))))
    return Member(
        name=name,
        phone=f"139{chance.randrange(10**8):08}",
        trade=chance.choice(Member.Trade.values),
        host_place_code=chance.choice(COUNTIES),
        left_on=date(2016, 1, 1) + timedelta(days=chance.randrange(3900)),
        return_month=f"2027-{chance.randrange(1, 13):02}",
        confirmed_at=timezone.now() - timedelta(days=chance.randrange(180)),
    )
left = %d
while left:
    made = Member.objects.bulk_create([somebody() for _ in range(min(left, 5000))])
    left -= len(made)
    BranchMembership.objects.bulk_create(
        BranchMembership(member=one, branch=chance.choice(places), kind="home",
            starts_on=date(2026, 1, 1)) for one in made)
keeper = User.objects.create(username="keeper-of-all", is_superuser=True)
other = User.objects.create(username="keeper-of-one")
Duty.objects.create(user=other, kind="orgadmin", branch=below[0], starts_on=date(2026, 1, 1))
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
"""

MEASURE = """
import json, random, time
from studyhub.people import access
from studyhub.people.finding import Search
from studyhub.people.ledger_reports import ledger_report
from studyhub.people.models import Member, User
chance = random.Random(11)
def timed(user, texts):
    times = []
    for text in texts:
        started = time.perf_counter()
        list(Search(text=text).among(access.members_kept_by(user))[:51])
        times.append((time.perf_counter() - started) * 1000)
    return times
def reported(login):
    times = []
    for _ in range(%d):
        user = User.objects.get(username=login)
        started = time.perf_counter()
        ledger_report(user)
        times.append((time.perf_counter() - started) * 1000)
    return times
pks = list(Member.objects.values_list("pk", flat=True))
some = Member.objects.in_bulk(chance.sample(pks, min(len(pks), %d))).values()
asked = {
    "name": [one.name[:2] for one in some],
    "initials": [one.name_initials[:2] for one in some],
    "tail": [one.phone[-4:] for one in some],
    "page": ["" for one in some],
}
told = {}
for login in ("keeper-of-all", "keeper-of-one"):
    user = User.objects.get(username=login)
    timed(user, asked["name"][:2])
    told[login] = {what: timed(user, texts) for what, texts in asked.items()}
    told[login]["report"] = reported(login)
print("BENCH" + json.dumps(told))
"""


def measure() -> list[Figure]:
    with bench_product("ledger", demo=False) as (env, _):
        manage(env, "shell", "--no-imports", "-c", PREPARE % MEMBERS)
        told = manage(env, "shell", "--no-imports", "-c", MEASURE % (REPORTS, ROUNDS))
    of_all, of_one = json.loads(told.split("BENCH", 1)[1]).values()
    found = [_figure(what, of_all[what], of_one[what]) for what in ASKED]
    return [*found, _report_figure(of_all["report"], of_one["report"])]


def _report_figure(of_all: list[float], of_one: list[float]) -> Figure:
    slowest, tree = max(of_all), max(of_one)
    return Figure(
        f"台账统计（{MEMBERS:,} 人）",
        f"最慢 {slowest:.0f} ms，中位 {statistics.median(of_all):.0f} ms",
        f"只管一个党委的最慢 {tree:.0f} ms",
        f"最慢 ≤ {REPORT_GOAL} ms",
        slowest <= REPORT_GOAL,
    )


def _figure(what: str, of_all: list[float], of_one: list[float]) -> Figure:
    p95, tree = (statistics.quantiles(times, n=20)[-1] for times in (of_all, of_one))
    return Figure(
        f"台账查找：{ASKED[what]}（{MEMBERS:,} 人）",
        f"p95 {p95:.1f} ms，中位 {statistics.median(of_all):.1f} ms",
        f"只管一个党委的 p95 {tree:.1f} ms",
        f"p95 ≤ {GOAL} ms",
        max(p95, tree) <= GOAL,
    )
