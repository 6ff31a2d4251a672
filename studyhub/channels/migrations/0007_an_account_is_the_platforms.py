"""An account is known by the platform's own name for it; a second key of one account is paused."""

from django.db import migrations, models

NAMES = {"wechat": "app_id", "folder": "folder"}


def name_accounts(apps, schema_editor):
    ChannelAccount = apps.get_model("studyhub_channels", "ChannelAccount")
    known = set()
    for account in ChannelAccount.objects.order_by("pk"):
        name = str(account.secrets.get(NAMES.get(account.kind, ""), ""))
        if not name:
            continue
        if (account.kind, name) in known:
            account.health = "paused"
            account.paused_reason = "另一个标识已经是同一个账号，两边会重复发布。"
            account.needs = "请只用先设置的那个标识。"
        else:
            known.add((account.kind, name))
            account.platform_id = name
        account.save()


class Migration(migrations.Migration):

    dependencies = [("studyhub_channels", "0006_rest_during_an_outage")]

    operations = [
        migrations.AddField(
            model_name="channelaccount",
            name="platform_id",
            field=models.CharField(blank=True, max_length=200, verbose_name="平台上的账号"),
            preserve_default=False,
        ),
        migrations.RunPython(name_accounts, migrations.RunPython.noop, elidable=False),
        migrations.AddConstraint(
            model_name="channelaccount",
            constraint=models.UniqueConstraint(
                fields=["kind", "platform_id"],
                condition=models.Q(platform_id__gt=""),
                name="channels_account_once",
            ),
        ),
    ]
