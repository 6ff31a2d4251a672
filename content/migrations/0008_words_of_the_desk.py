"""Names that Wagtail gives in English at its first migration, where nobody has given another."""

from typing import Any

from django.db import migrations

# Model, field, Wagtail's own word, ours.
NAMES = (
    ("Collection", "name", "Root", "全部文件"),
    ("Page", "title", "Root", "全部页面"),
    ("Page", "draft_title", "Root", "全部页面"),
    ("Workflow", "name", "Moderators approval", "审核"),
    ("Task", "name", "Moderators approval", "审核"),
)


def name_in_chinese(apps: Any, schema_editor: Any) -> None:
    for model, field, english, chinese in NAMES:
        rows = apps.get_model("wagtailcore", model).objects.filter(**{field: english})
        rows.update(**{field: chinese})


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0007_hash_of_what_is_said"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunPython(name_in_chinese, migrations.RunPython.noop),
        migrations.AlterModelOptions(
            name="courseindexpage",
            options={"verbose_name": "课程列表", "verbose_name_plural": "课程列表"},
        ),
        migrations.AlterModelOptions(
            name="coursepage",
            options={"verbose_name": "课程", "verbose_name_plural": "课程"},
        ),
        migrations.AlterModelOptions(
            name="heritagesitepage",
            options={"verbose_name": "红色资源", "verbose_name_plural": "红色资源"},
        ),
        migrations.AlterModelOptions(
            name="homepage",
            options={"verbose_name": "首页", "verbose_name_plural": "首页"},
        ),
        migrations.AlterModelOptions(
            name="lessonpage",
            options={"verbose_name": "课", "verbose_name_plural": "课"},
        ),
        migrations.AlterModelOptions(
            name="siteindexpage",
            options={"verbose_name": "红色资源列表", "verbose_name_plural": "红色资源列表"},
        ),
    ]
