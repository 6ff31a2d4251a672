
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0025_sign_known_readings'),
        ('wagtailmedia', '0005_alter_media_options'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordingSound',
            fields=[
                ('media', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sound', serialize=False, to='wagtailmedia.media')),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['sha256'], name='content_recordingsound_sha256')],
            },
        ),
    ]
