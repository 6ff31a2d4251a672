"""Words drawn on the server are those that a browser sets in vertical lines."""

import base64
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from content.twins import drawing
from tests.content.twins.way import WORD

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not drawing.draws(), reason="Pillow has no Raqm here"),
]
# With a separated final, a narrow space, punctuation, and letters that change with their place.
WORDS = [
    WORD,
    f"{WORD}\u202f\u1824\u1828",
    "\u182c\u1820\u1822\u182f\u1820\u1828",
    "\u182c\u1820\u1837\u180e\u1820",
    "\u1821\u1833\u1833\u1821",
    f"{WORD}\u1802",
]
PAGE = """<style>@font-face {{ font-family: M; src: url(data:font/woff2;base64,{font}) }}
p {{ font: {size}px/{pitch}px M; writing-mode: vertical-lr; text-orientation: mixed; margin: 20px;
width: {pitch}px; height: 400px }}</style><p lang="mn-Mong">{word}</p>"""
MOST_OTHER = 0.1  # of the ink: edges are drawn with other shades


def ink(picture):
    """Cut to what is drawn, white on black."""
    return picture.crop(picture.getbbox())


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("word", WORDS, ids=lambda word: "-".join(f"{ord(c):x}" for c in word))
def test_a_word_is_drawn_as_the_browser_sets_it(page, word):
    font = base64.b64encode(drawing.MONGOLIAN.read_bytes()).decode()
    size, pitch = drawing.SIZE, drawing.PITCH
    page.set_content(PAGE.format(font=font, size=size, pitch=pitch, word=word))
    page.evaluate("document.fonts.ready")
    seen = Image.open(BytesIO(page.locator("p").screenshot())).convert("L")
    theirs = ink(ImageChops.invert(seen))
    [ours] = drawing.draw("", [word])
    ours = ink(Image.open(BytesIO(ours)).convert("RGBA").getchannel("A"))
    assert max(abs(a - b) for a, b in zip(ours.size, theirs.size, strict=True)) <= 2
    assert min(_other(ours, theirs, x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)) < MOST_OTHER


def _other(ours, theirs, x, y):
    """How much of the ink is on one of them alone, moved by a point at most."""
    whole = (max(ours.width, theirs.width) + 2, max(ours.height, theirs.height) + 2)
    first, second = (Image.new("L", whole) for _ in range(2))
    first.paste(ours, (1 + x, 1 + y))
    second.paste(theirs, (1, 1))
    apart = ImageChops.difference(first, second)
    return _sum(apart) / (_sum(first) + _sum(second))


def _sum(picture):
    return sum(value * count for value, count in enumerate(picture.histogram()))
