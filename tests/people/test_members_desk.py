"""党员 at the desk: found, entered, changed; told at the field what is wrong, never overwritten."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studyhub.core.clock import today
from studyhub.people import groups
from studyhub.people.models import BranchMembership, LedgerChange, Member
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ADDRESS = "/cms/members/"
MOST_QUERIES = 8  # with those that say who asks; Wagtail's own frame is not counted


@pytest.fixture(autouse=True)
def root():
    make.a_tree()
    return make.a_branch("旗委")


@pytest.fixture
def branch(root):
    return make.a_branch("鲁北镇党支部", root)


@pytest.fixture
def qiqige(branch):
    member = make.a_member("其其格", phone="13800005678")
    make.BranchMembershipFactory(member=member, branch=branch, starts_on=date(2026, 1, 1))
    return member


def said(answer):
    return answer.content.decode()


def shown_version(member):
    last = LedgerChange.objects.filter(member=member).order_by("-pk").first()
    return last.pk if last else 0


def act(client, member, name, **data):
    named = {f"{name}-{field.replace('__', '-')}": value for field, value in data.items()}
    form = {"act": name, "shown": shown_version(member)} | named
    return client.post(f"{ADDRESS}{member.public_id}/act/", form, follow=True)


class TestFinding:
    @pytest.fixture(autouse=True)
    def others(self, branch, qiqige):
        make.a_member("巴图", phone="13911112222")
        make.a_member("其木格", phone="")
        make.a_member("单雄信", phone="13700001111", exempt=True)
        gone = make.a_member("走了的", phone="")
        gone.ended_on = today()
        gone.save()

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=其其", ["其其格"]),
            ("q=其 其 格", ["其其格"]),
            ("q=QMG", ["其木格"]),
            ("q=q", ["其木格", "其其格"]),
            ("q=sxx", ["单雄信"]),
            ("q=5678", ["其其格"]),
            ("q=１３９１１１１２２２２", ["巴图"]),
            ("q=567", []),
            ("no_phone=1", ["其木格"]),
            ("exempt=1", ["单雄信"]),
            ("ended=1", ["走了的"]),
            ("branch={branch}", ["其其格"]),
            ("branch={root}&q=q", ["其其格"]),
            ("p=9", []),
        ],
    )
    def test_by_what_is_typed_and_ticked(self, admin, branch, root, query, names):
        query = query.format(branch=branch.public_id, root=root.public_id)
        rows = admin.get(f"{ADDRESS}?{query}").context["rows"]
        assert sorted(row["member"].name for row in rows) == sorted(names)

    def test_nobody_found_is_told_what_to_type(self, admin):
        assert "姓名从姓写起" in said(admin.get(f"{ADDRESS}?q=没有"))

    @pytest.mark.parametrize("query", ["p=x", "p=-1", "p=99999999999", "branch=x", "group=1&q=%00"])
    def test_an_odd_question_is_no_error(self, admin, query):
        assert admin.get(f"{ADDRESS}?{query}").status_code in (200, 400)


def test_an_empty_ledger_says_what_to_do(admin):
    assert "台账里还没有人" in said(admin.get(ADDRESS))


@pytest.mark.parametrize("path", ["", "?q=5678", "?ended=1"])
def test_a_longer_list_costs_no_more(admin, sign_in, root, branch, path):
    for number in range(60):
        member = make.a_member(f"党员{number}", phone="13800005678")
        make.BranchMembershipFactory(member=member, branch=branch)
        make.a_group(member, branch=branch, name=f"小组{number}")
    for client in (admin, sign_in(make.an_orgadmin(root))):
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS + path)
        own = [one["sql"] for one in queries if ' FROM "people_' in one["sql"]]
        assert len(own) <= MOST_QUERIES, own


def test_pages_follow_each_other(admin):
    for number in range(51):
        make.a_member(f"党员{number:02}")
    first, second = (admin.get(f"{ADDRESS}?p={page}").context["rows"] for page in (1, 2))
    assert (len(first), len(second)) == (50, 1)


class TestEntering:
    ONE = {
        "name": "巴 图",
        "on": "2026-03-01",
        "phone": "139 1111 2222",
        "place": "深圳宝安",
        "trade": "factory",
        "left_on": "2021年9月",
        "return_month": "2027.1",
    }

    def test_cells_are_understood_as_in_a_roster(self, admin, branch, keeper):
        admin.post(f"{ADDRESS}add/", self.ONE | {"home": branch.pk})
        member = Member.objects.get()
        assert (member.name, member.phone, member.host_place_code) == (
            "巴图",
            "13911112222",
            "440306",
        )
        assert (member.left_on, member.return_month) == (date(2021, 9, 1), "2027-01")
        [change] = member.ledger_changes.all()
        assert (change.act, change.changed_by) == ("entered", keeper)
        assert change.after["所在党组织"] == "鲁北镇党支部（2026-03-01 起）"
        assert change.after["手机"] == "139****2222"

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"name": ""}, "请写姓名"),
            ({"phone": "12"}, "手机号应是 11 位数字"),
            ({"place": "没有的地方"}, "没有找到这个地方"),
            ({"left_on": "2021-13-01"}, "没有这一天"),
            ({"left_on": "2099-01-01"}, "这一天还没有到"),
            ({"home": ""}, "请选一个"),
            ({"on": ""}, "请写日期"),
            ({"trade": "x"}, "请从列表里选一个"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
        self, admin, branch, wrong, words
    ):
        answer = admin.post(f"{ADDRESS}add/", self.ONE | {"home": branch.pk} | wrong)
        assert answer.status_code == 422
        [field] = answer.context["form"].errors
        assert field in wrong
        assert words in said(answer)
        assert "2027.1" in said(answer)
        assert not Member.objects.exists()

    def test_who_is_there_already_is_not_entered_twice(self, admin, branch, qiqige):
        answer = admin.post(f"{ADDRESS}add/", self.ONE | {"name": "其其格", "home": branch.pk})
        assert "台账里已经有这个人" in said(answer)
        assert Member.objects.count() == 1


class TestEditing:
    FORM = {"name": "其其格", "place": "", "trade": "factory", "left_on": "", "return_month": ""}

    def edit(self, client, member, shown, **more):
        form = self.FORM | {"shown": shown} | more
        return client.post(f"{ADDRESS}{member.public_id}/edit/", form)

    def test_a_number_left_alone_stays_and_is_never_shown_whole(self, admin, qiqige):
        page = said(admin.get(f"{ADDRESS}{qiqige.public_id}/edit/"))
        assert "138****5678" in page
        assert "13800005678" not in page
        self.edit(admin, qiqige, 0)
        qiqige.refresh_from_db()
        assert (qiqige.phone, qiqige.trade) == ("13800005678", "factory")

    def test_a_number_is_taken_away_on_demand(self, admin, qiqige):
        self.edit(admin, qiqige, 0, no_phone="on")
        qiqige.refresh_from_db()
        assert (qiqige.phone, qiqige.phone_index, qiqige.phone_tail_index) == ("", "", "")

    def test_the_second_is_shown_what_the_first_changed(self, admin, qiqige):
        self.edit(admin, qiqige, 0, trade="catering")
        answer = self.edit(admin, qiqige, 0, trade="transport", place="深圳宝安")
        assert answer.status_code == 409
        page = said(answer)
        assert "行业：其他 → 餐饮住宿" in page
        assert "台账里现在是：餐饮住宿" in page
        assert "深圳宝安" in page
        assert '<option value="transport" selected' in page
        qiqige.refresh_from_db()
        assert qiqige.trade == "catering"
        self.edit(admin, qiqige, answer.context["version"], trade="transport", place="深圳宝安")
        qiqige.refresh_from_db()
        assert (qiqige.trade, qiqige.host_place_code) == ("transport", "440306")

    def test_any_act_of_somebody_else_counts(self, admin, qiqige, branch):
        groups.join_group(member=qiqige, group=make.a_group(branch=branch), on=today())
        page = f"{ADDRESS}{qiqige.public_id}/"
        form = {"act": "exempt", "exempt-reason": "age", "shown": 0}
        answer = admin.post(f"{page}act/", form)
        assert answer.status_code == 409
        assert "进学习小组" in said(answer)
        qiqige.refresh_from_db()
        assert not qiqige.exempt_reason

    @pytest.mark.parametrize("shown", ["", "x", "-1", "9" * 30])
    def test_an_odd_number_shows_all_there_is(self, admin, qiqige, shown):
        self.edit(admin, qiqige, 0, trade="catering")
        assert self.edit(admin, qiqige, shown).status_code == 409


class TestActs:
    def test_a_move_with_its_day_is_in_the_history(self, admin, qiqige, root, keeper):
        other = make.a_branch("香山镇党支部", root)
        page = said(act(admin, qiqige, "home", branch=other.pk, on="2026-06-01"))
        assert "鲁北镇党支部（2026-01-01 到 2026-05-31）" in page
        assert "香山镇党支部（2026-06-01 起）" in page
        assert qiqige.ledger_changes.get().changed_by == keeper

    def test_a_host_that_is_the_home_is_told_at_the_field(self, admin, qiqige, branch):
        answer = act(admin, qiqige, "host", branch=branch.pk, on="2026-06-01")
        assert answer.status_code == 422
        form = next(one["form"] for one in answer.context["acts"] if one["name"] == "host")
        assert "已经是流出地" in form.errors["branch"][0]
        assert qiqige.branches.count() == 1

    def test_two_groups_of_one_branch_are_told_at_the_field(self, admin, qiqige, branch):
        one, two = (make.a_group(branch=branch, name=name) for name in ("甲组", "乙组"))
        act(admin, qiqige, "join", group=one.pk, on="2026-06-01")
        answer = act(admin, qiqige, "join", group=two.pk, on="2026-06-01")
        assert "请用“换小组”" in said(answer)
        act(admin, qiqige, "change_group", group=two.pk, on="2026-07-01")
        spans = qiqige.groups.order_by("pk").values_list("group", "ends_on")
        assert list(spans) == [(one.pk, date(2026, 6, 30)), (two.pk, None)]
        act(admin, qiqige, "leave_group", group=two.pk, on="2026-08-01")
        assert qiqige.groups.get(group=two).ends_on == date(2026, 8, 1)

    def test_an_end_before_the_beginning_is_told_at_the_field(self, admin, qiqige):
        answer = act(admin, qiqige, "end", reason="transferred", on="2025-12-31")
        form = next(one["form"] for one in answer.context["acts"] if one["name"] == "end")
        assert "不能早于开始的日期 2026-01-01" in form.errors["on"][0]
        qiqige.refresh_from_db()
        assert qiqige.ended_on is None

    def test_leaving_ends_all_ties_and_can_be_undone(self, admin, qiqige, branch):
        groups.join_group(member=qiqige, group=make.a_group(branch=branch), on=date(2026, 2, 1))
        page = said(act(admin, qiqige, "end", reason="transferred", on="2026-06-01"))
        assert "离开了名册（组织关系转出）" in page
        assert not BranchMembership.objects.in_force(date(2026, 6, 2)).exists()
        assert not qiqige.groups.filter(ends_on=None).exists()
        act(admin, qiqige, "undo_end")
        assert qiqige.branches.get().ends_on is None
        assert qiqige.groups.get().ends_on is None

    def test_exemption_and_its_undoing(self, admin, qiqige):
        act(admin, qiqige, "exempt", reason="frail")
        qiqige.refresh_from_db()
        assert qiqige.exempt_reason == "frail"
        act(admin, qiqige, "end_exemption")
        qiqige.refresh_from_db()
        assert qiqige.exempt_reason == ""
        assert qiqige.ledger_changes.count() == 2

    def test_a_corrected_day(self, admin, qiqige):
        tie = qiqige.branches.get()
        address = f"{ADDRESS}{qiqige.public_id}/branch/{tie.pk}/"
        field = f"branch-{tie.pk}"
        wrong = {f"{field}-starts_on": "2026-05-01", f"{field}-ends_on": "2026-04-01", "shown": 0}
        answer = admin.post(address, wrong)
        assert "最后一天不能早于开始的日期" in said(answer)
        right = {f"{field}-starts_on": "2026-05-01", "shown": 0}
        page = said(admin.post(address, right, follow=True))
        assert "（2026-01-01 起） → 鲁北镇党支部（2026-05-01 起）" in page

    def test_two_entries_become_one(self, admin, qiqige, branch):
        other = make.a_member("其其格", phone="13911112222")
        make.BranchMembershipFactory(member=other, branch=branch, starts_on=date(2026, 3, 1))
        assert "139****2222" in said(admin.get(f"{ADDRESS}{qiqige.public_id}/alike/"))
        page = said(act(admin, qiqige, "merge", other=other.public_id))
        assert "另有 1 条登记并到了这里" in page
        answer = admin.get(f"{ADDRESS}{other.public_id}/")
        assert answer.headers["Location"] == f"{ADDRESS}{qiqige.public_id}/"

    def test_what_clashes_is_told_in_words(self, admin, qiqige, root):
        other = make.a_member("其其格", phone="13911112222")
        make.BranchMembershipFactory(member=other, branch=make.a_branch("香山镇党支部", root))
        answer = act(admin, qiqige, "merge", other=other.public_id)
        assert answer.status_code == 422
        assert "两条登记的日期对不上" in said(answer)

    @pytest.mark.parametrize("name", ["", "burn", "correct"])
    def test_no_such_act_is_no_page(self, admin, qiqige, name):
        assert act(admin, qiqige, name).status_code == 404


def test_a_members_page_costs_no_more_with_a_longer_history(
    admin, qiqige, branch, django_assert_max_num_queries
):
    address = f"{ADDRESS}{qiqige.public_id}/"
    groups.join_group(member=qiqige, group=make.a_group(branch=branch), on=date(2026, 2, 1))
    admin.get(address)
    with CaptureQueriesContext(connection) as few:
        admin.get(address)
    for number in range(5):
        group = make.a_group(branch=branch, name=f"小组{number}")
        day = date(2026, 2, 1) + timedelta(days=number)
        groups.join_group(member=qiqige, group=group, on=day)
    with django_assert_max_num_queries(len(few) + 1):
        admin.get(address)


def test_the_member_reads_who_changed_what(admin, qiqige, sign_in, keeper):
    act(admin, qiqige, "exempt", reason="frail")
    page = said(sign_in(qiqige).get("/me/"))
    assert "谁改过我的资料" in page
    assert "高娃，免除学习要求" in page
