import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0023_exhibits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='pronunciation',
            name='note',
            field=models.CharField(blank=True, help_text='读音的依据，给签的同事看，不上页面', max_length=120, verbose_name='备注'),
        ),
        migrations.CreateModel(
            name='ReadingWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reading', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.pronunciation')),
            ],
            options={
                'verbose_name': '写读音的人',
                'verbose_name_plural': '写读音的人',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('reading', 'person'), name='content_readingwriter_once')],
            },
        ),
        migrations.AddField(
            model_name='pronunciation',
            name='writers',
            field=models.ManyToManyField(editable=False, related_name='+', through='content.ReadingWriter', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='ReadingSignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told', models.JSONField(default=dict, verbose_name='签的是什么')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='姓名')),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reading', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='content.pronunciation')),
            ],
            options={
                'verbose_name': '读音的审签',
                'verbose_name_plural': '读音的审签',
                'default_permissions': (),
            },
        ),
    ]
