"""Cuts the font for printed sheets out of Debian's Noto Sans CJK (package ``fonts-noto-cjk``).

Run by hand where a character is missing:  uv run --with fonttools content/fonts/make_subset.py
Holds GB 2312, Latin letters with the tones of pinyin, figures, punctuation and what ``EXTRA``
names.
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
HERE = Path(__file__).parent
FONT = HERE / "NotoSansCJKsc-Regular-subset.otf"
COVERED = HERE / "covered.txt"
TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêńňǹḿĀÁǍÀĒÉĚÈĪÍǏÌŌÓǑÒŪÚǓÙǕǗǙǛÜ"
MARKS = (
    "·—–…‘’“”〈〉《》「」『』【】〔〕（）［］｛｝、。，．：；？！％‰℃°×÷±≈≤≥→←↑↓○●◎□■△▲☆★✓✎◐"
    "①②③④⑤⑥⑦⑧⑨⑩￥€©"
)
EXTRA = "〇囍飏堃喆淼焱垚赟翀祎珺昇熙煊"  # names GB 2312 does not know


def gb2312() -> set[str]:
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def main() -> None:
    fonts = TTCollection(SOURCE).fonts
    font = next(f for f in fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    wanted = gb2312() | set(TONES + MARKS + EXTRA) | {chr(code) for code in range(0x20, 0x7F)}
    covered = sorted(c for c in wanted if ord(c) in font.getBestCmap())
    options = subset.Options(hinting=False, desubroutinize=False, layout_features=["kern", "locl"])
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in covered])
    cutter.subset(font)
    font["head"].modified = font["head"].created  # the same bytes at every run
    font.recalcTimestamp = False
    font.save(FONT)
    COVERED.write_text("".join(covered), "utf-8")


if __name__ == "__main__":
    main()
