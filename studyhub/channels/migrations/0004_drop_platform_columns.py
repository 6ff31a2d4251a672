"""The columns of one platform; migration 0003 has copied what they held."""

from django.db import migrations


# Takes away: columns whose contents 0003 has copied into `external`; nobody reads them any more.
class Migration(migrations.Migration):

    dependencies = [("studyhub_channels", "0003_move_references")]

    operations = [
        migrations.RemoveField(model_name="delivery", name="media_id"),
        migrations.RemoveField(model_name="delivery", name="publish_id"),
        migrations.RemoveField(model_name="delivery", name="msg_data_id"),
        migrations.RemoveField(model_name="delivery", name="article_id"),
    ]
