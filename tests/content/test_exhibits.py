"""Exhibits of a heritage site: what goes together, what keeps a site from readers, its words."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlockValidationError

from content.blocks import ExhibitBodyBlock
from content.document import document_of
from content.exhibits import exhibits_of
from content.lesson_files import load_site_draft
from content.models import HeritageSitePage, PageProblem
from content.models.oral_histories import recordings_in
from content.proof_reading import ensure_rules, finds_of
from content.starter_lessons import SITE_TEMPLATE
from content.units import units_of
from content.walks import drawn_stops
from tests import factories as make
from tests.content import site_material as sites
from tests.web.factories import a_picture, a_sound

pytestmark = pytest.mark.django_db
BODY = ExhibitBodyBlock()


def problems(*blocks):
    with pytest.raises(StreamBlockValidationError) as found:
        BODY.clean(BODY.to_python([*blocks]))
    return str(found.value.as_json_data())


def test_a_filled_in_exhibit_is_taken():
    BODY.clean(BODY.to_python([sites.an_exhibit(), sites.an_exhibit("PTS-02")]))


@pytest.mark.parametrize("code", ["pts-01", "PTS 01", "-1", "1-", "编号1", "A/B", "ABCDEFGHIJKLM"])
def test_a_code_can_stand_in_an_address(code):
    assert problems(sites.an_exhibit(code))


def test_two_exhibits_do_not_share_a_code():
    assert "编号都是 PTS-01" in problems(sites.an_exhibit(), sites.an_exhibit())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"image": "picture"}, "画面说明"),
        ({"media": "sound"}, "文字稿"),
        ({"question": "", "answer": "一个"}, "“找一找”的问题"),
        ({"rights": "unclear"}, "权利还没有弄清"),
    ],
)
def test_what_belongs_together_is_asked_for(fields, said):
    files = {"picture": lambda: a_picture().pk, "sound": lambda: a_sound().pk}
    made = {name: files[v]() if v in files else v for name, v in fields.items()}
    assert said in problems(sites.an_exhibit(**made))


@pytest.mark.parametrize(
    ("block", "said"),
    [(sites.to_verify(), "待核实"), (sites.an_exhibit("PTS-09", rights="unclear"), "权利")],
    ids=["to verify", "unclear rights"],
)
def test_a_site_with_something_open_is_saved_and_never_goes_live(block, said):
    page = sites.a_site(block, publish=False)
    page.save_revision()
    for publish in (lambda: sites.again(page).get_latest_revision().publish(), lambda: _live(page)):
        with pytest.raises(ValidationError, match=said):
            publish()
    assert not HeritageSitePage.objects.live().exists()


def _live(page):
    page = sites.again(page)
    page.live = True
    page.save()


def test_everything_an_exhibit_says_is_signed():
    page = sites.a_site(sites.an_exhibit(image=a_picture().pk, alt="一盏灯"), publish=False)
    unit = next(one for one in units_of(page) if one.title == "马灯")
    wanted = ["PTS-01", "1947年", sites.NARRATION, "几个提手", "一个提手", "档案12号", "旗博物馆"]
    wanted += [
        "可以公开",
        "轮椅能到",
        "大约 3 分钟",
        "约 60 米，有台阶，出门左转",
        "长椅",
        "一盏灯",
    ]
    assert [one for one in wanted if one not in unit.text] == []
    assert unit.images


@pytest.mark.parametrize(
    "fields",
    [{"code": "X1"}, {"way": "flat"}, {"metres": 61}, {"rights": "free"}, {"answer": "两个"}],
)
def test_another_word_of_it_is_another_unit(fields):
    page = sites.a_site(publish=False)
    before = {unit.id: unit.hash for unit in units_of(page)}
    after = {unit.id: unit.hash for unit in units_of(sites.changed(page, 1, **fields))}
    assert [key for key in before if before[key] != after[key]] == [str(page.body[1].id)]


def test_the_order_of_the_route_is_a_unit_of_its_own():
    page = sites.a_site(publish=False)
    before = {unit.id: unit.hash for unit in units_of(page)}
    body = [page.body.raw_data[n] for n in (0, 2, 1)]
    page.body = page.body.stream_block.to_python(list(body))
    after = {unit.id: unit.hash for unit in units_of(page)}
    assert [key for key in before if before[key] != after[key]] == ["order"]
    assert [one.code for one in exhibits_of(page.body)] == ["PTS-02", "PTS-01"]
    assert units_of(page)[-1].text == "小节、展品 PTS-02、展品 PTS-01"


def test_a_recording_of_an_exhibit_needs_its_tellers_consent():
    sound = a_sound()
    page = sites.a_site(sites.an_exhibit(media=sound.pk, transcript="从前"), publish=False)
    assert recordings_in(page.body) == [sound.pk]


def test_a_broken_file_of_an_exhibit_is_told_to_its_editor():
    picture = a_picture()
    page = sites.a_site(sites.an_exhibit(image=picture.pk, alt="灯"), publish=False)
    for one in (picture, *picture.renditions.all()):
        one.file.storage.delete(one.file.name)
    sites.publish_site(page)
    problem = PageProblem.objects.get(page_id=page.pk, kind=PageProblem.Kind.FILE)
    assert "图片或录音" in problem.detail


@pytest.mark.parametrize(
    ("words", "said"),
    [("太短。", "讲解词有 3 字"), ("长" * 101, "讲解词有 101 字"), (sites.NARRATION, "")],
)
def test_how_long_a_narration_is_is_advice(words, said):
    ensure_rules()
    page = sites.a_site(sites.an_exhibit(narration=words), publish=False)
    finds = [one for one in finds_of(page) if one.rule == "narration_length"]
    assert [one.blocks for one in finds] == ([False] if said else [])
    assert said in "".join(one.suggestion for one in finds)


def test_the_drawing_says_each_way_in_words():
    stops = drawn_stops(exhibits_of(sites.a_site(publish=False).body))
    assert [(one.number, one.name, one.kind) for one in stops] == [
        (1, "马灯", "steps"),
        (2, "石碾", "flat"),
    ]
    assert stops[0].way == "约 60 米，有台阶，可以坐"


def test_an_unfinished_draft_says_what_it_has():
    raw = {"type": "exhibit", "id": "", "value": {"name": "没写完"}}
    [told] = document_of(BODY.to_python([{**raw, "id": sites.an_exhibit()["id"]}])).elements
    assert told.title == "没写完"


def test_the_template_of_a_site_is_a_draft_that_no_way_puts_before_readers():
    tree, editor = make.a_tree(), make.a_user("editor")
    assert load_site_draft(tree, SITE_TEMPLATE, editor)
    assert not load_site_draft(tree, SITE_TEMPLATE, editor)  # what is there, people may have filled
    page = HeritageSitePage.objects.get(slug="jurihe")
    assert "样板，内容待核实" in page.title
    assert {"section", "exhibit", "to_verify"} <= {child.block_type for child in page.body}
    with pytest.raises(ValidationError, match="6 处“待核实”"):
        page.get_latest_revision().publish()
    assert not HeritageSitePage.objects.live().exists()
