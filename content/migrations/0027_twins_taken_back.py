
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0026_recording_sounds'),
    ]

    operations = [
        migrations.AddField(
            model_name='blocktwin',
            name='before',
            field=models.JSONField(blank=True, null=True, verbose_name='前一位写的'),
        ),
        migrations.AlterField(
            model_name='blocktwin',
            name='state',
            field=models.CharField(choices=[('draft', '草稿'), ('signed', '已签'), ('replaced', '换下的'), ('withdrawn', '撤下的'), ('dropped', '作者撤回的草稿')], default='draft', max_length=9, verbose_name='状态'),
        ),
    ]
