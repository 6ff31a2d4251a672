"""Members are found by the initials of their names and by the end of their numbers.

In batches, each by itself; safe to repeat. A number that no key opens keeps no digest.
"""

from django.db import migrations

from studyhub.core.crypto import lookup_index
from studyhub.core.pinyin_order import initials

BATCH = 500


def fill(apps, schema_editor):
    rows = apps.get_model("people", "Member").objects.filter(name_initials="")
    last = 0
    while pks := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for pk, name in rows.filter(pk__in=pks).values_list("pk", "name"):
            rows.filter(pk=pk).update(name_initials=initials(name), phone_tail_index=tail(rows, pk))
        last = pks[-1]


def tail(rows, pk):
    try:
        phone = rows.values_list("phone", flat=True).get(pk=pk)
    except ValueError:
        return ""
    return lookup_index(phone[-4:]) if phone else ""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0009_ledger_changes")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
