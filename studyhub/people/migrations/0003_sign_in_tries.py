"""Wrong passwords are counted by ourselves; logins are kept in one spelling."""

from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations, models

import studyhub.people.models.accounts
from studyhub.core.folding import fold

BACKEND = "_auth_user_backend"
BEFORE = "django.contrib.auth.backends.ModelBackend"
SINCE = "studyhub.people.backends.PatientBackend"
# Takes away: what django-axes left, logins and addresses of whoever mistyped; nothing reads it.
LEFT = ("accessattemptexpiration", "accessattempt", "accesslog", "accessfailurelog")


def fold_logins(apps, schema_editor):
    """Where two logins would become one, both stay as they are; each is found as it is typed."""
    User = apps.get_model("people", "User")
    taken = set(User.objects.values_list("username", flat=True))
    for pk, login in User.objects.values_list("pk", "username").order_by("pk"):
        if fold(login) not in taken:
            User.objects.filter(pk=pk).update(username=fold(login))
            taken.add(fold(login))


def rename_backend(old, new):
    """Who is signed in stays so: a session names the class that let its owner in."""

    def run(apps, schema_editor):
        Session, store = apps.get_model("sessions", "Session"), SessionStore()
        for row in Session.objects.iterator():
            kept = store.decode(row.session_data)
            if kept.get(BACKEND) == old:
                row.session_data = store.encode(kept | {BACKEND: new})
                row.save(update_fields=["session_data"])

    return run


class Migration(migrations.Migration):
    dependencies = [("people", "0002_signed_in_phones"), ("sessions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SignInTries",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("rested_at", models.DateTimeField(verbose_name="何时全部恢复")),
            ],
            options={"verbose_name": "登录尝试"},
        ),
        migrations.AlterModelManagers(
            name="user",
            managers=[("objects", studyhub.people.models.accounts.AccountManager())],
        ),
        migrations.RunPython(fold_logins, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(
            rename_backend(BEFORE, SINCE), rename_backend(SINCE, BEFORE), elidable=True
        ),
        *(
            migrations.RunSQL(f"DROP TABLE IF EXISTS axes_{name}", migrations.RunSQL.noop)
            for name in LEFT
        ),
    ]
