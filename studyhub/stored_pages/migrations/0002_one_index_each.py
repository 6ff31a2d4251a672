"""What is indexed twice is so once."""

from django.db import migrations

from studyhub.core.migration_operations import DropPatternIndexes


class Migration(migrations.Migration):
    dependencies = [("stored_pages", "0001_initial")]

    operations = [DropPatternIndexes("storedpage", "address")]
