"""A worker takes a roster in: wholly or not at all, once, and says how far it is or why not."""

from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from studyhub.core.clock import today
from studyhub.core.errors import Conflict
from studyhub.people.entries import end_entry
from studyhub.people.models import LedgerChange, Member, RosterUpload
from studyhub.people.roster import intake, taking
from studyhub.people.roster.taking import ask_to_take, progress_of, run
from studyhub.people.roster.uploads import (
    allow_missing,
    choose,
    keep_upload,
    take_upload,
    undo_upload,
)
from studyhub.people.tasks import sweep_rosters
from tests import factories as make
from tests.people.roster.files import HEAD, PEOPLE, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root():
    make.a_tree()
    return make.a_branch("旗委")


@pytest.fixture
def batu(root):
    """On the ledger, and in the roster with another number: a line that is written by itself."""
    member = make.a_member(PEOPLE[0][0], phone="13900000009", user=None)
    make.BranchMembershipFactory(member=member, branch=make.a_branch(PEOPLE[0][2], root))
    return member


@pytest.fixture
def asked(keeper):
    upload = keep_upload("花名册.xlsx", workbook(HEAD, *PEOPLE), by=keeper)
    RosterUpload.objects.update(create_missing=True)
    upload.refresh_from_db()
    ask_to_take(upload, by=keeper)
    return upload


class Killed(BaseException):
    """What nobody catches: the process is gone."""


def die_at_the_last_line(monkeypatch, error):
    told = intake.note_headings

    def _die(*args, **kwargs):
        monkeypatch.setattr(intake, "note_headings", told)
        raise error

    monkeypatch.setattr(intake, "note_headings", _die)


def test_a_worker_that_dies_leaves_nothing_and_the_next_takes_all_of_it(asked, monkeypatch):
    die_at_the_last_line(monkeypatch, Killed())
    with pytest.raises(Killed):
        run(asked.public_id)
    assert (Member.objects.count(), LedgerChange.objects.count()) == (0, 0)
    asked.refresh_from_db()
    assert asked.is_being_taken
    run(asked.public_id)
    assert Member.objects.count() == len(PEOPLE)
    asked.refresh_from_db()
    assert (bool(asked.rows), asked.counts["new"]) == (False, len(PEOPLE))


def test_a_second_press_and_a_second_hint_change_nothing(asked, keeper):
    assert not ask_to_take(asked, by=make.a_user("bayar", is_superuser=True))
    run(asked.public_id)
    run(asked.public_id)
    assert not ask_to_take(asked, by=keeper)
    assert Member.objects.count() == len(PEOPLE)
    assert set(LedgerChange.objects.values_list("changed_by", flat=True)) == {keeper.pk}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SoftTimeLimitExceeded(), "分成几份"),
        (RuntimeError("broken"), "再写一次"),
        (Conflict("no_root", "还没有党组织，请先设置。"), "还没有党组织"),
    ],
)
def test_why_it_was_not_done_is_said_and_it_may_be_asked_again(
    asked, keeper, monkeypatch, error, words
):
    die_at_the_last_line(monkeypatch, error)
    run(asked.public_id)
    asked.refresh_from_db()
    assert words in asked.problem
    assert not Member.objects.exists()
    run(asked.public_id)  # a late hint
    assert not Member.objects.exists()
    assert ask_to_take(asked, by=keeper)
    run(asked.public_id)
    assert Member.objects.count() == len(PEOPLE)


def test_what_kills_workers_is_given_up(asked, monkeypatch):
    for _ in range(taking.MOST_TRIES):
        die_at_the_last_line(monkeypatch, Killed())
        with pytest.raises(Killed):
            run(asked.public_id)
    run(asked.public_id)
    asked.refresh_from_db()
    assert "再写一次" in asked.problem
    assert not Member.objects.exists()


def test_a_lost_hint_is_made_good_when_the_time_of_a_task_is_over(asked):
    sweep_rosters()
    assert not Member.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        sweep_rosters()
    assert Member.objects.count() == len(PEOPLE)


@pytest.mark.parametrize("gone", [{"is_superuser": False}, {"is_active": False}])
def test_who_keeps_nothing_any_more_has_nothing_taken_in(asked, keeper, gone):
    for name, value in gone.items():
        setattr(keeper, name, value)
    keeper.save()
    run(asked.public_id)
    asked.refresh_from_db()
    assert "不管台账" in asked.problem
    assert not Member.objects.exists()


def test_an_account_that_was_deleted_does_not_open_the_whole_ledger(asked):
    RosterUpload.objects.update(asked_by=None)
    run(asked.public_id)
    assert not Member.objects.exists()


def test_nothing_is_chosen_while_it_is_taken_in(asked):
    with pytest.raises(Conflict, match="正在写进台账"):
        choose(asked, left_out={2: True}, who={})


@pytest.mark.parametrize("say", [allow_missing, partial(choose, left_out={1: True}, who={1: "x"})])
def test_nothing_is_chosen_for_rows_that_are_gone(asked, say):
    RosterUpload.objects.update(asked_at=None, rows=None)
    with pytest.raises(Conflict, match="内容已经删去"):
        say(asked)
    asked.refresh_from_db()
    assert not asked.chosen


