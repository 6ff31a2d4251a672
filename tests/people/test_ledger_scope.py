"""Whose lines of the ledger are whose to keep: every page of it, for every role."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import get_resolver

from studyhub.people import access
from studyhub.people.models import RecordView
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OPEN, GONE = 200, 404
FORBIDDEN = DOOR = 302  # to the desk's first page, which says so; to the page to sign in


@pytest.fixture(autouse=True)
def tree():
    make.a_tree()
    return make.a_branch("旗委")


@pytest.fixture
def lubei(tree):
    return make.a_branch("鲁北镇党委", tree)


@pytest.fixture
def juriha(tree):
    return make.a_branch("巨日合镇党委", tree)


def member_of(branch, name, **fields):
    return make.BranchMembershipFactory(branch=branch, member=make.a_member(name, **fields)).member


@pytest.fixture
def qiqige(lubei):
    return member_of(make.a_branch("鲁北镇党支部", lubei), "其其格")


@pytest.fixture
def batu(juriha):
    return member_of(juriha, "巴图", phone="13800005678")


@pytest.fixture
def group(lubei, qiqige):
    return make.a_group(qiqige, branch=lubei)


@pytest.fixture
def far_group(juriha, batu):
    return make.a_group(batu, branch=juriha, name="沈阳小组")


@pytest.fixture
def people(tree, lubei, group):
    editor = make.a_user("naren", is_staff=True)
    editor.groups.add(Group.objects.get(name=access.EDITOR))
    return {
        "admin": make.a_user("gaowa", is_superuser=True),
        "orgadmin": make.an_orgadmin(lubei),
        "liaison": make.DutyFactory(liaison=True, group=group).user,
        "leader": make.a_leader(group, username="zuzhang"),
        "member": make.a_user("dangyuan"),
        "editor": editor,
        "nobody": None,
    }


@pytest.fixture
def pages(qiqige, batu, lubei, juriha, group, far_group):
    """Each page, near (in the orgadmin's tree and the liaison's group) and far."""
    return {
        "list": "/cms/members/",
        "add": "/cms/members/add/",
        "near": f"/cms/members/{qiqige.public_id}/",
        "far": f"/cms/members/{batu.public_id}/",
        "near_edit": f"/cms/members/{qiqige.public_id}/edit/",
        "far_edit": f"/cms/members/{batu.public_id}/edit/",
        "near_alike": f"/cms/members/{qiqige.public_id}/alike/",
        "far_alike": f"/cms/members/{batu.public_id}/alike/",
        "tree": "/cms/branches/",
        "near_branch": f"/cms/branches/{lubei.public_id}/",
        "far_branch": f"/cms/branches/{juriha.public_id}/",
        "groups": "/cms/study-groups/",
        "near_group": f"/cms/study-groups/{group.public_id}/",
        "far_group": f"/cms/study-groups/{far_group.public_id}/",
        "rosters": "/cms/rosters/",
        "requests": "/cms/join-requests/",
        "reports": "/cms/ledger-reports/",
        "reports_file": "/cms/ledger-reports/xlsx/",
        "none": f"/cms/members/{uuid4()}/",
    }


FAR = {"far", "far_edit", "far_alike", "far_branch", "far_group", "none"}
CONTACT = {"list", "near", "near_edit"}


def expected(role, page):
    if role == "admin":
        return GONE if page == "none" else OPEN
    if role == "orgadmin":
        return GONE if page in FAR else OPEN
    if role == "liaison":
        far = GONE if page in ("far", "far_edit", "none") else FORBIDDEN
        return OPEN if page in CONTACT else far
    return FORBIDDEN if role == "editor" else DOOR


@pytest.mark.parametrize(
    "role", ["admin", "orgadmin", "liaison", "leader", "member", "editor", "nobody"]
)
def test_each_page_opens_to_whom_it_is_for(people, pages, role):
    client = Client()
    if people[role]:
        client.force_login(people[role])
    found = {name: client.get(path).status_code for name, path in pages.items()}
    assert found == {name: expected(role, name) for name in pages}


ACTS = [
    ("{member}act/", {"act": "exempt", "exempt-reason": "age"}),
    ("{member}edit/", {"trade": "factory", "name": "改了"}),
    ("{branch}act/", {"act": "rename", "rename-name": "改了", "rename-kind": "branch"}),
    ("{group}act/", {"act": "add", "name": "其其格"}),
]


@pytest.mark.parametrize("role", ["orgadmin", "liaison", "leader", "editor"])
@pytest.mark.parametrize(("path", "data"), ACTS)
def test_what_lies_elsewhere_cannot_be_changed(people, pages, batu, juriha, role, path, data):
    client = Client()
    client.force_login(people[role])
    where = {
        "member": pages["far"],
        "branch": pages["far_branch"],
        "group": pages["far_group"],
    }
    answer = client.post(path.format(**where), data)
    assert answer.status_code in (GONE, FORBIDDEN, DOOR)
    for row in (batu, juriha):
        name = row.name
        row.refresh_from_db()
        assert row.name == name
    assert not batu.ledger_changes.exists()


def test_a_liaison_writes_contact_details_and_nothing_else(people, qiqige, sign_in):
    client = sign_in(people["liaison"])
    address = f"/cms/members/{qiqige.public_id}/"
    shown = client.get(f"{address}edit/").content.decode()
    assert 'name="name"' not in shown
    client.post(f"{address}edit/", {"trade": "factory", "name": "改了", "shown": 0})
    qiqige.refresh_from_db()
    assert (qiqige.trade, qiqige.name) == ("factory", "其其格")
    assert client.post(f"{address}act/", {"act": "end"}).status_code == FORBIDDEN


@pytest.mark.parametrize("role", ["orgadmin", "liaison"])
def test_the_desk_opens_for_the_ledger_and_nothing_else(people, sign_in, role):
    client = sign_in(people[role])
    assert client.get("/cms/").headers["Location"] == "/cms/members/"
    page = make.a_lesson()
    for path in _other_pages(page):
        assert client.get(path).status_code == GONE, path
    for path in ("/api/cms/images/", "/api/cms/documents/"):
        headers = make.bearer(people[role])
        assert client.get(path, headers=headers).status_code in (401, 403), path


def _other_pages(page):
    """Every address of the desk without a place in it, and some with."""
    own = re.compile(
        r"cms/(members|branches|rosters|study-(groups|plans)|join-requests|ledger-reports"
        r"|account|logout|login|jsi18n|spri|api-tokens)"  # the last leads to one's own page
    )
    for route in _routes(get_resolver().url_patterns, ""):
        plain = route.replace("^", "").replace("$", "")
        open_to_them = own.match(plain) or plain in ("cms/", "cms/test404/", "cms/failwhale/")
        if plain.startswith("cms/") and not re.search(r"[<(\\]", plain) and not open_to_them:
            yield f"/{plain}"
    yield f"/cms/pages/{page.pk}/edit/"
    yield f"/cms/pages/{page.pk}/"


def _routes(patterns, before):
    for one in patterns:
        whole = f"{before}{one.pattern}"
        if hasattr(one, "url_patterns"):
            yield from _routes(one.url_patterns, whole)
        else:
            yield whole


def test_unpublished_files_stay_the_editors(people):
    for role in ("orgadmin", "liaison"):
        assert people[role].has_perm(access.DESK)
        assert not access.works_on_content(people[role])
    assert access.works_on_content(people["editor"])


@pytest.mark.parametrize("state", ["ended", "not_begun"])
def test_a_duty_that_is_over_or_to_come_opens_nothing(lubei, sign_in, state):
    duty = make.DutyFactory(orgadmin=True, branch=lubei, **{state: True})
    assert sign_in(duty.user).get("/cms/members/").status_code == DOOR


def test_who_moved_away_is_the_new_trees(people, juriha, lubei, sign_in):
    moved = make.a_member("萨仁")
    make.BranchMembershipFactory(member=moved, branch=lubei, ended=True)
    make.BranchMembershipFactory(member=moved, branch=juriha, starts_on=make.today())
    client = sign_in(people["orgadmin"])
    assert client.get(f"/cms/members/{moved.public_id}/").status_code == GONE


def test_a_host_is_kept_informed_and_changes_contact_details_alone(people, juriha, lubei, sign_in):
    guest = member_of(juriha, "萨仁")
    make.BranchMembershipFactory(member=guest, branch=lubei, host=True)
    client = sign_in(people["orgadmin"])
    address = f"/cms/members/{guest.public_id}/"
    assert client.get(address).status_code == OPEN
    assert client.post(f"{address}act/", {"act": "end"}).status_code == GONE


def test_the_ledger_shows_nobodys_study(people, pages, qiqige, batu, sign_in):
    """Nor does it differ by it."""
    client = sign_in(people["orgadmin"])
    names = ("list", "near", "near_edit", "near_alike", "tree", "near_branch", "near_group")
    before = {name: plain(client.get(pages[name])) for name in names}
    lesson = make.a_lesson(title="遵义会议")
    make.StudyPlanFactory(branch=make.Branch.objects.get(depth=1), lessons=[lesson])
    make.study(qiqige, lesson)
    after = {name: plain(client.get(pages[name])) for name in names}
    assert after == before
    words = "".join(after.values())
    for word in ("学完", "在学", "未开始", "%", "进度", "遵义会议", "data-status", "finished"):
        assert word not in words, word


def plain(answer):
    text = answer.content.decode()
    main = re.search(r"<main.*</main>", text, re.DOTALL)[0]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\d+ (毫)?秒|\d+%', "", main)


def test_lists_are_in_name_order(people, lubei, sign_in):
    for name in ("张三", "阿荣", "王五", "巴特尔"):
        member_of(lubei, name)
    text = plain(sign_in(people["orgadmin"]).get("/cms/members/"))
    found = re.findall(r'<a href="/cms/members/[0-9a-f-]{36}/">(.*?)</a>', text)
    assert found == ["阿荣", "巴特尔", "其其格", "王五", "张三"]


def test_a_look_at_somebodys_lines_is_told_to_them(people, pages, qiqige, sign_in):
    sign_in(people["orgadmin"]).get(pages["near"])
    view = RecordView.objects.get(member=qiqige)
    assert (view.viewer, view.page) == (people["orgadmin"], "台账资料")


class TestGroups:
    def test_nobody_of_the_department_leads_a_group(self, people, lubei, group, sign_in):
        own = member_of(lubei, "高娃", user=people["orgadmin"])
        address = f"/cms/study-groups/{group.public_id}/act/"
        data = {"act": "add", "member": own.public_id, "kind": "leader"}
        answer = sign_in(people["orgadmin"]).post(address, data)
        assert "组织部的账号不能带小组" in answer.content.decode()

    def test_a_leader_from_outside_the_tree_is_refused_in_words(self, people, batu, pages, sign_in):
        data = {"act": "add", "name": "巴图", "kind": "leader"}
        answer = sign_in(people["orgadmin"]).post(f"{pages['near_group']}act/", data)
        assert answer.status_code == 422
        assert "不在您的管理范围内" in answer.content.decode()

    def test_codes_stay_with_who_may_open_as_much(self, people, pages, qiqige, sign_in):
        data = {"act": "code", "member": qiqige.public_id}
        client = sign_in(people["orgadmin"])
        assert "给个人码" not in client.get(pages["near_group"]).content.decode()
        answer = client.post(f"{pages['near_group']}act/", data)
        assert "不能给这位同志个人码" in answer.content.decode()


def test_nobody_merges_their_own_entry(people, lubei, qiqige, sign_in):
    own = member_of(lubei, "高娃", user=people["orgadmin"])
    client = sign_in(people["orgadmin"])
    for kept, other in ((own, qiqige), (qiqige, own)):
        data = {"act": "merge", "merge-other": other.public_id, "shown": 10**9}
        answer = client.post(f"/cms/members/{kept.public_id}/act/", data)
        assert "自己的登记请上一级组织部合并" in answer.content.decode()
