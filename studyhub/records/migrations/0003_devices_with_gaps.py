from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0002_receipt_source")]

    operations = [
        migrations.AddField(
            model_name="devicecursor",
            name="has_gaps",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