def test_who_was_changed_after_the_roster_was_compared_stays_as_changed(asked, batu, monkeypatch):
    compared = intake.compare

    def _compare_and_wait(*args, **kwargs):
        found = compared(*args, **kwargs)
        end_entry(batu, reason=Member.EndReason.WITHDRAWN, on=today())
        return found

    monkeypatch.setattr(intake, "compare", _compare_and_wait)
    run(asked.public_id)
    asked.refresh_from_db()
    batu.refresh_from_db()
    assert (batu.phone, asked.counts["refused"]) == ("13900000009", 1)
    assert "刚才有人改过" in asked.left[0]["words"]
    assert not batu.branches.filter(ends_on=None).exists()


def test_members_are_locked_in_one_order_however_the_roster_lists_them(root, keeper, monkeypatch):
    """As undoing and merging lock them: none of them waits for another that waits for it."""
    people = [make.a_member(name, phone="", user=None) for name in ("甲一", "乙二", "丙三")]
    for one in people:
        make.BranchMembershipFactory(member=one, branch=root)
    rows = [(one.name, f"1390000000{one.pk % 10}", root.name) for one in reversed(people)]
    upload = keep_upload("花名册.xlsx", workbook(("姓名", "电话", "党支部"), *rows), by=keeper)
    locked = []
    lock = intake.lock_member

    def _lock(member):
        locked.append(member.pk)
        return lock(member)

    monkeypatch.setattr(intake, "lock_member", _lock)
    compared = take_upload(upload, on=today(), by=keeper)
    assert locked == [one.pk for one in people]
    assert [line.name for line in compared.lines] == [row[0] for row in rows]


def test_how_far_it_is_is_seen_by_another_process(asked, batu, monkeypatch):
    seen = []
    told = taking.take_upload

    def _watch(*args, tell, **kwargs):
        def _tell(done, lines):
            tell(done, lines)
            asked.refresh_from_db()
            seen.append(progress_of(asked))

        return told(*args, tell=_tell, **kwargs)

    monkeypatch.setattr(taking, "TOLD_EVERY", 1)
    monkeypatch.setattr(taking, "take_upload", _watch)
    assert progress_of(asked) is None
    run(asked.public_id)
    assert [(one.done, one.lines) for one in seen] == [(n, len(PEOPLE)) for n in range(len(PEOPLE))]


def test_how_far_it_was_the_last_time_is_not_told_of_this_one(asked, keeper, monkeypatch):
    die_at_the_last_line(monkeypatch, Conflict("x", "没有写成"))
    run(asked.public_id)
    asked.refresh_from_db()
    assert (asked.problem, bool(progress_of(asked))) == ("没有写成", True)
    ask_to_take(asked, by=keeper)
    RosterUpload.objects.update(started_at=timezone.now(), tries=1)
    asked.refresh_from_db()
    assert progress_of(asked) is None


def test_the_page_asks_again_by_itself_until_it_is_done(asked, admin):
    address = f"/cms/rosters/{asked.public_id}/"
    waiting = admin.get(address)
    assert waiting["Refresh"].startswith("2;")
    assert "排着队" in waiting.content.decode()
    assert "正在写进台账" in admin.get("/cms/rosters/").content.decode()
    run(asked.public_id)
    done = admin.get(address)
    assert "Refresh" not in done
    assert f"已经写进台账：新增 {len(PEOPLE)}" in done.content.decode()


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(asked, admin):
    """No worker comes, and nobody sits there: the session ends as on any other page."""
    address = f"/cms/rosters/{asked.public_id}/"
    begun = timezone.now()
    by_itself = admin.get(address).headers["Refresh"].partition("url=")[2] or address
    for minutes, status in ((20, 200), (40, 302)):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            assert admin.get(by_itself).status_code == status


def test_what_the_command_took_in_is_taken_back_at_the_desk(keeper, admin, tmp_path):
    file = tmp_path / "花名册.xlsx"
    file.write_bytes(workbook(HEAD, *PEOPLE))
    call_command("import_roster", file, "--commit", "--create-missing", stdout=StringIO())
    upload = RosterUpload.objects.get()
    assert (upload.uploaded_by, upload.can_be_undone) == (None, True)
    assert "撤销这次导入" in admin.get("/cms/rosters/").content.decode()
    undo_upload(upload, on=today(), by=keeper)
    assert not Member.objects.filter(ended_on=None).exists()


def test_without_a_broker_it_is_asked_for_all_the_same(admin, asked, monkeypatch):
    asked.asked_at = None
    asked.save()

    def away(*args):
        raise OperationalError("no broker")

    monkeypatch.setattr("studyhub.people.desk.rosters.take_in_roster.delay", away)
    assert admin.post(f"/cms/rosters/{asked.public_id}/take/").status_code == 302
    asked.refresh_from_db()
    assert asked.is_being_taken


def test_the_index_of_the_sweep_holds_what_waits():
    """Written out once more there, where the class's own names cannot be used."""
    (index,) = (i for i in RosterUpload._meta.indexes if i.name == "people_rosterupload_asked")
    assert index.condition == RosterUpload.ASKED
