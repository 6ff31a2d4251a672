"""Words of WeChat's become words of ours: ids, capabilities, one error code, one name of a step.

A migration of its own: PostgreSQL refuses to change a table with data changes still open on it.
"""

from django.db import migrations
from django.db.models import Q

REFERENCES = {
    "media_id": "draft_id",
    "publish_id": "submission_id",
    "msg_data_id": "msg_data_id",
    "article_id": "article_id",
}
CAPABILITIES = {"freepublish": ["publish", "withdraw"]}
ERROR_CODES = {"no_freepublish": "no_publish"}
STEPS = {"follow": "poll"}


def forwards(apps, schema_editor):
    deliveries = apps.get_model("studyhub_channels", "Delivery").objects.all()
    known = Q(*[(f"{column}__gt", "") for column in REFERENCES], _connector=Q.OR)
    for row in list(deliveries.filter(known).values("pk", *REFERENCES)):
        external = {new: row[old] for old, new in REFERENCES.items() if row[old]}
        deliveries.filter(pk=row["pk"]).update(external=external)
    accounts = apps.get_model("studyhub_channels", "ChannelAccount").objects.all()
    for pk, words in list(accounts.values_list("pk", "capabilities")):
        today = [new for word in words for new in CAPABILITIES.get(word, [word])]
        if today != words:
            accounts.filter(pk=pk).update(capabilities=list(dict.fromkeys(today)))
    _rename(apps, ERROR_CODES, STEPS)


def backwards(apps, schema_editor):
    deliveries = apps.get_model("studyhub_channels", "Delivery").objects.all()
    for pk, external in list(deliveries.exclude(external={}).values_list("pk", "external")):
        columns = {old: external.get(new, "") for old, new in REFERENCES.items()}
        deliveries.filter(pk=pk).update(**columns)
    accounts = apps.get_model("studyhub_channels", "ChannelAccount").objects.all()
    for pk, words in list(accounts.filter(kind="wechat").values_list("pk", "capabilities")):
        former = ["freepublish" if word == "publish" else word for word in words]
        accounts.filter(pk=pk).update(capabilities=[w for w in former if w != "withdraw"])
    _rename(
        apps, {new: old for old, new in ERROR_CODES.items()}, {new: old for old, new in STEPS.items()}
    )


def _rename(apps, codes, steps):
    deliveries = apps.get_model("studyhub_channels", "Delivery").objects
    attempts = apps.get_model("studyhub_channels", "DeliveryAttempt").objects
    for old, new in codes.items():
        deliveries.filter(error_code=old).update(error_code=new)
    for old, new in steps.items():
        attempts.filter(step=old).update(step=new)


class Migration(migrations.Migration):

    dependencies = [("studyhub_channels", "0002_external_references")]

    operations = [migrations.RunPython(forwards, backwards)]
