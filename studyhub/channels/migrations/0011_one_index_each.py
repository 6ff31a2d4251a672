"""What is indexed twice is so once. First the new indexes, then those that they replace."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from studyhub.core.migration_operations import AddIndexAside, DropPatternIndexes, WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('studyhub_channels', '0010_index_of_what_is_due'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexAside(
            model_name='delivery',
            index=models.Index(fields=['state'], name='channels_delivery_state'),
        ),
        WithoutOwnIndex(
            model_name='channelasset',
            name='account',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='assets', to='studyhub_channels.channelaccount'),
        ),
        WithoutOwnIndex(
            model_name='channelpick',
            name='account',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='studyhub_channels.channelaccount'),
        ),
        WithoutOwnIndex(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('queued', '排队中'), ('preparing', '正在准备'), ('submitting', '正在提交'), ('in_review', '平台处理中'), ('published', '已发布'), ('waiting_human', '等人处理'), ('needs_auth', '账号需要处理'), ('deferred', '等待额度'), ('outcome_unknown', '结果未知，正在核对'), ('rejected', '平台未通过'), ('failed', '没有发成'), ('cancelled', '已取消'), ('removed', '已撤回')], default='queued', max_length=20, verbose_name='状态'),
        ),
        DropPatternIndexes("delivery", "marker"),
    ]
