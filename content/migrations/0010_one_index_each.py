"""What is indexed twice is so once: a table with fewer indexes takes in more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from studyhub.core.migration_operations import WithoutOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0009_newest_revisions_by_day'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        WithoutOwnIndex(
            model_name='pageproblem',
            name='page',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='页面'),
        ),
    ]
