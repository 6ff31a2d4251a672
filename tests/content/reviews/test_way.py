"""A lesson's way through three levels: what is signed, by whom, what opens again."""

import pytest

from content.models import LessonRevision, SignOff, UnitAuthor
from content.models.reviews import unsigned_of
from content.reviews import pieces, urgent
from content.reviews.screen import Screen
from content.units import certificate_of, hashes_of, units_of
from studyhub.core.errors import Conflict
from tests import factories as make
from tests.content.reviews import pieces as way

pytestmark = pytest.mark.django_db


def test_three_people_sign_and_then_it_may_be_published(desk):
    page = way.a_draft(desk["editor"])
    count = len(unsigned_of(page))
    page = way.pass_all(page, desk)
    assert way.reviewed().count() == 3 * count
    assert unsigned_of(page.get_latest_revision_as_object()) == []
    assert not page.live  # approval does not publish
    assert [one.pk for one in pieces.signed_and_waiting()] == [page.pk]
    assert way.publish(page).live


@pytest.mark.parametrize("signed", [0, 1, 2])
def test_what_lacks_a_level_is_not_published(desk, signed):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    for name in way.REVIEWERS[:signed]:
        way.sign(page, desk[name])
    with pytest.raises(Conflict, match="没有审完"):
        way.publish(page)
    assert not way.again(page).live


def test_an_edit_opens_what_was_edited_and_nothing_else_on_every_level(desk):
    page = way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))
    way.edit(page, desk["editor"], way.reword(1, "第二节改"))
    way.submit(page, desk["editor"])
    for name in way.REVIEWERS:
        assert way.opened(page) == ["第二节改"]
        way.sign(page, desk[name])
    assert way.publish(page).live
    assert way.again(page).body[1].value["heading"] == "第二节改"


def test_what_is_saved_without_a_change_passes_through(desk):
    page = way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))
    way.edit(page, desk["editor"], lambda draft: None)
    assert unsigned_of(way.again(page).get_latest_revision_as_object()) == []
    way.submit(page, desk["editor"])
    assert way.level_of(page) == 0


def test_what_the_last_level_rewrites_goes_back_to_the_first(desk):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    way.sign(page, desk["first"])
    way.sign(page, desk["second"])
    way.edit(page, desk["last"], way.reword(0, "第一节改"))
    assert "第一节改" not in way.opened(page)  # nobody signs before those below
    way.look_again(page)
    way.sign(page, desk["last"], seen=_seen(page))
    assert (way.level_of(page), way.opened(page)) == (1, ["第一节改"])


@pytest.mark.parametrize("change", [{"draw": 2}, {"shuffle": True}])
def test_drawing_and_shuffling_are_signed_too(desk, change):
    page = way.pass_all(way.a_draft(desk["editor"]), desk)

    def draw(draft):
        draft.body[-1].value.update(change)

    way.edit(page, desk["editor"], draw)
    assert [unit.title for unit in unsigned_of(_draft(page))] == ["自测"]


def test_so_is_an_order_that_stays(desk):
    page = way.pass_all(way.a_draft(desk["editor"]), desk)

    def fix(draft):
        draft.body[-1].value["questions"][0]["fixed_order"] = True

    way.edit(page, desk["editor"], fix)
    assert len(unsigned_of(_draft(page))) == 1


def _draft(page):
    return way.again(page).get_latest_revision_as_object()


def _seen(page):
    return hashes_of(units_of(way.again(page).get_latest_revision_as_object()))


def test_nobody_signs_on_two_levels_of_one_piece(desk):
    for name in ("second", "last"):
        desk["first"].groups.add(*desk[name].groups.all())
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    way.sign(page, desk["first"])
    with pytest.raises(Conflict, match="一个人不能审两级"):
        way.sign(page, desk["first"])
    assert way.level_of(page) == 2


def test_nobody_signs_what_they_wrote(desk):
    desk["editor"].groups.add(*desk["first"].groups.all())
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    with pytest.raises(Conflict, match="自己写的不能自己审"):
        way.sign(page, desk["editor"])


def test_who_wrote_one_unit_last_is_its_author_not_who_wrote_another(desk):
    page = way.a_draft(desk["editor"])
    way.edit(page, desk["second"], way.reword(2, "选读改"))
    way.submit(page, desk["editor"])
    way.sign(page, desk["first"])
    with pytest.raises(Conflict, match="选读改"):
        way.sign(page, desk["second"])


def test_an_administrator_signs_nothing_by_right(desk):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    assert way.task_of(page).get_actions(page, desk["boss"]) == []


def test_what_was_rewritten_since_is_not_signed_unseen(desk):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    seen = _seen(page)
    way.edit(page, desk["first"], way.reword(0, "第一节改"))
    other = _another(desk)
    for given in ({"seen": seen}, {}):
        with pytest.raises(Conflict, match="送审后又改过"):
            way.sign(page, other, **given)
    assert not way.reviewed().exists()


def _another(desk, name="other"):
    """Somebody else of the first level."""
    person = make.a_user(f"rv-{name}", name, is_staff=True)
    person.groups.add(*desk["first"].groups.all())
    return person


def test_a_return_says_why_and_loses_no_signature(desk):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    way.sign(page, desk["first"])
    signed = way.reviewed().count()
    for nothing in (" ", "\u200b"):
        with pytest.raises(Conflict, match="请写明退回的理由"):
            way.send_back(page, desk["second"], nothing)
    way.send_back(page, desk["second"])
    assert pieces.returned_to(desk["editor"]) == [(page, "第一节的日子不对")]
    way.submit(page, desk["editor"])
    assert (way.level_of(page), way.reviewed().count()) == (2, signed)


