from itertools import groupby

from django.db import migrations, models


def fill_from_records(apps, schema_editor):
    """The oldest revision by section, as ``learning.progress_rules`` derives it from now on."""
    Record = apps.get_model("records", "Record")
    Progress = apps.get_model("learning", "Progress")
    records = Record.objects.filter(kind="sections_read", lesson_key__isnull=False)
    columns = ("member_id", "lesson_key", "revision", "data")
    rows = records.order_by("member_id", "lesson_key").values_list(*columns)
    for (member, lesson), mine in groupby(rows.iterator(chunk_size=2000), key=lambda row: row[:2]):
        first = {}
        for _, _, revision, data in mine:
            for section in data["section_ids"]:
                first[section] = min(first.get(section, revision or 1), revision or 1)
        Progress.objects.filter(member_id=member, lesson_key=lesson).update(first_read=first)


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0001_initial"),
        ("records", "0002_receipt_source"),
    ]

    operations = [
        migrations.AddField(
            model_name="progress",
            name="first_read",
            field=models.JSONField(blank=True, default=dict, null=True),
        ),
        migrations.RunPython(fill_from_records, migrations.RunPython.noop),
    ]
