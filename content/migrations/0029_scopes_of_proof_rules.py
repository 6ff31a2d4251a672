"""Where a rule looks was one choice of blocks and fields; now each is ticked by itself."""

from django.db import migrations

FIELDS = {"title", "summary", "heading"}


def tick(apps, schema_editor):
    """Safe to repeat."""
    for rule in apps.get_model("content", "ProofRule").objects.exclude(scope=""):
        ticked = {"fields" if rule.scope in FIELDS else "kinds": [rule.scope]}
        type(rule).objects.filter(pk=rule.pk, kinds=[], fields=[]).update(**ticked)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0028_reach_of_proof_rules")]

    operations = [migrations.RunPython(tick, migrations.RunPython.noop)]
