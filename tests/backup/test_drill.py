"""Seed, back up, lose everything, restore, and let the phones send again."""

import pytest
from django.test import Client

from content import catalogue
from studyhub.channels.models import ChannelAccount
from studyhub.learning.models import Progress
from studyhub.learning.progress import find_differences
from studyhub.people.erasure import erase_member
from studyhub.people.models import Member, User
from studyhub.records.models import Epoch, Record
from studyhub.records.tickets import give_ticket
from tests import factories as make
from tests.channels.factories import AccountFactory

pytestmark = pytest.mark.slow


class Phone:
    """Keeps what it recorded, and sends all of it again."""

    def __init__(self, member: Member) -> None:
        self.account, self.ticket = str(member.user.account_id), give_ticket(member.user)
        self.kept: list[dict] = []
        self.epoch = 1

    def study(self, page) -> list[str]:
        records = make.whole_study(make.outline_of(page))
        for record in records:
            record["seq"] += len(self.kept)
        self.kept += records
        return self.send(records).statuses

    def send(self, records):
        body = {"device_id": str(make.device()), "account_id": self.account, "epoch": self.epoch}
        self.answer = Client().post(
            "/api/v1/me/records",
            body | {"records": records},
            content_type="application/json",
            headers={"Authorization": f"Ticket {self.ticket}"},
        )
        return self

    @property
    def statuses(self) -> list[str]:
        return [result["status"] for result in self.answer.json()["results"]]


def test_nothing_is_lost_nothing_is_doubled_and_who_was_erased_stays_erased(own_system):
    before, after = make.a_lesson(title="遵义会议"), make.a_lesson(title="四渡赤水")
    qiqige, batu = make.a_member("其其格"), make.a_member("巴图")
    phone, erased = Phone(qiqige), Phone(batu)
    account = AccountFactory()
    assert phone.study(before) == erased.study(before) == ["accepted"] * 3
    own_system.file("images/a.png")
    own_system.backup()
    assert phone.study(after) == ["accepted"] * 3
    erase_member(batu)
    own_system.destroy()

    own_system.restore()

    assert (own_system.media / "images" / "a.png").read_bytes() == b"picture"
    assert list(Member.objects.values_list("name", flat=True)) == ["其其格"]
    assert Record.objects.count() == 3
    assert Epoch.current() != phone.epoch
    assert phone.send(phone.kept).statuses == ["duplicate"] * 3 + ["accepted"] * 3
    assert {str(pk) for pk in Record.objects.values_list("pk", flat=True)} == {
        record["id"] for record in phone.kept
    }
    assert Progress.objects.filter(finished_at__isnull=False).count() == 2
    assert not list(find_differences())
    assert erased.send(erased.kept).answer.status_code == 401
    assert not User.objects.filter(display_name="巴图").exists()
    assert catalogue.is_open(before.translation_key)
    account.refresh_from_db()
    assert account.health == ChannelAccount.Health.PAUSED  # what it sent since is not known here
