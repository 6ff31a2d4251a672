"""The oldest revision by section, as ``learning.progress_rules`` derives it from now on.

Apart from the column, and without a transaction around it: over ten million records this takes its
time, and phones go on meanwhile. Safe to repeat.
"""

from itertools import groupby, islice

from django.db import migrations

TOGETHER = 500  # pairs of member and lesson; written in one transaction
COLUMNS = ("member_id", "lesson_key", "revision", "data")


def fill_from_records(apps, schema_editor):
    records = apps.get_model("records", "Record").objects
    read = records.filter(kind="sections_read", lesson_key__isnull=False)
    rows = read.order_by("member_id", "lesson_key").values_list(*COLUMNS)
    pairs = groupby(rows.iterator(chunk_size=2000), key=lambda row: row[:2])
    first = ((pair, first_read(mine)) for pair, mine in pairs)
    while some := dict(islice(first, TOGETHER)):
        write(apps.get_model("learning", "Progress").objects, some)


def first_read(rows):
    first = {}
    for _, _, revision, data in rows:
        for section in data["section_ids"]:
            first[section] = min(first.get(section, revision or 1), revision or 1)
    return first


def write(progress, first):
    members = {member for member, _ in first}
    lessons = {lesson for _, lesson in first}
    rows = [
        row
        for row in progress.filter(member__in=members, lesson_key__in=lessons)
        if (row.member_id, row.lesson_key) in first
    ]
    for row in rows:
        row.first_read = first[row.member_id, row.lesson_key]
    progress.bulk_update(rows, ["first_read"])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("learning", "0002_first_read")]
    operations = [migrations.RunPython(fill_from_records, migrations.RunPython.noop, elidable=True)]
