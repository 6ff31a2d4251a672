"""A twin is saved, signed by two who did not write it, and shown while its signatures hold."""

import pytest

from content.models import BlockTwin, LessonPage, LessonRevision
from content.reviews.verification import differences
from content.reviews.workflow import sign_what_was_live
from content.twins import lists, saving
from content.twins.saving import withdraw_twin
from content.twins.screen import rows_of
from studyhub.core.errors import Conflict, Invalid, NotFound
from tests import factories as make
from tests.content.twins import way

pytestmark = pytest.mark.django_db


def test_nobody_reads_what_is_not_signed(desk, lesson):
    way.save(lesson, desk["saran"])
    assert way.shown(lesson) == {}
    way.sign(lesson, desk["bayar"])
    assert way.shown(lesson) == {}
    way.sign(lesson, desk["tuya"])
    assert [one.heading for one in way.shown(lesson).values()] == [way.WORD]


def test_how_many_sign_is_a_setting_and_a_draft_keeps_what_it_began_with(desk, lesson, settings):
    way.save(lesson, desk["saran"])
    settings.TWIN_LEVELS = 1
    way.sign(lesson, desk["bayar"])
    assert way.shown(lesson) == {}
    other = way.block(lesson, 2)
    way.save(lesson, desk["saran"], other)
    way.sign(lesson, desk["bayar"], other)
    assert list(way.shown(lesson)) == [other]


def test_nobody_signs_what_they_wrote_or_signed(desk, lesson):
    way.save(lesson, desk["saran"])
    with pytest.raises(Conflict, match="自己不能签"):
        way.sign(lesson, desk["saran"])
    way.sign(lesson, desk["bayar"])
    with pytest.raises(Conflict, match="已经签过"):
        way.sign(lesson, desk["bayar"])


def test_whoever_changed_a_draft_has_written_it_too(desk, lesson):
    way.save(lesson, desk["saran"])
    way.save(lesson, desk["bayar"], text=way.MORE)
    for name in ("saran", "bayar"):
        with pytest.raises(Conflict, match="自己不能签"):
            way.sign(lesson, desk[name])


@pytest.mark.parametrize("taken_off", [False, True])
def test_nobody_signs_their_words_because_a_colleague_added_a_letter(taken_off, desk, lesson):
    way.signed(lesson, desk)
    if taken_off:
        withdraw_twin(way.again(lesson), way.block(lesson))
    way.save(lesson, desk["bayar"], text=f"{way.WORD}\u1820")
    with pytest.raises(Conflict, match="自己不能签"):
        way.sign(lesson, desk["saran"])
    way.sign(lesson, desk["tuya"])


def test_who_wrote_it_first_is_known_however_often_it_was_signed_anew(desk, lesson, settings):
    settings.TWIN_LEVELS = 1
    for writer, signer in (("saran", "bayar"), ("bayar", "tuya")):
        way.save(lesson, desk[writer], text=f"{way.WORD} {way.MORE if writer == 'bayar' else ''}")
        way.sign(lesson, desk[signer])
    way.save(lesson, desk["tuya"], text=way.MORE)
    for name in ("saran", "bayar", "tuya"):
        with pytest.raises(Conflict, match="自己不能签"):
            way.sign(lesson, desk[name])


def test_another_wording_needs_its_own_signatures(desk, lesson):
    way.save(lesson, desk["saran"])
    way.sign(lesson, desk["bayar"])
    way.save(lesson, desk["saran"], text=way.MORE)
    way.sign(lesson, desk["tuya"])
    assert way.shown(lesson) == {}
    way.sign(lesson, desk["bayar"])
    assert way.shown(lesson)[way.block(lesson)].paragraphs == (way.MORE,)


def test_readers_keep_the_signed_wording_while_the_next_is_written(desk, lesson):
    way.signed(lesson, desk)
    way.save(lesson, desk["saran"], text=way.MORE)
    assert way.shown(lesson)[way.block(lesson)].paragraphs == (way.WORD,)
    way.sign(lesson, desk["bayar"])
    way.sign(lesson, desk["tuya"])
    assert way.shown(lesson)[way.block(lesson)].paragraphs == (way.MORE,)
    states = BlockTwin.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["replaced", "signed"]


