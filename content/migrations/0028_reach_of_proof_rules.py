
import content.models.oral_histories
import content.models.proof_places
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0027_twins_taken_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='proofrule',
            name='channels',
            field=content.models.oral_histories.ChannelKinds(blank=True, db_default=[], default=list, help_text='不勾选就是网站和所有渠道。勾选了的，不影响送审；“必须改”没有改好，发不到这些渠道', verbose_name='只对哪些渠道'),
        ),
        migrations.AddField(
            model_name='proofrule',
            name='ends_on',
            field=models.DateField(blank=True, help_text='这一天还算；不填就是一直', null=True, verbose_name='到哪天为止'),
        ),
        migrations.AddField(
            model_name='proofrule',
            name='fields',
            field=content.models.proof_places.TextFields(blank=True, db_default=[], default=list, help_text='不勾选就是都看', verbose_name='只看哪些字'),
        ),
        migrations.AddField(
            model_name='proofrule',
            name='kinds',
            field=content.models.proof_places.BlockKinds(blank=True, db_default=[], default=list, help_text='不勾选就是都看', verbose_name='只看哪些块'),
        ),
        migrations.AddField(
            model_name='proofrule',
            name='starts_on',
            field=models.DateField(blank=True, help_text='不填就是现在', null=True, verbose_name='从哪天起'),
        ),
        migrations.AlterField(
            model_name='proofrule',
            name='scope',
            field=models.CharField(blank=True, default='', editable=False, max_length=10),
        ),
    ]
