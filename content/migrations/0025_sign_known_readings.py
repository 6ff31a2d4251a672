"""What the lexicon showed before a second person was asked goes on being shown; nobody is named."""

from django.db import migrations

SHOWN = ("term", "pinyin", "spoken", "aliases")


def _tidied(words):
    return "\n".join(words.strip().splitlines())


def sign_what_is_shown(apps, schema_editor):
    """Safe to repeat: what has a signature keeps it."""
    readings = apps.get_model("content", "Pronunciation").objects.filter(signatures=None)
    signature = apps.get_model("content", "ReadingSignOff")
    signature.objects.bulk_create(
        signature(reading=one, told={name: _tidied(getattr(one, name)) for name in SHOWN})
        for one in readings
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0024_readings_are_signed")]

    operations = [migrations.RunPython(sign_what_is_shown, migrations.RunPython.noop)]
