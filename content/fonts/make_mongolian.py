"""Cuts the font for Mongolian pages out of @fontsource/noto-sans-mongolian 5.3.0 (Noto Sans
Mongolian 3.002, OFL-1.1).

Run by hand, with the unpacked package:  npm pack @fontsource/noto-sans-mongolian@5.3.0
uv run --with fonttools --with brotli content/fonts/make_mongolian.py PACKAGE
Holds the letters of the traditional script (Hudum), its digits and punctuation, its variation
selectors, vowel separator and narrow space, and all features that shape them. Todo, Sibe, Manchu
and the letters for Sanskrit are left out. The package is cut into files by ranges of characters;
its file of the script holds no figures, which readers see in the fonts of their phones.
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parent.parent / "static" / "content"
FONT, LICENCE = FOLDER / "mongolian.woff2", FOLDER / "mongolian.LICENSE.txt"
SCRIPT = "files/noto-sans-mongolian-mongolian-400-normal.woff2"
MOST = 40_000  # bytes
WANTED = [
    *range(0x1800, 0x1810),  # punctuation, variation selectors, vowel separator
    *range(0x1810, 0x181A),  # digits
    *range(0x1820, 0x1843),  # Hudum
    *(0x20, 0xA0, 0x200C, 0x200D, 0x202F, 0x2048, 0x2049, 0x25CC),
    *(ord(sign) for sign in "!?()-–—"),
]


def main(package: Path) -> None:
    font = TTFont(package / SCRIPT)
    options = subset.Options(layout_features=["*"], hinting=False, flavor="woff2")
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=WANTED)
    cutter.subset(font)
    font.recalcTimestamp = False  # the same bytes at every run
    FOLDER.mkdir(parents=True, exist_ok=True)
    font.flavor = "woff2"
    font.save(FONT)
    shutil.copyfile(package / "LICENSE", LICENCE)
    if FONT.stat().st_size > MOST:
        raise SystemExit(f"{FONT.stat().st_size} bytes are too many for a phone")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
