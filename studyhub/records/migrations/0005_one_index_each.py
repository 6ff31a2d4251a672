"""What is indexed twice is so once: a table with fewer indexes takes in more."""

import django.db.models.deletion
from django.db import migrations, models

from studyhub.core.migration_operations import WithoutOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0019_one_index_each'),
        ('records', '0004_index_of_devices_with_gaps'),
    ]

    operations = [
        WithoutOwnIndex(
            model_name='devicecursor',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='devices', to='people.member'),
        ),
        WithoutOwnIndex(
            model_name='record',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='records', to='people.member'),
        ),
    ]
