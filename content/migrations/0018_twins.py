
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0017_missing_sources'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BlockTwin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lesson_key', models.UUIDField(verbose_name='课的标识')),
                ('block_id', models.CharField(max_length=36, verbose_name='哪一块')),
                ('language', models.CharField(default='mn-Mong', max_length=10, verbose_name='语言')),
                ('fields', models.JSONField(default=dict, verbose_name='译文')),
                ('source_hash', models.CharField(max_length=64)),
                ('source', models.JSONField(default=dict, verbose_name='译的是什么')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('signed', '已签'), ('replaced', '换下的'), ('withdrawn', '撤下的')], default='draft', max_length=9, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1)),
                ('levels', models.PositiveSmallIntegerField(default=2, verbose_name='要几人签')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='译者')),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='保存时间')),
                ('stale_since', models.DateTimeField(blank=True, null=True, verbose_name='中文是什么时候改的')),
                ('translator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '译文',
                'verbose_name_plural': '译文',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TwinWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('twin', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.blocktwin')),
            ],
            options={
                'verbose_name': '译文的作者',
                'verbose_name_plural': '译文的作者',
            },
        ),
        migrations.AddField(
            model_name='blocktwin',
            name='writers',
            field=models.ManyToManyField(related_name='+', through='content.TwinWriter', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='TwinSignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words_hash', models.CharField(max_length=64)),
                ('level', models.PositiveSmallIntegerField(verbose_name='第几人')),
                ('name', models.CharField(max_length=80, verbose_name='姓名')),
                ('told', models.JSONField(default=dict, verbose_name='签的是什么')),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('twin', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='content.blocktwin')),
            ],
            options={
                'verbose_name': '译文审签',
                'verbose_name_plural': '译文审签',
                'ordering': ['signed_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('twin', 'words_hash', 'level'), name='content_twinsignoff_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='twinwriter',
            constraint=models.UniqueConstraint(fields=('twin', 'person'), name='content_twinwriter_once'),
        ),
        migrations.AddConstraint(
            model_name='blocktwin',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'signed'))), fields=('lesson_key', 'block_id', 'language', 'state'), name='content_blocktwin_one_of_a_state'),
        ),
    ]
