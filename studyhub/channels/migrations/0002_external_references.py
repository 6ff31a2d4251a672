"""One column for what the platforms call our things, whatever the platform (decision 0008)."""

from django.db import migrations, models

import studyhub.channels.registry


# Takes away: only the name of a counter; the numbers stay.
class Migration(migrations.Migration):

    dependencies = [("studyhub_channels", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="external",
            field=models.JSONField(blank=True, default=dict, verbose_name="平台编号"),
        ),
        migrations.RenameField(model_name="delivery", old_name="looks", new_name="polls"),
        migrations.AlterField(
            model_name="channelaccount",
            name="kind",
            field=models.CharField(
                choices=studyhub.channels.registry.kind_choices, max_length=20, verbose_name="类型"
            ),
        ),
    ]
