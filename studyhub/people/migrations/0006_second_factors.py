"""The second step of signing in: a secret shared with an app, and codes on paper."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import studyhub.core.crypto


class Migration(migrations.Migration):
    dependencies = [("people", "0005_names_by_sound")]

    operations = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="second_factor",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("secret", studyhub.core.crypto.EncryptedTextField(blank=True)),
                ("last_step", models.PositiveBigIntegerField(default=0)),
                ("set_up_at", models.DateTimeField(verbose_name="设好的时间")),
            ],
            options={"verbose_name": "两步登录"},
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几个")),
                ("digest", models.CharField(max_length=128)),
                (
                    "used_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="用掉的时间"),
                ),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to="people.secondfactor",
                    ),
                ),
            ],
            options={
                "verbose_name": "备用码",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["factor", "number"], name="people_recoverycode_one_of_each_number"
                    )
                ],
            },
        ),
    ]
