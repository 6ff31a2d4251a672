"""Apart from the column: the index is made, and rows are filled, while phones go on.

Safe to repeat. What the version before writes until it is restarted is noted at night.
"""

from django.db import migrations, models
from django.db.models import Q

from studyhub.core.migration_operations import AddIndexAside

TOGETHER = 500  # rows that a phone may have to wait for


def note_gaps(apps, schema_editor):
    cursors = apps.get_model("records", "DeviceCursor").objects
    torn = Q(ranges__0__0__gt=1) | Q(ranges__1__isnull=False)
    found = list(cursors.filter(torn, has_gaps=False).values_list("pk", flat=True))
    for start in range(0, len(found), TOGETHER):
        cursors.filter(torn, pk__in=found[start : start + TOGETHER]).update(has_gaps=True)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("records", "0003_devices_with_gaps")]

    operations = [
        AddIndexAside(
            model_name="devicecursor",
            index=models.Index(
                fields=["id"], condition=Q(has_gaps=True), name="records_devicecursor_gaps"
            ),
        ),
        migrations.RunPython(note_gaps, migrations.RunPython.noop, elidable=True),
    ]
