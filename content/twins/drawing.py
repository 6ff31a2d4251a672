"""Mongolian as a picture, for phones that do not join its letters: plain values in, PNG files out.

HarfBuzz (Raqm) sets horizontal lines, the first one at the foot; turned by a quarter they are
columns that run downwards, from left to right.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

FORM = 1  # rises when the same words are drawn in another way
CONTENT = Path(__file__).parent.parent
MONGOLIAN = CONTENT / "static" / "content" / "mongolian.woff2"
OTHERS = CONTENT / "fonts" / "NotoSansCJKsc-Regular-subset.otf"
# For phones of 360 points, twice as fine; a column is as long as the page's own are there.
COLUMN, SIZE, PITCH, GAP = 800, 40, 68, 20
EDGE = 6  # above and below: letters reach a little beyond their place
HEADING = 1.15  # times as large
ROOM = COLUMN - 2 * EDGE
MOST_COLUMNS = 58  # in one picture: wider ones are more than old phones draw
_BASE, _SIDE = 0.325, 0.36  # of the size: from the middle of a line to the foot of its letters
_SHADES = 16
_OURS = re.compile(
    "[\u1800-\u1819\u1820-\u1842\u200c\u200d\u202f\u2048\u2049 \xa0!?()\u2013\u2014-]"
)
_NUMBER = re.compile("[0-9]+(?:[.,:/-][0-9]+)*")
_UPRIGHT_DIGITS = 2
_STAYS = re.compile("[\u180b-\u180f\u200c\u200d\u202f]")  # says how its neighbours are drawn


@dataclass(frozen=True)
class Piece:
    """Letters of one font. ``upright`` ones stand as on a page that is read across."""

    text: str
    is_ours: bool
    upright: bool = False


Atom = tuple[Piece, ...]  # is not broken


def draws() -> bool:
    """Whether this machine can: without FriBidi Pillow draws unjoined letters and says nothing."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=1)
def _fonts_hash() -> str:
    return hashlib.sha256(MONGOLIAN.read_bytes() + OTHERS.read_bytes()).hexdigest()


def key_of(heading: str, paragraphs: Sequence[str]) -> str:
    """Another one for other words, another font or another form; 32 hexadecimal digits."""
    facts = [FORM, COLUMN, SIZE, _fonts_hash(), heading, list(paragraphs)]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]


def draw(heading: str, paragraphs: Sequence[str]) -> list[bytes]:
    """PNG files in reading order, black on nothing, each ``COLUMN`` high."""
    columns = [*_columns(heading, round(SIZE * HEADING)), None] if heading else []
    for number, text in enumerate(paragraphs):
        columns += [None] * bool(number) + _columns(text, SIZE)
    starts = range(0, len(columns), MOST_COLUMNS)
    return [_png(columns[at : at + MOST_COLUMNS]) for at in starts]


Column = tuple[int, list[Piece]]  # the size of its letters, and what stands in it


def _columns(text: str, size: int) -> list[Column | None]:
    """One line broken into columns; None where there is only room between them."""
    found: list[Column | None] = []
    pieces: list[Piece] = []
    used = 0.0
    for atom in _fitting(text, size):
        length = _length(atom, size)
        if pieces and used + length > ROOM:
            found.append((size, _joined(pieces)))
            pieces, used = [], 0.0
        if pieces or atom[0].text != " ":
            pieces, used = [*pieces, *atom], used + length
    return [*found, (size, _joined(pieces))] if pieces else found


def _fitting(text: str, size: int) -> Iterator[Atom]:
    """What is longer than a column is broken within."""
    for atom in _atoms(text):
        if _length(atom, size) <= ROOM:
            yield atom
        else:
            yield from ((piece,) for one in atom for piece in _cut(one, size))


