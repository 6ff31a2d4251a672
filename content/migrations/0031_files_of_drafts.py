
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0030_sounds_of_twins'),
        ('wagtailimages', '0027_image_description'),
        ('wagtailmedia', '0005_alter_media_options'),
    ]

    operations = [
        migrations.CreateModel(
            name='DraftFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailimages.image')),
                ('media', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailmedia.media')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='draft_files', to='content.lessonpage')),
            ],
            options={
                'verbose_name': '课的草稿',
                'verbose_name_plural': '课的草稿',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('image', None), ('media', None), _connector='XOR'), name='content_draftfile_of_one_file')],
            },
        ),
    ]
