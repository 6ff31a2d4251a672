"""读音库 is kept by two: nothing is shown that only one person has looked at."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import reverse

from content import lexicon
from content.models import Pronunciation, ReadingSignOff
from content.readings import sign_reading, waiting_for
from content.starter_lessons import load_readings
from studyhub.core.errors import Conflict
from studyhub.people.roles import put_roles
from tests import factories as make

pytestmark = pytest.mark.django_db
RT = "<rt>wǎ yáo bǔ</rt>"
FIELDS = {"term": "瓦窑堡", "pinyin": "wǎ yáo bǔ", "spoken": "", "aliases": "", "note": "地名志"}


@pytest.fixture
def desk():
    put_roles()
    make.a_tree()
    people = {name: make.a_user(name, is_staff=True) for name in ("naren", "siqin")}
    for person in people.values():
        person.groups.add(Group.objects.get(name="editor"))
    people["boss"] = make.a_user("boss", is_staff=True, is_superuser=True)
    return people


@pytest.fixture
def lesson(desk):
    return make.a_lesson(title="落脚", body=[make.section("一", text="<p>到了瓦窑堡。</p>")])


def write(client, reading=None, **fields):
    address = "wagtailsnippets_content_pronunciation:"
    url = reverse(f"{address}edit", args=[reading.pk]) if reading else reverse(f"{address}add")
    return client.post(url, FIELDS | fields, follow=True)


def the_reading():
    return Pronunciation.objects.get()


def press_sign(client, reading):
    url = reverse("readings:sign", args=[reading.pk])
    return client.post(url, {"seen": reading.words_hash}, follow=True)


def page_of(client, lesson):
    return client.get(lesson.get_url()).content.decode()


def test_what_one_wrote_is_shown_once_another_has_signed_it(desk, lesson, sign_in, client):
    said = write(sign_in(desk["naren"])).content.decode()
    assert "要另一位同事" in said
    assert RT not in page_of(client, lesson)
    assert lexicon.words() == ()
    other = sign_in(desk["siqin"])
    assert "等我看的读音（1）" in other.get("/cms/").content.decode()
    asked = other.get(reverse("readings:waiting")).content.decode()
    assert "这个词出现在 1 课：《落脚》" in asked
    assert "地名志" in asked
    assert "页面现在显示" in press_sign(other, the_reading()).content.decode()
    assert RT in page_of(client, lesson)
    assert "没有等您看的读音" in other.get("/cms/").content.decode()


@pytest.mark.parametrize("who", ["naren", "boss"])
def test_nobody_signs_their_own_whoever_they_are(desk, who, sign_in):
    own = sign_in(desk[who])
    write(own)
    assert waiting_for(desk[who]) == []
    answer = press_sign(own, the_reading())
    assert answer.status_code == 409
    assert "自己不能签" in answer.content.decode()
    with pytest.raises(Conflict, match="自己不能签"):
        ReadingSignOff.objects.create(reading=the_reading(), person=desk[who])
    assert lexicon.words() == ()


def test_a_change_waits_and_pages_keep_what_was_signed(desk, lesson, sign_in, client):
    reading = make.a_reading()
    write(sign_in(desk["naren"]), reading, pinyin="wǎ yáo pù", aliases="子长")
    assert RT in page_of(client, lesson)
    form = sign_in(desk["siqin"]).get(
        reverse("wagtailsnippets_content_pronunciation:edit", args=[reading.pk])
    )
    told = " ".join(form.content.decode().split())
    assert "<del>wǎ yáo bǔ</del> → <ins>wǎ yáo pù</ins>" in told
    press_sign(sign_in(desk["siqin"]), the_reading())
    assert "<rt>wǎ yáo pù</rt>" in page_of(client, lesson)
    assert lexicon.words()[0].aliases == ("子长",)


def test_whoever_changed_a_letter_has_written_it_too(desk, sign_in):
    write(sign_in(desk["naren"]))
    write(sign_in(desk["siqin"]), the_reading(), spoken="瓦窑补")
    for name in ("naren", "siqin"):
        with pytest.raises(Conflict, match="自己不能签"):
            sign_reading(the_reading().pk, desk[name], seen=the_reading().words_hash)
    sign_reading(the_reading().pk, desk["boss"], seen=the_reading().words_hash)
    assert lexicon.words()[0].spoken == "瓦窑补"


def test_a_note_for_colleagues_alone_needs_no_signature(desk, sign_in):
    reading = make.a_reading(note="", aliases="子长\n老瓦窑")
    typed = {"note": "县志", "aliases": "子长\r\n老瓦窑\r\n"}
    said = write(sign_in(desk["naren"]), reading, **typed).content.decode()
    assert "和签过的一样" in said
    assert not the_reading().waits


def test_what_was_changed_since_it_was_on_the_screen_is_not_signed(desk, sign_in):
    write(sign_in(desk["naren"]))
    seen = the_reading().words_hash
    write(sign_in(desk["naren"]), the_reading(), spoken="瓦窑补")
    with pytest.raises(Conflict, match="又改过"):
        sign_reading(the_reading().pk, desk["siqin"], seen=seen)


def test_two_entries_never_say_how_one_word_is_read(desk):
    old = make.a_reading()
    Pronunciation.objects.filter(pk=old.pk).update(term="瓦窑", pinyin="wǎ yáo")
    new = Pronunciation.objects.create(term="瓦窑堡", pinyin="wǎ yáo pù")
    with pytest.raises(Conflict, match="已经有另一条"):
        sign_reading(new.pk, desk["siqin"], seen=new.words_hash)


def test_a_signature_is_never_changed(desk):
    signed = ReadingSignOff.objects.get(reading=make.a_reading())
    with pytest.raises(TypeError):
        signed.save()


def test_who_keeps_no_readings_sees_none(desk, sign_in):
    reader = make.a_user("reviewer", is_staff=True)
    reader.groups.add(Group.objects.get(name="reviewer"))
    reading = Pronunciation.objects.create(term="瓦窑堡", pinyin="wǎ yáo bǔ")
    assert sign_in(reader).get(reverse("readings:waiting")).status_code != 200
    press_sign(sign_in(reader), reading)
    assert the_reading().waits


def test_what_was_shown_before_there_were_signatures_stays(desk):
    Pronunciation.objects.create(term="瓦窑堡", pinyin="wǎ yáo bǔ", aliases=" 子长\n")
    fill = import_module("content.migrations.0025_sign_known_readings").sign_what_is_shown
    fill(apps, None)
    fill(apps, None)
    lexicon.forget_words()
    assert lexicon.words()[0].aliases == ("子长",)
    assert ReadingSignOff.objects.count() == 1
    assert not the_reading().waits


def test_starter_readings_are_in_use_at_once():
    load_readings()
    assert len(lexicon.words()) == Pronunciation.objects.count() > 10


# No longer shown ---------------------------------------------------------------------------------
def delete_one(client, reading):
    url = reverse("wagtailsnippets_content_pronunciation:delete", args=[reading.pk])
    return client.post(url, follow=True)


def delete_ticked(client, *readings):
    names = ("content", "pronunciation", "delete")
    ids = "&".join(f"id={one.pk}" for one in readings)
    return client.post(f"{reverse('wagtail_bulk_action', args=names)}?{ids}", follow=True)


@pytest.mark.parametrize("delete", [delete_one, delete_ticked])
@pytest.mark.parametrize("who", ["naren", "boss"])
def test_nobody_alone_takes_a_signed_reading_off_the_pages(desk, lesson, sign_in, delete, who):
    answer = delete(sign_in(desk[who]), make.a_reading())
    assert "勾上“停用”" in answer.content.decode()
    assert RT in page_of(sign_in(desk[who]), lesson)


def test_two_retire_a_reading_and_then_one_deletes_it(desk, lesson, sign_in, client):
    reading = make.a_reading()
    write(sign_in(desk["naren"]), reading, retired="on")
    assert RT in page_of(client, lesson)
    with pytest.raises(Conflict, match="自己不能签"):
        sign_reading(reading.pk, desk["naren"], seen=the_reading().words_hash)
    asked = sign_in(desk["siqin"]).get(reverse("readings:waiting")).content.decode()
    assert "停用：<ins>是，页面不再显示</ins>" in " ".join(asked.split())
    press_sign(sign_in(desk["siqin"]), the_reading())
    assert (the_reading().state, lexicon.words()) == ("已签，停用了", ())
    assert RT not in page_of(client, lesson)
    delete_one(sign_in(desk["naren"]), the_reading())
    assert not Pronunciation.objects.exists()


def test_what_nobody_has_signed_its_writer_deletes(desk, sign_in):
    write(sign_in(desk["naren"]))
    delete_ticked(sign_in(desk["naren"]), the_reading())
    assert not Pronunciation.objects.exists()


def test_a_reading_comes_back_with_two_names(desk):
    reading = make.a_reading()
    for retired in (True, False):
        Pronunciation.objects.filter(pk=reading.pk).update(retired=retired)
        sign_reading(reading.pk, desk["siqin"], seen=the_reading().words_hash)
        assert bool(lexicon.words()) is not retired
