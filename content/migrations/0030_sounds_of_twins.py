
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0029_scopes_of_proof_rules'),
        ('wagtailmedia', '0005_alter_media_options'),
    ]

    operations = [
        migrations.AddField(
            model_name='blocktwin',
            name='sound',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailmedia.media'),
        ),
        migrations.AddField(
            model_name='blocktwin',
            name='sound_hash',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
    ]
