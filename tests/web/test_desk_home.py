"""Each role finds at the desk what it works with: what waits for it, and the menu it uses."""

import json
import re
from pathlib import Path

import pytest
import wagtail.admin
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, Site, Workflow, WorkflowPage, WorkflowTask

from content import desk_panels
from studyhub.people import access
from tests import factories as make
from tests.channels.factories import AccountFactory, DeliveryFactory
from tests.web.factories import a_picture

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
OURS = [path for desk in ("wagtailadmin", "setup") for path in (TEMPLATES / desk).rglob("*.html")]


@pytest.fixture
def desk_of(sign_in):
    """The client of somebody new in this role."""

    def _desk_of(role):
        person = make.a_user(f"desk-{role}", role, is_staff=True)
        person.groups.add(Group.objects.get(name=role))
        return sign_in(person)

    return _desk_of


def first_page(client):
    return BeautifulSoup(client.get("/cms/").content, "html.parser")


def said_on(client):
    return " ".join(first_page(client).main.get_text().split())


@pytest.mark.parametrize("role", access.STAFF_GROUPS)
def test_where_nothing_waits_the_first_page_says_so(desk_of, role):
    make.a_lesson(title="翻雪山")
    said = said_on(desk_of(role))
    assert "现在没有等您处理的事" in said
    assert "翻雪山" in said  # what was published last


def test_who_may_write_is_shown_how_to_begin(desk_of):
    page = first_page(desk_of(access.EDITOR))
    assert page.find("a", string="写一课")["href"] == "/cms/pages/create/content/lessonpage"
    assert not first_page(desk_of(access.REVIEWER)).find("a", string="写一课")


def test_my_drafts_wait_for_me_and_for_nobody_else(desk_of):
    make.a_lesson(title="过草地", publish=False)
    mine = desk_of(access.EDITOR)
    draft = make.a_lesson(title="翻雪山", publish=False)
    draft.save_revision(user=mine.get("/cms/").wsgi_request.user)
    said = said_on(mine)
    assert "有 1 件事等您处理" in said
    assert "翻雪山" in said
    assert "过草地" not in said
    assert "翻雪山" not in said_on(desk_of(access.PUBLISHER))


def test_what_is_in_review_waits_for_its_reviewers_and_is_no_draft_any_more(desk_of):
    writer, reviewer = desk_of(access.EDITOR), desk_of(access.REVIEWER)
    draft = make.a_lesson(title="翻雪山", publish=False)
    person = writer.get("/cms/").wsgi_request.user
    draft.save_revision(user=person)
    reviews_of(Group.objects.get(name=access.REVIEWER)).start(draft, person)
    assert "有 1 件事等您处理" in said_on(reviewer)
    assert "现在没有等您处理的事" in said_on(writer)
    assert "您送审的页面" in said_on(writer)


def reviews_of(group):
    task = GroupApprovalTask.objects.create(name="初审")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="三审三校")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.update_or_create(
        page=Site.objects.get().root_page, defaults={"workflow": workflow}
    )
    return workflow


@pytest.mark.parametrize("trait", ["waiting", "needs_auth", "rejected", "failed"])
def test_a_delivery_that_needs_a_person_waits_for_the_publisher(desk_of, trait):
    DeliveryFactory(**{trait: True}, lesson_title="长征出发")
    assert "长征出发" in said_on(desk_of(access.PUBLISHER))
    assert "长征出发" not in said_on(desk_of(access.EDITOR))


@pytest.mark.parametrize("trait", ["in_review", "published", "cancelled", "unknown"])
def test_one_that_goes_on_by_itself_does_not(desk_of, trait):
    DeliveryFactory(**{trait: True}, lesson_title="长征出发")
    assert "长征出发" not in said_on(desk_of(access.PUBLISHER))


def test_nor_one_that_a_newer_has_taken_the_place_of(desk_of):
    old = DeliveryFactory(rejected=True, lesson_title="长征出发")
    DeliveryFactory(published=True, lesson_key=old.lesson_key, revision=2)
    assert "长征出发" not in said_on(desk_of(access.PUBLISHER))


def test_editors_keep_files_and_reviewers_look_at_them(desk_of):
    a_picture()
    editor, reviewer = desk_of(access.EDITOR), desk_of(access.REVIEWER)
    for path in ("/cms/images/", "/cms/documents/", "/cms/media/", "/cms/images/add/"):
        assert editor.get(path).status_code == 200, path
        assert reviewer.get(path).status_code == 302, path
    assert "山口" in reviewer.get("/cms/images/chooser/").json()["html"]


