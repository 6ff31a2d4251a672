from django.db import migrations
from django.utils import timezone


def note_running(apps, schema_editor):
    """Who has an administrator and branches has done by hand what the set-up pages ask for."""
    administrator = apps.get_model("people", "User").objects.filter(is_superuser=True).first()
    root = apps.get_model("people", "Branch").objects.filter(depth=1).first()
    if administrator and root:
        apps.get_model("setup", "Setup").objects.get_or_create(
            pk=1,
            defaults={
                "administrator": administrator,
                "root": root,
                "lessons": "empty",
                "finished_at": timezone.now(),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("setup", "0001_setup")]
    operations = [migrations.RunPython(note_running, migrations.RunPython.noop)]
