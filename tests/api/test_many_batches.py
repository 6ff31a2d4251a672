"""A season of phones coming and going, through the real endpoint.

150 batches in the suite; ``STUDYHUB_BATCHES=10000`` for the long run.
"""

import json
import os
import random

import pytest
from django.core.management import call_command

from studyhub.learning.models import Progress
from studyhub.learning.progress import find_differences
from studyhub.records.models import Record
from tests import factories as make

BATCHES = int(os.environ.get("STUDYHUB_BATCHES", "150"))
LESSONS = 4 if BATCHES < 1000 else 40
REPEATED, LOST = 0.3, 0.1


class Device:
    """Numbers its records without gaps and drops none before a 200 has named it."""

    def __init__(self, number, outlines, chance):
        self.id = make.device(number)
        self.outlines, self.chance = outlines, chance
        self.seq = 0
        self.made: dict[str, dict] = {}
        self.waiting: list[dict] = []

    def live(self):
        for _ in range(self.chance.randint(1, 4)):
            record = self.act(self.chance.choice(self.outlines))
            self.seq += 1
            record["seq"] = self.seq
            self.made[record["id"]] = record
            self.waiting.append(record)

    def act(self, outline):
        kind = self.chance.randrange(3)
        if kind == 0:
            return make.read_record(outline, only=self.chance.randint(1, 2))
        if kind == 1:
            return make.attempt_record(outline, right=self.chance.random() < 0.5)
        return make.finished_record(outline)

    def batch(self):
        again = [r for r in self.made.values() if r not in self.waiting]
        extra = self.chance.sample(again, min(len(again), 5)) if again else []
        records = self.waiting + (extra if self.chance.random() < REPEATED else [])
        self.chance.shuffle(records)
        return records[:200]

    def hear(self, answer):
        named = {r["id"] for r in answer["results"] if r["status"] in ("accepted", "duplicate")}
        self.waiting = [record for record in self.waiting if record["id"] not in named]


@pytest.mark.django_db
@pytest.mark.slow
def test_nothing_is_lost_and_nothing_counts_twice(sign_in):
    chance = random.Random(7)
    member = make.a_member("其其格")
    course = make.a_course()
    outlines = [make.outline_of(make.a_lesson(course, slug=f"l{n}")) for n in range(LESSONS)]
    devices = [Device(n, outlines, chance) for n in (1, 2, 3)]
    client = sign_in(member)
    account = str(member.user.account_id)
    for _ in range(BATCHES):
        device = chance.choice(devices)
        device.live()
        body = {"device_id": str(device.id), "account_id": account, "epoch": 1}
        answer = client.post(
            "/api/v1/me/records",
            json.dumps(body | {"records": device.batch()}),
            content_type="application/json",
        )
        assert answer.status_code == 200
        if chance.random() >= LOST:
            device.hear(answer.json())
    made = {id for device in devices for id in device.made}
    waiting = {record["id"] for device in devices for record in device.waiting}
    stored = {str(pk) for pk in Record.objects.values_list("pk", flat=True)}
    assert made - waiting <= stored <= made
    assert Record.objects.count() == len(stored)
    for row in Progress.objects.filter(member=member):
        mine = Record.objects.filter(lesson_key=row.lesson_key, kind="quiz_attempt")
        assert row.quiz_attempts == mine.count()
    assert list(find_differences()) == []
    call_command("verify_progress")