def test_words_changed_behind_their_signatures_are_not_shown(desk, lesson):
    twin = way.signed(lesson, desk)
    BlockTwin.objects.filter(pk=twin.pk).update(fields={"heading": "", "text": way.MORE})
    assert way.shown(lesson) == {}


def test_a_state_without_signatures_shows_nothing(desk, lesson):
    twin = way.save(lesson, desk["saran"])
    BlockTwin.objects.filter(pk=twin.pk).update(state=BlockTwin.State.SIGNED)
    assert way.shown(lesson) == {}


def test_what_was_withdrawn_comes_back_only_with_new_signatures(desk, lesson):
    way.signed(lesson, desk)
    withdraw_twin(way.again(lesson), way.block(lesson))
    assert way.shown(lesson) == {}
    way.save(lesson, desk["saran"])
    assert way.shown(lesson) == {}
    way.sign(lesson, desk["bayar"])
    assert way.shown(lesson) == {}


# Nobody left to sign --------------------------------------------------------------------------
def all_wrote(lesson, desk):
    for number, name in enumerate(("saran", "bayar", "tuya"), start=1):
        way.save(lesson, desk[name], text=" ".join([way.WORD] * number))


def row_for(lesson, person):
    return rows_of(way.again(lesson), person)[1]


def take_back(lesson, person):
    token = way.drafts().get().token
    saving.take_back(way.again(lesson), way.block(lesson), person, token=token)


def test_where_all_three_have_written_the_screen_says_how_to_get_out(desk, lesson):
    all_wrote(lesson, desk)
    said = row_for(lesson, desk["saran"]).who_may_sign
    assert "卡住了" in said
    assert "没有人能签" in said
    assert "由最后写的tuya按“撤回我写的”" in said
    assert lists.stuck_blocks() == {lesson.translation_key: 1}


def test_who_takes_back_what_they_wrote_may_sign_what_stood_before(desk, lesson):
    all_wrote(lesson, desk)
    for name in ("tuya", "bayar"):
        with pytest.raises(Conflict, match=r"最后写这一段的是.*只有本人"):
            take_back(lesson, desk["saran"])
        take_back(lesson, desk[name])
    assert way.drafts().get().fields["text"] == way.WORD
    assert row_for(lesson, desk["saran"]).who_may_sign == "还要 2 人签，能签的有：bayar、tuya。"
    way.sign(lesson, desk["bayar"])
    way.sign(lesson, desk["tuya"])
    assert way.shown(lesson)[way.block(lesson)].paragraphs == (way.WORD,)
    assert lists.stuck_blocks() == {}


def test_who_wrote_earlier_as_well_has_written_it_still(desk, lesson):
    for name in ("saran", "bayar", "saran"):
        text = f"{way.WORD} {way.drafts().count()}{name}"
        way.save(lesson, desk[name], text=text)
    take_back(lesson, desk["saran"])
    take_back(lesson, desk["bayar"])
    with pytest.raises(Conflict, match="自己不能签"):
        way.sign(lesson, desk["saran"])
    way.sign(lesson, desk["bayar"])


def test_a_draft_taken_back_whole_leaves_what_readers_see_and_its_writer_free(desk, lesson):
    way.signed(lesson, desk)
    way.save(lesson, desk["bayar"], text=way.MORE)
    assert "能签的只有：tuya" in row_for(lesson, desk["tuya"]).who_may_sign
    take_back(lesson, desk["bayar"])
    assert not way.drafts().exists()
    assert way.shown(lesson)[way.block(lesson)].paragraphs == (way.WORD,)
    way.save(lesson, desk["saran"], text=way.MORE)
    assert row_for(lesson, desk["saran"]).who_may_sign == "还要 2 人签，能签的有：bayar、tuya。"


