"""Cuts the font for printed sheets out of Debian's Noto Sans CJK (package ``fonts-noto-cjk``).

Run by hand where a character is missing:  uv run --with fonttools content/fonts/make_subset.py
Holds GB 2312, Latin letters with the tones of pinyin, figures, punctuation, characters of names
that GB 2312 does not know, and all that the font has from the extensions that Unicode added since
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
NAMES = (
    "〇囍飏堃喆淼焱垚赟翀祎珺昇熙煊㐂䶮𠮷嚞燊犇翾龑龢玥玘玙玚玓玟玠珅珈珣珩珮珵琇琎琤琨琬琰瑀瑄瑆瑗"
    "璟璇璎璐璘璠瓒瓛皞皛禛竑笙筠箐翊翯聿芃芮芷苒莙菀菡萱葳蓁蓥蕤蘅虓衎谌赪逄逯邰郗郤鄢鄯酆钰铠铄锃"
    "镕镠闫闳阚陞霁霂韫顗飔骁骐骞鲲鹍黉嫄婳姝姞妤妧妡婧嬿孖孞宸寔屺岍崑崚嶒巘弢弨彧忞恺惇愔慜懋戬扆"
    "昉昱昶旻旼旸昕晟晗晞暄暐曈曌朤杺枬栩梓棪楒槿樾沄洺浠淏湉湜滢潆澍澔瀚灏炘炜烜焓焜埈埕堉塬奡"
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝"
    "䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼"
    "𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌"
)
LATER = [range(0x9FA6, 0xA000), range(0x2A700, 0x2EBF0)]  # the table's rare characters


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
    wanted = gb2312() | set(TONES + MARKS + NAMES) | {chr(code) for code in range(0x20, 0x7F)}
    wanted |= {chr(code) for later in LATER for code in later}
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
