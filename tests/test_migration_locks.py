"""What a migration does to a table of ten million rows is over in three seconds, and the version
before goes on writing meanwhile."""

from pathlib import Path

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.models import CASCADE, F, Q

from tests import migration_locks

ROOT = Path(__file__).resolve().parent.parent
FILES = [path for top in ("studyhub", "content") for path in (ROOT / top).rglob("migrations/0*.py")]
# From before the rule: with 0.1.0 still running, a few writes fail until it is restarted.
BEFORE_THE_RULE = {
    "content_lessonpage.change_kind",
    "content_lessonpage.change_note",
    "content_lessonrevision.change",
    "content_lessonrevision.note",
    "content_lessonrevision.texts",
    "people_member.name_key",
    "studyhub_channels_channelaccount.outages",
    "studyhub_channels_channelaccount.platform_id",
    "studyhub_channels_delivery.external",
    "studyhub_channels_delivery.restored",
}


def add(name, field):
    return migrations.AddField("record", name, field)


FILL = migrations.RunPython(migrations.RunPython.noop)
AT = models.CheckConstraint(condition=Q(at__lte=F("received_at")), name="at")
ONCE = models.UniqueConstraint(fields=["member", "at"], name="once")


def a_migration(operations):
    """Upon the tables as they are when records are whole."""
    migration = migrations.Migration("0099_tried", "records")
    migration.operations = operations
    migration.dependencies = [
        ("records", "0002_receipt_source"),
        ("learning", "0003_fill_first_read"),
    ]
    migration.atomic = not any(isinstance(one, AddIndexConcurrently) for one in operations)
    return migration


@pytest.fixture(scope="module")
def known():
    return migration_locks.loader()


@pytest.fixture(scope="module")
def ours(known):
    every = known.graph.nodes.values()
    return [one for one in every if one.__module__.startswith(("content.", "studyhub."))]


def test_none_of_ours_locks_a_large_table_for_long(known, ours):
    assert len(ours) == len(FILES)
    told = {str(one): migration_locks.long_locks(known, one) for one in ours}
    assert {name: locks for name, locks in told.items() if locks} == {}


def test_the_version_before_can_go_on_writing(known, ours):
    told = set().union(*(migration_locks.unwritable(known, one) for one in ours))
    assert told == BEFORE_THE_RULE


@pytest.mark.parametrize(
    ("operations", "locks"),
    [
        ([add("note", models.TextField(null=True))], ""),
        ([add("note", models.TextField(default=""))], ""),
        ([add("note", models.TextField(default="")), FILL], "stays locked"),
        ([FILL], ""),
        ([add("note", models.TextField(null=True, unique=True))], "UNIQUE"),
        ([add("note", models.SlugField(null=True))], "AddIndexConcurrently"),
        (
            [add("plan", models.ForeignKey("learning.StudyPlan", CASCADE, null=True))],
            "NOT VALID",
        ),
        ([migrations.AlterField("record", "seq", models.TextField(null=True))], "a new column"),
        ([migrations.AlterField("record", "lesson_key", models.UUIDField())], "a new column"),
        (
            [migrations.AddIndex("record", models.Index(fields=["at"], name="i"))],
            "CREATE INDEX",
        ),
        ([AddIndexConcurrently("record", models.Index(fields=["at"], name="i"))], ""),
        ([migrations.AddConstraint("record", AT)], "AddConstraintNotValid"),
        ([AddConstraintNotValid("record", AT)], ""),
        ([migrations.AddConstraint("record", ONCE)], "USING INDEX"),
    ],
)
def test_each_kind_of_long_lock_is_told(known, operations, locks):
    told = migration_locks.long_locks(known, a_migration(operations))
    assert bool(told) == bool(locks)
    assert locks in "\n".join(told)


def test_a_column_the_version_before_does_not_fill_has_a_default_in_the_database(known):
    plain, filled = models.TextField(default=""), models.TextField(db_default="")
    told = migration_locks.unwritable(known, a_migration([add("note", plain)]))
    assert told == {"records_record.note"}
    assert not migration_locks.unwritable(known, a_migration([add("note", filled)]))
