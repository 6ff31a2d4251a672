"""The demo is what the contract promises: people, lessons, plan, records."""

import runpy
import sys
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.base.base import BaseDatabaseWrapper

from content import catalogue
from content.elements import Sound
from studyhub.channels.models import Delivery
from studyhub.demo.lessons import DATA
from studyhub.demo.people import PASSWORD
from studyhub.learning.completion import group_completion
from studyhub.learning.models import Progress, StudyPlan
from studyhub.people import access
from studyhub.people.models import BranchMembership, Contact, Member, StudyGroup, User
from studyhub.people.moves import proposals_of
from studyhub.records.models import Record

pytestmark = pytest.mark.slow  # the demo is twenty lessons, published


@pytest.fixture(scope="module")
def demo(kept_for_the_module):
    """The demo loaded once for all tests here; its sandbox answers in this very process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)
        call_command("demo")


def test_the_lesson_files_are_sound(capsys):
    """Shapes, unique keys, cited sections, sizes, forbidden words."""
    sys.dont_write_bytecode = True
    checks = runpy.run_path(str(DATA / "check_lessons.py"))
    assert checks["main"]() == 0, capsys.readouterr().out


@pytest.mark.usefixtures("demo", "db")
class TestDemo:
    def test_twenty_lessons_in_four_courses_are_open(self):
        assert len(catalogue.courses()) == 4
        assert len(catalogue.lessons()) == 20

    def test_calls_are_noted_and_one_move_waits_to_be_entered(self):
        liaison = User.objects.get(username="liaison1")
        assert Contact.objects.filter(by=liaison).exists()
        [waiting] = proposals_of(access.members_led_by(liaison)).values()
        assert len(waiting.places) == 1

    @pytest.mark.parametrize("name", ["editor", "publisher"])
    def test_who_writes_lessons_brings_pictures_and_sound_to_the_desk(self, client, name):
        client.force_login(User.objects.get(username=name))
        for address in ("images/", "images/add/", "media/", "media/audio/add/"):
            assert client.get(f"/cms/{address}").status_code == 200, address

    def test_every_lesson_has_sections_sources_and_a_self_check_that_explains(self):
        for card in catalogue.lessons():
            lesson = catalogue.content(card.lesson_key)
            assert lesson.outline.required_sections, card.title
            assert lesson.document.sources, card.title
            assert lesson.outline.quiz, card.title
            for question in lesson.outline.quiz.questions:
                assert question.explanation, card.title
                assert question.section_id in lesson.outline.section_ids, card.title

    def test_at_least_six_lessons_have_sound_or_pictures(self):
        contents = catalogue.contents([card.lesson_key for card in catalogue.lessons()])
        rich = [c for c in contents if c.image_bytes or c.audio_bytes]
        assert len(rich) >= 6

    def test_a_machine_voice_is_always_named_as_one(self):
        contents = catalogue.contents([card.lesson_key for card in catalogue.lessons()])
        sounds = [sound for c in contents for sound in c.document.of_type(Sound)]
        assert sounds
        assert all(sound.machine_voice and sound.transcript for sound in sounds)

    def test_demo_lessons_are_found_by_words_pinyin_and_other_names(self):
        for q in ("遵义会议", "zyhy", "wlmq", "红色轻骑兵", "秦邦宪", "1978"):
            assert catalogue.search(q), q
        assert catalogue.search("zyhy")[0].card.slug == "zunyi-huiyi"

    def test_a_lesson_carries_the_sounds_its_voice_needs(self):
        assert catalogue.spoken_in("瓦窑堡的一场会") == {"瓦窑堡": "瓦窑补"}

    def test_editors_keep_the_lexicon_and_reviewers_do_not(self, client):
        for username, status in (("editor", 200), ("reviewer1", 302)):
            client.force_login(User.objects.get(username=username))
            assert client.get("/cms/snippets/content/pronunciation/").status_code == status

    def test_one_heritage_site_is_open(self):
        assert [site.slug for site in catalogue.sites()] == ["paotaishan"]

    def test_the_autumn_plan_requires_eight_lessons(self):
        plan = StudyPlan.objects.get(slug="2026-autumn")
        assert plan.planned.filter(required=True).count() == 8

    def test_its_people_have_finished_lessons_since_september(self):
        finished = Progress.objects.finished().order_by("finished_at")
        assert finished.first().finished_at.date() < date(2026, 10, 1)

    def test_two_groups_of_thirty(self):
        for group in StudyGroup.objects.all():
            assert len(group_completion(group, "2026-autumn").members) == 30

    def test_two_members_have_a_home_and_a_host_branch(self):
        hosts = BranchMembership.objects.filter(kind="host", ends_on=None)
        both = Member.objects.filter(branches__in=hosts).filter(branches__kind="home")
        assert both.distinct().count() == 2

    @pytest.mark.parametrize(
        ("username", "role"),
        [
            ("admin", "admin"),
            ("editor", "editor"),
            ("reviewer1", "reviewer"),
            ("reviewer2", "reviewer"),
            ("reviewer3", "reviewer"),
            ("publisher", "publisher"),
            ("translator1", "translator"),
            ("orgadmin", "orgadmin"),
            ("leader1", "leader"),
            ("leader2", "leader"),
            ("liaison1", "liaison"),
            ("member01", "member"),
            ("member60", "member"),
        ],
    )
    def test_every_account_has_its_role_and_the_demo_password(self, username, role):
        user = User.objects.get(username=username)
        assert role in access.roles_of(user)
        assert user.check_password(PASSWORD)
        assert user.is_demo

    def test_the_board_shows_lessons_at_different_points_of_their_way(self):
        states = list(Delivery.objects.values_list("account__key", "state"))
        assert sorted(states) == [
            ("group-demo", "published"),
            ("toutiao-demo", "cancelled"),
            ("toutiao-demo", "removed"),
            ("toutiao-demo", "waiting_human"),
            ("wechat-demo", "in_review"),
            ("wechat-demo", "in_review"),
            ("wechat-demo", "queued"),
            ("wecom-demo", "published"),
        ]

    def test_the_sandbox_has_what_was_sent_to_it(self, client):
        [account] = client.get("/sandbox/control/state").json()["accounts"]
        assert len(account["jobs"]) == 2

    def test_names_are_plainly_invented(self):
        assert all(
            name.startswith("演示") for name in Member.objects.values_list("name", flat=True)
        )

    def test_loading_it_again_changes_nothing(self):
        before = what_there_is()
        revisions = {card.lesson_key: card.revision for card in catalogue.lessons()}
        call_command("demo")
        assert before == what_there_is()
        assert revisions == {card.lesson_key: card.revision for card in catalogue.lessons()}


def what_there_is():
    deliveries = sorted(Delivery.objects.values_list("pk", "state"))
    return Record.objects.count(), Member.objects.count(), len(catalogue.lessons()), deliveries


def test_production_never_loads_it(settings):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="生产环境"):
        call_command("demo")
