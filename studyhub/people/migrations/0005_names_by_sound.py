"""Members are sorted by a stored key: the same order in every database."""

from django.db import migrations, models

from studyhub.core.pinyin_order import name_key


def fill(apps, schema_editor):
    rows = apps.get_model("people", "Member").objects
    for pk, name in rows.values_list("pk", "name").iterator(chunk_size=2000):
        rows.filter(pk=pk).update(name_key=name_key(name))


class Migration(migrations.Migration):
    dependencies = [("people", "0004_ties_stay_apart")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="name_key",
            field=models.CharField(db_index=True, default="", editable=False, max_length=640),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