def test_a_fourth_translator_is_a_way_out_too(desk, lesson):
    all_wrote(lesson, desk)
    for name in ("fourth", "fifth"):
        person = make.a_user(name, is_staff=True)
        person.groups.add(*desk["saran"].groups.all())
        way.sign(lesson, person)
    assert way.shown(lesson)


def test_what_was_saved_since_it_was_on_the_screen_is_not_taken_back(desk, lesson):
    way.save(lesson, desk["saran"])
    with pytest.raises(Conflict, match="没有撤回"):
        saving.take_back(way.again(lesson), way.block(lesson), desk["saran"], token="0")


def test_who_wrote_before_and_is_gone_is_no_hindrance(desk, lesson):
    way.save(lesson, desk["saran"])
    way.save(lesson, desk["bayar"], text=way.MORE)
    desk["saran"].delete()
    take_back(lesson, desk["bayar"])
    assert (way.drafts().get().name, way.drafts().get().translator) == ("saran", None)


def test_only_so_many_turns_are_kept(desk, lesson):
    for turn in range(9):
        way.save(lesson, desk[("saran", "bayar")[turn % 2]], text=f"{way.WORD} {turn}")
    depth, before = 0, way.drafts().get().before
    while before:
        depth, before = depth + 1, before["before"]
    assert depth == 5


# Lost updates ---------------------------------------------------------------------------------
def test_what_a_colleague_saved_meanwhile_is_not_overwritten(desk, lesson):
    way.save(lesson, desk["saran"])
    with pytest.raises(Conflict, match=r"saran在.*没有覆盖"):
        way.save(lesson, desk["bayar"], text=way.MORE, token="0")
    assert way.drafts().get().fields["text"] == way.WORD


def test_nor_where_a_colleagues_draft_was_signed_meanwhile(desk, lesson):
    token = way.save(lesson, desk["saran"]).token
    way.save(lesson, desk["saran"], text=way.MORE)
    way.sign(lesson, desk["bayar"])
    way.sign(lesson, desk["tuya"])
    with pytest.raises(Conflict, match="没有覆盖"):
        way.save(lesson, desk["bayar"], token=token)


def test_what_was_changed_since_it_was_on_the_screen_is_not_signed(desk, lesson):
    seen = way.save(lesson, desk["saran"]).unit.hash
    way.save(lesson, desk["saran"], text=way.MORE)
    with pytest.raises(Conflict, match="又改过"):
        way.sign(lesson, desk["bayar"], seen=seen)


def test_a_translation_of_chinese_that_changed_meanwhile_is_not_saved(desk, lesson):
    before = way.hash_of(lesson, way.block(lesson))
    way.reword(lesson)
    with pytest.raises(Conflict, match="中文改了"):
        way.save(lesson, desk["saran"], source_hash=before)


def test_saving_without_a_change_changes_nothing(desk, lesson):
    twin = way.save(lesson, desk["saran"])
    assert way.save(lesson, desk["bayar"]).token == twin.token
    way.sign(lesson, desk["bayar"])
    way.sign(lesson, desk["tuya"])
    way.save(lesson, desk["bayar"])
    assert not way.drafts().exists()


# Freshness ------------------------------------------------------------------------------------
def test_one_chinese_edit_marks_exactly_one_block_and_makes_no_second_lesson(desk, lesson):
    for number in range(4):
        way.signed(lesson, desk, way.block(lesson, number))
    before = LessonPage.objects.count()
    way.reword(lesson)
    assert [one.is_stale for one in way.shown(lesson).values()] == [False, True, False, False]
    assert BlockTwin.objects.stale().get().block_id == way.block(lesson)
    assert LessonPage.objects.count() == before
    assert LessonRevision.objects.of(lesson.translation_key).count() == 2


def test_a_draft_that_nobody_published_marks_nothing(desk, lesson):
    way.signed(lesson, desk)
    page = way.again(lesson)
    page.body[0].value["heading"] = "第一章"
    page.save_revision()
    assert not BlockTwin.objects.stale().exists()
    assert not way.shown(lesson)[way.block(lesson)].is_stale