def _cut(piece: Piece, size: int) -> Iterator[Piece]:
    part = ""
    for sign in piece.text:
        longer = Piece(part + sign, piece.is_ours, piece.upright)
        if part and not _STAYS.match(sign) and _length([longer], size) > ROOM:
            yield Piece(part, piece.is_ours, piece.upright)
            part = ""
        part += sign
    yield Piece(part, piece.is_ours, piece.upright)


def _atoms(text: str) -> Iterator[Atom]:
    """Words and the spaces between them; each sign that stands upright may begin a column."""
    for word in re.split("( )", text):
        run: list[Piece] = []
        for piece in _pieces(word):
            if piece.upright and not piece.text.isascii():
                yield from [tuple(run)] * bool(run)
                yield (piece,)
                run = []
            else:
                run.append(piece)
        if run:
            yield tuple(run)


def _pieces(word: str) -> list[Piece]:
    found, place = [], 0
    while place < len(word):
        number = _NUMBER.match(word, place)
        text = number[0] if number else word[place]
        upright = len(text) <= _UPRIGHT_DIGITS if number else _stands(text)
        found.append(Piece(text, not number and bool(_OURS.match(text)), upright))
        place += len(text)
    return _joined(found)


def _stands(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one font that lie along the line are shaped together."""
    found: list[Piece] = []
    for one in pieces:
        last = found[-1] if found else None
        if last and not (one.upright or last.upright) and last.is_ours == one.is_ours:
            found[-1] = Piece(last.text + one.text, one.is_ours)
        else:
            found.append(one)
    return found


@lru_cache(maxsize=8)
def _font(is_ours: bool, size: int) -> ImageFont.FreeTypeFont:
    path = MONGOLIAN if is_ours else OTHERS
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)


def _length(pieces: Sequence[Piece], size: int) -> float:
    return sum(size if one.upright else _run(one, size) for one in pieces)


def _run(piece: Piece, size: int) -> float:
    return _font(piece.is_ours, size).getlength(piece.text, direction="ltr", language="mn")


def _png(columns: Sequence[Column | None]) -> bytes:
    """``mask`` is how much ink is where; read across, the first column is the line at the foot."""
    height = sum(PITCH if one else GAP for one in columns)
    mask = Image.new("L", (COLUMN, height))
    foot = height
    for column in columns:
        foot -= PITCH if column else GAP
        if column:
            _put_line(mask, column, foot + PITCH // 2)
    return _packed(mask.transpose(Image.Transpose.ROTATE_270))


def _put_line(mask: Image.Image, column: Column, middle: int) -> None:
    size, pieces = column
    place, pen = float(EDGE), ImageDraw.Draw(mask)
    for one in pieces:
        if one.upright:
            mask.paste(_standing(one.text, size), (round(place), middle - size // 2))
            place += size
            continue
        foot = middle + size * (_BASE if one.is_ours else _SIDE)
        font = _font(one.is_ours, size)
        pen.text((place, foot), one.text, 255, font, anchor="ls", direction="ltr", language="mn")
        place += _run(one, size)


def _standing(text: str, size: int) -> Image.Image:
    """A square turned back beforehand: it stands once the line is turned."""
    square = Image.new("L", (size, size))
    font = _font(False, size if len(text) == 1 else round(size * 0.85))
    ImageDraw.Draw(square).text((size / 2, size * 0.88), text, 255, font, anchor="ms")
    return square.transpose(Image.Transpose.ROTATE_90)


def _packed(mask: Image.Image) -> bytes:
    """Few shades of one ink: a fifth of the bytes of a picture in full."""
    shades = mask.point([value * _SHADES // 256 for value in range(256)])
    picture = Image.frombytes("P", shades.size, shades.tobytes())
    picture.putpalette(bytes(3 * _SHADES))
    file = BytesIO()
    alpha = bytes(value * 255 // (_SHADES - 1) for value in range(_SHADES))
    picture.save(file, "PNG", bits=4, transparency=alpha, optimize=True)
    return file.getvalue()
