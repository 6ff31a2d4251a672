"""What is out already is looked at, too; not all at the same moment."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

APART = timedelta(seconds=30)


def schedule_looks(apps, schema_editor):
    deliveries = apps.get_model("studyhub_channels", "Delivery").objects
    out = deliveries.filter(state="published", wish="", not_before=None, account__mode="api")
    begin = timezone.now()
    for number, pk in enumerate(out.order_by("-pk").values_list("pk", flat=True).iterator()):
        deliveries.filter(pk=pk).update(not_before=begin + number * APART)


class Migration(migrations.Migration):
    dependencies = [("studyhub_channels", "0008_restored")]
    operations = [migrations.RunPython(schedule_looks, migrations.RunPython.noop)]
