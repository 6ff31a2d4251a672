"""党组织 at the desk: a tree with counts, changed without losing anybody or anything that was."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studyhub.core.clock import today
from studyhub.people.models import Branch, BranchMembership
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("root")]
ADDRESS = "/cms/branches/"
MOST_QUERIES = 5  # with those that say who asks; Wagtail's own frame is not counted


@pytest.fixture
def village(lubei):
    return make.a_branch("宝力根花党支部", lubei)


@pytest.fixture
def qiqige(village):
    member = make.a_member("其其格")
    make.BranchMembershipFactory(member=member, branch=village, starts_on=date(2026, 1, 1))
    return member


def said(answer):
    return answer.content.decode()


def act(client, branch, what, **data):
    page = client.get(f"{ADDRESS}{branch.public_id}/")
    named = {f"{what}-{field}": value for field, value in data.items()}
    form = {"act": what, "shown": page.context["shown"]} | named
    return client.post(f"{ADDRESS}{branch.public_id}/act/", form, follow=True)


def errors(answer, name):
    return next(one["form"].errors for one in answer.context["acts"] if one["name"] == name)


def fresh(branch):
    return Branch.objects.get(pk=branch.pk)


def test_counts_are_of_today_and_include_what_is_below(admin, lubei, village, qiqige):
    make.BranchMembershipFactory(branch=lubei, ended=True)
    make.BranchMembershipFactory(branch=village, host=True)
    rows = admin.get(ADDRESS).context["rows"]
    found = {row["branch"].name: (row["home"], row["host"]) for row in rows}
    assert found == {"旗委": (1, 1), "鲁北镇党委": (1, 1), "宝力根花党支部": (1, 1)}


def test_a_larger_tree_costs_no_more(admin, sign_in, root, lubei):
    for number in range(20):
        make.BranchMembershipFactory(branch=make.a_branch(f"支部{number}", lubei))
    for client in (admin, sign_in(make.an_orgadmin(root))):
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        own = [one["sql"] for one in queries if ' FROM "people_' in one["sql"]]
        assert len(own) <= MOST_QUERIES, own


def test_a_branch_is_made_and_named(admin, lubei, keeper):
    act(admin, lubei, "add", name="新党支部", kind="branch")
    made = Branch.objects.get(name="新党支部")
    assert made.get_parent() == lubei
    page = said(act(admin, made, "rename", name="第一党支部", kind="mobile_branch"))
    assert "新党支部（党支部） 改成 第一党支部（流动党员党支部）" in page
    assert "高娃" in page


@pytest.mark.parametrize("name", ["宝力根花党支部", "宝力根花 党支部"])
def test_two_of_one_name_among_neighbours_are_told_at_the_field(admin, lubei, village, name):
    answer = act(admin, lubei, "add", name=name, kind="branch")
    assert answer.status_code == 422
    assert "已经有“宝力根花党支部”" in errors(answer, "add")["name"][0]


@pytest.mark.parametrize("name", ["", "长" * 61])
def test_a_name_that_is_none_is_told_at_the_field(admin, lubei, name):
    answer = act(admin, lubei, "add", name=name, kind="branch")
    assert "name" in errors(answer, "add")


def test_a_circle_is_told_at_the_field(admin, lubei, village):
    answer = act(admin, lubei, "place", parent=village.pk)
    assert "它下级的下面" in errors(answer, "place")["parent"][0]


def test_a_move_takes_along_what_is_below(admin, root, lubei, village):
    juriha = make.a_branch("巨日合镇党委", root)
    act(admin, lubei, "place", parent=juriha.pk)
    assert fresh(village).is_descendant_of(fresh(juriha))
    assert not Branch.find_problems()[0]


def test_a_merger_carries_members_over_from_a_day(admin, root, lubei, village, qiqige):
    juriha = make.a_branch("巨日合镇党委", root)
    group = make.a_group(branch=village)
    answer = act(admin, village, "merge", to=juriha.pk, on="2026-07-01")
    assert "1 个人转到“巨日合镇党委”" in said(answer)
    spans = qiqige.branches.order_by("pk").values_list("branch__name", "starts_on", "ends_on")
    assert list(spans) == [
        ("宝力根花党支部", date(2026, 1, 1), date(2026, 6, 30)),
        ("巨日合镇党委", date(2026, 7, 1), None),
    ]
    assert fresh(village).ended_on == date(2026, 6, 30)
    group.refresh_from_db()
    assert group.branch == juriha
    assert qiqige.ledger_changes.get().act == "branch_merged"


def test_a_merger_into_what_is_below_is_told_at_the_field(admin, lubei, village):
    answer = act(admin, lubei, "merge", to=village.pk, on="2026-07-01")
    assert "它的下级" in errors(answer, "merge")["to"][0]


def test_a_merger_that_fits_somebody_not_changes_nothing(admin, root, village, qiqige):
    juriha = make.a_branch("巨日合镇党委", root)
    make.BranchMembershipFactory(
        member=qiqige, branch=juriha, kind=BranchMembership.Kind.HOST, starts_on=date(2026, 2, 1)
    )
    answer = act(admin, village, "merge", to=juriha.pk, on="2026-07-01")
    assert "其其格：“巨日合镇党委”在这段日期里已经是流入地" in errors(answer, "merge")["to"][0]
    assert fresh(village).ended_on is None
    assert qiqige.branches.filter(ends_on=None).count() == 2


def test_what_is_empty_ends(admin, village):
    act(admin, village, "end", on="2026-07-01")
    assert fresh(village).ended_on == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "field", "words"),
    [("2026-07-01", "to", "还有 1 个人"), ("", "on", "请写日期")],
)
def test_an_end_asks_where_people_go(admin, village, qiqige, day, field, words):
    answer = act(admin, village, "end", on=day)
    assert words in errors(answer, "end")[field][0]
    assert fresh(village).ended_on is None


def test_an_end_before_somebody_came_is_told_at_the_field(admin, lubei, village, qiqige):
    answer = act(admin, village, "end", on="2025-12-31", to=lubei.pk)
    assert "其其格：" in errors(answer, "end")["on"][0]


def test_an_end_with_branches_below_is_refused(admin, lubei, village):
    answer = act(admin, lubei, "end", on="2026-07-01")
    assert "下面还有党组织" in errors(answer, "end")["to"][0]


def test_who_comes_second_is_shown_the_first_change(admin, lubei):
    page = admin.get(f"{ADDRESS}{lubei.public_id}/")
    act(admin, lubei, "rename", name="鲁北党委", kind="party_committee")
    form = {"act": "rename", "shown": page.context["shown"]}
    form |= {"rename-name": "另一个", "rename-kind": "branch"}
    answer = admin.post(f"{ADDRESS}{lubei.public_id}/act/", form)
    assert "高娃改过" in said(answer)
    assert "另一个" in said(answer)
    assert fresh(lubei).name == "鲁北党委"


def test_nobody_moves_the_root_of_what_they_keep(sign_in, root, lubei):
    client = sign_in(make.an_orgadmin(lubei))
    shown = client.get(f"{ADDRESS}{lubei.public_id}/")
    assert [one["name"] for one in shown.context["acts"]] == ["add", "rename"]
    for name in ("place", "merge", "end"):
        form = {"act": name, "shown": 0}
        assert client.post(f"{ADDRESS}{lubei.public_id}/act/", form).status_code == 404


def test_an_ended_branch_is_chosen_no_more(admin, village, qiqige, lubei):
    act(admin, village, "end", on=f"{today():%Y-%m-%d}", to=lubei.pk)
    assert f'value="{village.pk}"' not in said(admin.get("/cms/members/add/"))