def test_what_is_behind_stays_readable_and_is_not_signed_before_it_caught_up(desk, lesson):
    way.signed(lesson, desk)
    way.save(lesson, desk["saran"], text=way.MORE)
    way.reword(lesson)
    assert way.shown(lesson)[way.block(lesson)].paragraphs == (way.WORD,)
    with pytest.raises(Conflict, match="还没有跟上"):
        way.sign(lesson, desk["bayar"])


def test_a_signature_is_of_these_words_for_this_chinese(desk, lesson):
    way.save(lesson, desk["saran"])
    way.sign(lesson, desk["bayar"])
    way.reword(lesson)
    way.save(lesson, desk["saran"])
    way.sign(lesson, desk["tuya"])
    assert way.shown(lesson) == {}


def test_words_that_still_fit_are_saved_again_and_signed_again(desk, lesson):
    way.signed(lesson, desk)
    way.reword(lesson)
    way.signed(lesson, desk)
    assert not way.shown(lesson)[way.block(lesson)].is_stale
    assert not BlockTwin.objects.stale().exists()


def test_a_correction_taken_back_makes_the_twin_right_again(desk, lesson):
    way.signed(lesson, desk)
    way.reword(lesson)
    way.reword(lesson, heading="第一节")
    assert not BlockTwin.objects.stale().exists()


def test_a_block_that_is_gone_takes_its_twin_with_it(desk, lesson):
    way.signed(lesson, desk)
    page = way.again(lesson)
    block_id = way.block(lesson)
    del page.body[-1], page.body[0]  # with what is asked about it
    page.save_revision().publish()
    assert way.shown(lesson) == {}
    assert not BlockTwin.objects.stale().exists()
    with pytest.raises(NotFound):
        way.saving.save_twin(lesson, block_id, {}, desk["saran"], token="", source_hash="")


def test_a_copied_lesson_has_no_twins_of_its_source(desk, lesson):
    way.signed(lesson, desk)
    copy = way.again(lesson).copy(update_attrs={"slug": "copy", "title": "另一课"})
    assert way.shown(copy) == {}


# Words ----------------------------------------------------------------------------------------
SPACES = f"{way.WORD}\u202f\u182d\u180b \u182e\u180e\u1820\u202f"


def test_narrow_spaces_and_separators_stay_as_they_were_typed(desk, lesson):
    twin = way.save(lesson, desk["saran"], text=f" {SPACES}\r\n\r\n{SPACES} ")
    twin.refresh_from_db()
    assert twin.fields["text"] == f"{SPACES}\n\n{SPACES}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("   ", "没有蒙古文字母"),
        ("蒙古", "没有蒙古文字母"),
        (f"{way.WORD} монгол", "西里尔字母"),
        (f"{way.WORD} \u1887", r"U\+1887"),
        (way.WORD * 3000, "请缩短"),
    ],
)
def test_what_does_not_fit_is_told_and_not_saved(text, words, desk, lesson):
    unfit = {"heading": "", "text": text}
    block_id = way.block(lesson)
    seen = {"token": "0", "source_hash": way.hash_of(lesson, block_id)}
    with pytest.raises(Invalid, match=words):
        way.saving.save_twin(lesson, block_id, unfit, desk["saran"], **seen)
    assert not BlockTwin.objects.exists()


# Kept honest ----------------------------------------------------------------------------------
def test_verify_reviews_finds_words_that_nobody_signed(desk, lesson, settings):
    settings.REVIEW_LEVELS = 3
    sign_what_was_live()
    twin = way.signed(lesson, desk)
    assert list(differences()) == []
    BlockTwin.objects.filter(pk=twin.pk).update(fields={"heading": "", "text": way.MORE})
    assert ["1 段译文与签的不一致" in line for line in differences()] == [True]


def test_two_at_once_leave_one_draft_and_one_refusal(desk, lesson):
    block_id = way.block(lesson)
    way.save(lesson, desk["saran"], block_id, token="0")
    with pytest.raises(Conflict):
        way.save(lesson, desk["bayar"], block_id, text=way.MORE, token="0")
    assert BlockTwin.objects.count() == 1
