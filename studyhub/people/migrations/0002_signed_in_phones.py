import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        # Takes away: an older name only; the column goes on under the new one.
        migrations.RenameField('user', 'ticket_generation', 'sign_in_generation'),
        migrations.AlterField(
            model_name='user',
            name='sign_in_generation',
            field=models.PositiveIntegerField(default=1, editable=False, help_text='加一即作废此前的全部登录、上传凭证和凭条钥匙'),
        ),
        migrations.CreateModel(
            name='SignedInPhone',
            fields=[
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='sessions.session')),
                ('browser', models.CharField(choices=[('wechat_android', '微信（安卓、鸿蒙）'), ('wechat_ios', '微信（苹果）'), ('wechat_desk', '微信（电脑）'), ('android', '手机浏览器（安卓、鸿蒙）'), ('ios', '手机浏览器（苹果）'), ('other', '其他')], max_length=16, verbose_name='浏览器')),
                ('signed_in_at', models.DateTimeField()),
                ('seen_on', models.DateField(verbose_name='最近一次用')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signed_in_phones', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '登录着的手机',
                'ordering': ['-seen_on', '-signed_in_at', 'pk'],
            },
        ),
    ]
