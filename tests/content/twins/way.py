"""A block on its way into Mongolian, for tests.

The one word is the name of the script's people; nothing here is a text anybody would read.
"""

from content.models import BlockTwin, LessonPage
from content.twins import saving
from content.twins.shown import shown_twins
from content.twins.sources import source_page, translatable

WORD = "\u182e\u1823\u1829\u182d\u1823\u182f"
MORE = f"{WORD} {WORD}"


def again(page):
    return LessonPage.objects.get(pk=page.pk)


def units(page):
    return translatable(source_page(again(page)))


def block(page, index=1):
    """The id of a block; 0 is the head."""
    return units(page)[index].id


def hash_of(page, block_id):
    return {unit.id: unit.hash for unit in units(page)}[block_id]


def save(page, person, block_id=None, text=WORD, **screen):
    block_id = block_id or block(page)
    newest = saving.newest_twin(page, block_id)
    seen = {"token": newest.token if newest else "0", "source_hash": hash_of(page, block_id)}
    words = {"heading": WORD, "text": text}
    return saving.save_twin(again(page), block_id, words, person, **(seen | screen))


def sign(page, person, block_id=None, **screen):
    block_id = block_id or block(page)
    seen = {"seen": saving.newest_twin(page, block_id).unit.hash}
    return saving.sign_twin(again(page), block_id, person, **(seen | screen))


def signed(page, desk, block_id=None, text=WORD):
    """Written by one, signed by the two others."""
    save(page, desk["saran"], block_id, text)
    sign(page, desk["bayar"], block_id)
    return sign(page, desk["tuya"], block_id)


def shown(page):
    return shown_twins(again(page))


def drafts():
    return BlockTwin.objects.filter(state=BlockTwin.State.DRAFT)


def reword(page, index=0, heading="第一章"):
    """One block of the live lesson is corrected."""
    page = again(page)
    page.body[index].value["heading"] = heading
    page.save_revision().publish()
    return again(page)
