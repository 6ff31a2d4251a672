"""What is indexed twice is so once: a table with fewer indexes takes in more."""

import django.db.models.deletion
from django.db import migrations, models

from studyhub.core.migration_operations import WithoutOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('learning', '0005_branch_counts'),
        ('people', '0019_one_index_each'),
    ]

    operations = [
        WithoutOwnIndex(
            model_name='plannedlesson',
            name='plan',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='planned', to='learning.studyplan'),
        ),
        WithoutOwnIndex(
            model_name='progress',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='people.member'),
        ),
    ]
