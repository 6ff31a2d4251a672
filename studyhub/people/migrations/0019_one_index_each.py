"""What is indexed twice is so once. First the new indexes, then those that they replace."""

import django.db.models.deletion
from django.db import migrations, models

from studyhub.core.migration_operations import AddIndexAside, DropPatternIndexes, WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('people', '0018_rosters_taken_in_by_workers'),
    ]

    operations = [
        AddIndexAside(
            model_name='joinrequest',
            index=models.Index(fields=['phone_index'], name='people_joinrequest_by_phone'),
        ),
        AddIndexAside(
            model_name='member',
            index=models.Index(fields=['name'], name='people_member_by_name', opclasses=['varchar_pattern_ops']),
        ),
        AddIndexAside(
            model_name='member',
            index=models.Index(fields=['name_initials'], name='people_member_by_initials', opclasses=['varchar_pattern_ops']),
        ),
        AddIndexAside(
            model_name='member',
            index=models.Index(fields=['name_key'], name='people_member_by_sound'),
        ),
        AddIndexAside(
            model_name='member',
            index=models.Index(fields=['phone_index'], name='people_member_by_phone'),
        ),
        AddIndexAside(
            model_name='member',
            index=models.Index(fields=['phone_tail_index'], name='people_member_by_tail'),
        ),
        WithoutOwnIndex(
            model_name='contact',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='people.member'),
        ),
        WithoutOwnIndex(
            model_name='joinrequest',
            name='phone_index',
            field=models.CharField(editable=False, max_length=64),
        ),
        WithoutOwnIndex(
            model_name='member',
            name='name',
            field=models.CharField(max_length=40, verbose_name='姓名'),
        ),
        WithoutOwnIndex(
            model_name='member',
            name='name_initials',
            field=models.CharField(db_default='', default='', editable=False, max_length=40),
        ),
        WithoutOwnIndex(
            model_name='member',
            name='name_key',
            field=models.CharField(default='', editable=False, max_length=640),
        ),
        WithoutOwnIndex(
            model_name='member',
            name='phone_index',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        WithoutOwnIndex(
            model_name='member',
            name='phone_tail_index',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
        ),
        WithoutOwnIndex(
            model_name='moveanswer',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='move_answers', to='people.member'),
        ),
        WithoutOwnIndex(
            model_name='movereport',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='move_reports', to='people.member'),
        ),
        WithoutOwnIndex(
            model_name='recordview',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='views', to='people.member'),
        ),
        WithoutOwnIndex(
            model_name='recoverycode',
            name='factor',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to='people.secondfactor'),
        ),
        DropPatternIndexes("invite", "digest"),
        DropPatternIndexes("joinrequest", "digest"),
        DropPatternIndexes("passkey", "credential_id"),
        DropPatternIndexes("personalcode", "digest"),
        DropPatternIndexes("signedinphone", "session"),
        DropPatternIndexes("signintries", "key"),
        DropPatternIndexes("user", "username"),
    ]
