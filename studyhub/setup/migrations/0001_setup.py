
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0005_names_by_sound'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Setup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(blank=True, max_length=64)),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='链接到期')),
                ('lessons', models.CharField(blank=True, choices=[('empty', '先建一门空的课程'), ('starter', '载入二十课起步内容，全部是草稿')], max_length=8)),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='设好的时间')),
                ('administrator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('root', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.branch')),
            ],
            options={
                'verbose_name': '首次设置',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='setup_setup_one_row')],
            },
        ),
    ]
