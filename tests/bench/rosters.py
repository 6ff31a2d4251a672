"""An office's roster of 5,000: looked through, taken in, exported, and looked through again."""

import json

from tests.bench.database import bench_product
from tests.bench.report import Figure
from tests.bench.servers import manage

PEOPLE = 5_000
LOOK, TAKE, EXPORT, MEMORY = 10, 30, 10, 300  # seconds, MB

MEASURE = """
import io, json, random, resource, time
import openpyxl
from studyhub.core.clock import today
from studyhub.people.models import Branch, User
from studyhub.people.roster.export import export_roster
from studyhub.core.sheets.reading import read_sheet
from studyhub.people.roster.comparison import compare
from studyhub.people.roster.intake import take_in
chance = random.Random(7)
Branch.objects.filter(depth=1).exists() or Branch.add_root(name="旗委")
FAMILY = "王李张刘陈杨赵黄周吴欧包白乌巴"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂𬍛𰻝"
book = openpyxl.Workbook()
book.active.append(["流动党员花名册"])
book.active.append(["姓名", "联系电话", "所在党支部", "流入地", "从事职业", "外出时间"])
for number in range(%d):
    name = chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=2))
    branch = f"第{number %% 100}支部"
    book.active.append([name, f"139{number:08}", branch, "广东深圳宝安", "工地", "2021.9"])
stored = io.BytesIO()
book.save(stored)
by = User.objects.create(username="keeper-of-rosters", is_superuser=True)
took = {}
def timed(what, act):
    started = time.perf_counter()
    answer = act()
    took[what] = time.perf_counter() - started
    return answer
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
how = {"on": today(), "create_missing": True, "by": by}
timed("look", lambda: compare(read_sheet(stored.getvalue()), **how))
took["memory"] = peak()
sheet = read_sheet(stored.getvalue())
timed("take", lambda: take_in(sheet, **how))
data = timed("export", lambda: export_roster(on=today(), by=by))
again = timed("again", lambda: compare(read_sheet(data), **how))
took["unchanged"] = again.counts()["unchanged"]
took["memory_after"] = peak()
print("BENCH" + json.dumps(took))
"""


def measure() -> list[Figure]:
    with bench_product("rosters", demo=False) as (env, _):
        told = manage(env, "shell", "--no-imports", "-c", MEASURE % PEOPLE)
    took = json.loads(told.split("BENCH", 1)[1])
    memory = took["memory_after"]
    return [
        _figure("逐行看", took["look"], LOOK, f"内存 {took['memory']:.0f} MB"),
        _figure("写进台账", took["take"], TAKE, "一次事务"),
        _figure("导出", took["export"], EXPORT, "记下谁导出，每人看得到"),
        Figure(
            f"花名册 {PEOPLE:,} 人：导出再导入",
            f"没有变化 {took['unchanged']:,} 行，{took['again']:.1f} s",
            f"内存最多 {memory:.0f} MB",
            f"{PEOPLE:,} 行都没有变化，≤ {MEMORY} MB",
            took["unchanged"] == PEOPLE and memory <= MEMORY,
        ),
    ]


def _figure(what: str, seconds: float, goal: int, beside: str) -> Figure:
    return Figure(
        f"花名册 {PEOPLE:,} 人：{what}", f"{seconds:.1f} s", beside, f"≤ {goal} s", seconds <= goal
    )
