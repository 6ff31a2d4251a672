"""The hash of a revision is now made of what the body says. Where the page is still as it was
published, its stored hash is put into the new form, so that publishing it once more is no change."""

import hashlib
import json

from django.db import migrations


def put_into_the_new_form(apps, schema_editor):
    from content.blocks import LessonBodyBlock
    from content.document import document_of
    from content.revisions import content_hash

    stored = apps.get_model("content", "LessonRevision")
    for page in apps.get_model("content", "LessonPage").objects.filter(live=True):
        latest = stored.objects.filter(lesson_key=page.translation_key).order_by("-revision").first()
        raw = page.body.get_prep_value()
        if latest is not None and latest.content_hash == _hash_of_what_is_stored(page, raw):
            latest.content_hash = content_hash(page, document_of(LessonBodyBlock().to_python(raw)))
            latest.save(update_fields=["content_hash"])


def _hash_of_what_is_stored(page, raw):
    """As it was made until now."""
    seen = {
        "title": page.title,
        "summary": page.summary,
        "minutes": page.minutes,
        "credit_hours": str(page.credit_hours),
        "cover": page.cover_id,
        "body": raw,
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0006_page_problems"),
    ]

    operations = [
        migrations.RunPython(put_into_the_new_form, migrations.RunPython.noop, elidable=True),
    ]
