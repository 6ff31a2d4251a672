from django.db import migrations


def take_over(apps, schema_editor):
    """Welcome and contact stood on the front page before; there they stay for the version before."""
    home = apps.get_model("content", "HomePage").objects.exclude(welcome="", contact="").first()
    organisations = apps.get_model("organisation", "Organisation").objects
    if home is not None and not organisations.exists():
        organisations.create(pk=1, welcome=home.welcome, contact=home.contact)


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0001_organisation"),
        ("content", "0007_hash_of_what_is_said"),
    ]
    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