def test_nobody_is_shown_another_makers_mark_or_news(desk_of):
    AccountFactory()
    page = desk_of(access.PUBLISHER).get("/cms/").content.decode()
    assert "web/icon.svg" in page
    for foreign in ("guide.wagtail.org", "releases", "wagtailadmin/images/favicon"):
        assert foreign not in page


def test_who_looks_after_the_system_reads_no_version_of_wagtail_either(sign_in):
    admin = sign_in(make.a_user("admin", is_superuser=True, is_staff=True))
    assert "Wagtail v" not in admin.get("/cms/").content.decode()


def test_the_menu_calls_people_by_their_name(sign_in):
    page = first_page(sign_in(make.a_user("admin", "乌云", is_superuser=True, is_staff=True)))
    (_, _, menu) = json.loads(page.find(id="wagtail-sidebar-props").string)["modules"]
    assert menu["_args"][-1]["name"] == "乌云"


@pytest.mark.once
def test_our_screens_use_no_look_that_wagtail_does_not_ship():
    """A class without a rule does nothing: on a phone the page's words stood at its edge."""
    sheet = Path(wagtail.admin.__file__).parent / "static/wagtailadmin/css/core.css"
    known = set(re.findall(r"\.((?:[\w-]|\\.)+)", sheet.read_text("utf-8")))
    known = {name.replace("\\", "") for name in known}
    used = set()
    for template in OURS:
        for names in re.findall(r'class="([^"{]*)"', template.read_text("utf-8")):
            used |= {name for name in names.split() if re.match(r"(\w+:)?w-", name)}
    assert "w-px-6" in used
    assert used <= known


def test_an_unknown_address_of_the_desk_leads_back_to_it(desk_of):
    answer = desk_of(access.EDITOR).get("/cms/gibt-es-nicht/")
    assert answer.status_code == 404
    assert "回到后台首页" in answer.content.decode()


def test_signing_in_is_the_same_everywhere(client):
    assert client.get("/cms/login/?next=/cms/images/").url == "/login/?next=/cms/images/"


PANELS = ("等我审", "我的草稿", "退回给我的", "今天和本周要发", "过期渠道", "缺来源的图片")
EVERY = (access.EDITOR, access.PUBLISHER, "初审")


def test_every_list_of_the_first_page_speaks_where_it_is_empty(sign_in):
    person = make.a_user("all", is_staff=True)
    person.groups.add(*Group.objects.filter(name__in=EVERY))
    page = first_page(sign_in(person)).main
    for name in (*PANELS, "紧急更正还没有补审"):
        [heading] = page.find_all("h2", string=name)
        assert heading.find_next_sibling("p").get_text().strip(), name
    assert "现在没有等您处理的事" in page.get_text()


def test_a_list_counts_shows_five_and_leads_to_the_rest(desk_of):
    mine = desk_of(access.EDITOR)
    person = mine.get("/cms/").wsgi_request.user
    for number in range(7):
        make.a_lesson(title=f"第{number}稿", publish=False).save_revision(user=person)
    said = said_on(mine)
    assert "我的草稿（7）" in said
    assert sum(f"第{number}稿" in said for number in range(7)) == 5
    assert "另外还有 2 件" in said


def test_the_first_page_costs_the_same_however_much_waits(desk_of, django_assert_max_num_queries):
    mine = desk_of(access.PUBLISHER)
    person = mine.get("/cms/").wsgi_request.user
    for number in range(8):
        page = make.a_lesson(title=f"第{number}课")
        page.title += "（改）"
        page.save_revision(user=person)
        DeliveryFactory(rejected=True, lesson_key=page.translation_key)
    with django_assert_max_num_queries(46):
        said = said_on(mine)
    assert "我的草稿（8）" in said


def test_an_app_adds_a_list_in_one_line(desk_of, monkeypatch):
    monkeypatch.setattr(desk_panels, "PANELS", [])

    class Extra(desk_panels.DeskPanel):
        name, heading, empty = "extra", "待复核题目", "没有要复核的题目。"

        def _find(self, user):
            return desk_panels.all_of([desk_panels.Line("一道题", "/cms/", "改过正文")])

    desk_panels.add_panel(Extra)
    monkeypatch.setattr("content.wagtail_hooks.PANELS", desk_panels.PANELS)
    said = said_on(desk_of(access.EDITOR))
    assert "待复核题目（1）" in said
    assert "有 1 件事等您处理" in said
