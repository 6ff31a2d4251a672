"""The lexicon's entries are called what they are; groups keep what they may do with them."""

from django.db import migrations, models


def rename_permissions(apps, schema_editor):
    _rename(apps, "_reading", "_pronunciation")


def rename_permissions_back(apps, schema_editor):
    _rename(apps, "_pronunciation", "_reading")


def _rename(apps, before, after):
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="content", codename__endswith=before
    )
    for permission in permissions:
        permission.codename = permission.codename.removesuffix(before) + after
        permission.save(update_fields=["codename"])


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0003_corrections"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        # Takes away: nothing but the old name; the rows and who may edit them stay. A process of the
        # version before cannot read the lexicon until it is restarted.
        migrations.RenameModel("Reading", "Pronunciation"),
        migrations.RunPython(rename_permissions, rename_permissions_back),
        migrations.AlterField(
            "lessonrevision",
            "texts",
            models.JSONField(default=dict, help_text="见 content.text_diff", verbose_name="各块文字"),
        ),
    ]
