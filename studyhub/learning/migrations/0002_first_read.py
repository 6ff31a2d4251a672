from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0001_initial"),
        ("records", "0002_receipt_source"),
    ]

    operations = [
        migrations.AddField(
            model_name="progress",
            name="first_read",
            field=models.JSONField(blank=True, default=dict, null=True),
        ),
    ]
