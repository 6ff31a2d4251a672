"""A restore that was begun and not ended: until it is, nobody may work with what is there."""

from pathlib import Path

from django.conf import settings


def restore_marker() -> Path:
    """The file that is there from the first change of a restore to its last."""
    return Path(settings.VAR_DIR) / "restore.unfinished"
