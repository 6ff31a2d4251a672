
import django.core.validators
import studyhub.organisation.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, help_text='写在每一页的顶上，例如：扎鲁特旗委组织部', max_length=40, verbose_name='单位名称')),
                ('mark', models.CharField(blank=True, help_text='2 到 4 个字，写在页面顶上的红印里和手机桌面的图标下面', max_length=4, validators=[django.core.validators.RegexValidator('^\\S{2,4}$', '简称请填 2 到 4 个字，中间不空格。')], verbose_name='简称')),
                ('place_code', models.CharField(blank=True, max_length=6, validators=[studyhub.organisation.models.check_place_code], verbose_name='行政区划代码')),
                ('contact', models.CharField(blank=True, help_text='写在页脚，给党员看：遇到问题找谁、打哪个电话', max_length=80, verbose_name='联系人和电话')),
                ('complaints', models.CharField(blank=True, help_text='电话、信箱或网址，写在页脚', max_length=120, verbose_name='投诉举报')),
                ('filing', models.CharField(blank=True, help_text='例如：蒙ICP备12345678号-1', max_length=60, verbose_name='备案号')),
                ('welcome', models.CharField(blank=True, help_text='首页最上面的一句话', max_length=60, verbose_name='欢迎语')),
                ('footer', models.CharField(blank=True, max_length=200, verbose_name='页脚的话')),
                ('privacy', models.TextField(blank=True, help_text='空一行分段；空着就用系统自带的说明', verbose_name='隐私说明')),
            ],
            options={
                'verbose_name': '单位',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='organisation_one_row')],
            },
        ),
    ]
