"""The ledgers of erasures that a restore goes by, lest it bring back who was erased."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from studyhub.backup import directory
from studyhub.backup.manifest import Manifest, read_manifest
from studyhub.core.errors import Conflict, Invalid
from studyhub.people.erasure_ledger import LEDGER, damage_of, ledger_path, noted_in

WITHOUT = (
    "没有它，备份以后要求删除的人会回来。请把拷到别处的那份和备份放在一起；"
    "真的没有了，加 --without-erasures，再照书面申请逐个删除。"
)


def look_at(folder: Path, manifest: Manifest, *, without: bool) -> list[Path]:
    """Those beside the backup and of this machine. Raises Conflict where they cannot be relied on.

    ``without``: the operator knows, and what can be read is gone by.
    """
    places = {folder.resolve().parent / LEDGER, ledger_path().resolve()}
    found = sorted(place for place in places if place.exists())
    if not without:
        _refuse_damaged(found)
        _refuse_short(found, folder, manifest)
    return found


def _refuse_damaged(found: Iterable[Path]) -> None:
    for ledger in found:
        if damage := damage_of(ledger):
            raise Conflict("ledger_damaged", f"注销名册（{ledger}）{damage}。{WITHOUT}")


def _refuse_short(found: list[Path], folder: Path, manifest: Manifest) -> None:
    """One that names fewer than were known at a backup is not the one that was kept."""
    if not found or len(noted_in(found)) < max(manifest.erasures, _known_later(folder)):
        place = folder.parent / LEDGER
        raise Conflict("ledger_missing", f"注销名册（{place}）没有找到，或比备份时短了。{WITHOUT}")


def _known_later(folder: Path) -> int:
    """How many the newest backup beside it knew; one that cannot be read says nothing."""
    newest = directory.newest(folder.resolve().parent)
    with suppress(Invalid):
        if newest:
            return read_manifest(newest).erasures
    return 0