def test_a_signature_stays_when_its_account_goes(desk):
    page = way.pass_all(way.a_draft(desk["editor"]), desk)
    desk["last"].delete()
    assert SignOff.objects.filter(level=3).first().name == "last"
    assert unsigned_of(page) == []


def test_what_was_live_before_there_were_reviews_is_so_marked_once(desk, settings):
    from content.reviews.workflow import sign_what_was_live

    settings.REVIEW_LEVELS = 0
    page = make.a_lesson()
    settings.REVIEW_LEVELS = 3
    assert unsigned_of(page)
    sign_what_was_live()
    assert unsigned_of(page) == []
    rows = SignOff.objects.filter(lesson_key=page.translation_key)
    assert {one.office for one in rows} == {"上线前已发布"}
    settings.REVIEW_LEVELS = 0
    later = make.a_lesson()
    settings.REVIEW_LEVELS = 3
    sign_what_was_live()
    assert unsigned_of(later)


def test_authors_are_those_who_changed_it_not_who_saved_it(desk, settings):
    settings.REVIEW_LEVELS = 0
    page = make.a_lesson()
    settings.REVIEW_LEVELS = 3
    way.edit(page, desk["editor"], way.reword(1, "第二节改"))
    own = UnitAuthor.objects.filter(person=desk["editor"])
    assert [one.unit for one in own] == [str(page.body[1].id)]


@pytest.mark.parametrize("levels", [1, 2])
def test_a_county_with_few_people_has_fewer_levels(desk, settings, levels):
    settings.REVIEW_LEVELS = levels
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    for name in way.REVIEWERS[:levels]:
        way.sign(page, desk[name])
    assert way.publish(page).live


def test_who_presses_second_moves_nothing(desk):
    """Both had the page open: the piece goes one level on, not two."""
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    both = [way.again(page).current_workflow_task_state for _ in range(2)]
    both[0].task.specific.on_action(both[0], desk["first"], "approve")
    for act in ("approve", "reject"):
        with pytest.raises(Conflict, match="别人已经处理过了"):
            both[1].task.specific.on_action(both[1], _another(desk, act), act, comment="x")
    assert way.level_of(page) == 2


# 改了什么 --------------------------------------------------------------------------------------
TOLD = "这次改了什么"


def a_correction(desk, note="会议结束的日子写错了。", **fields):
    page = way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))
    return say(page, desk["editor"], note, heading="第二节改", **fields)


def say(page, person, note, heading="", kind="fact"):
    def change(draft):
        draft.change_kind, draft.change_note = kind, note
        if heading:
            draft.body[1].value["heading"] = heading

    return way.edit(page, person, change)


def all_sign(page, desk):
    way.submit(page, desk["editor"])
    for name in way.REVIEWERS:
        way.look_again(page)
        way.sign(page, desk[name])


def test_what_readers_are_told_of_a_change_is_signed_on_every_level(desk):
    page = a_correction(desk)
    way.submit(page, desk["editor"])
    for name in way.REVIEWERS:
        assert way.opened(page) == ["第二节改", TOLD]
        way.look_again(page)
        way.sign(page, desk[name])
    way.publish(page)
    assert LessonRevision.objects.latest("revision").note == "会议结束的日子写错了。"


def test_a_publisher_words_no_note_that_nobody_has_signed(desk):
    page = a_correction(desk)
    all_sign(page, desk)
    say(page, desk["publisher"], "另一句话。")
    with pytest.raises(Conflict, match=TOLD):
        way.publish(page)


def test_a_change_is_raised_late_by_signatures_alone(desk):
    page = way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))
    say(page, desk["publisher"], "其实很要紧。", kind="important")
    with pytest.raises(Conflict, match=TOLD):
        way.publish(page)
    assert LessonRevision.objects.get().change == "first"


def test_the_same_sentence_about_another_change_is_signed_anew(desk):
    page = a_correction(desk)
    all_sign(page, desk)
    way.publish(page)
    say(page, desk["editor"], "会议结束的日子写错了。", heading="第二节又改")
    assert [unit.title for unit in unsigned_of(_draft(page))] == ["第二节又改", TOLD]
    [told] = [one for one in Screen(way.again(page), 1).opened if one.unit.title == TOLD]
    assert told.is_new


def _draft(page):
    return way.again(page).get_latest_revision_as_object()


def test_an_urgent_correction_owes_reviews_of_its_text_and_none_of_its_note(desk):
    page = a_correction(desk)
    correction = urgent.publish_urgently(way.again(page), desk["last"], "明天就要讲")
    assert list(correction.units) == [str(page.body[1].id)]
    assert SignOff.objects.get(unit="change").person == desk["last"]
    for reviewer in (desk["first"], desk["second"], _third(desk)):
        way.look_again(page)
        way.sign(page, reviewer)
    assert urgent.owed() == []


def _third(desk):
    person = make.a_user("rv-third", "third", is_staff=True)
    person.groups.add(*desk["last"].groups.all())
    return person


def test_the_number_of_a_review_is_the_same_before_and_after_its_publication(desk):
    page = a_correction(desk)
    before = certificate_of(units_of(_draft(page)))
    all_sign(page, desk)
    assert certificate_of(units_of(way.publish(page))) == before
