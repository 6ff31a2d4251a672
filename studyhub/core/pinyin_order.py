"""The order in which Chinese lists names: by sound, one character after the other.

A key is small letters and figures only, so that every database sorts it alike, whatever its
collation. Keys are stored: whoever changes a reading here writes them anew in a migration.
"""

import re
from typing import Any
from unicodedata import category, normalize

# As surnames these sound otherwise than as words. A name that does not begin with its surname
# (巴图) is read by the same table; what is in it is hardly ever the first sound of such a name.
_SURNAMES = dict(
    re.findall(
        r"(\S+):(\S+)",
        """
        万俟:mo4qi2 尉迟:yu4chi2 单于:chan2yu2 长孙:zhang3sun1 澹台:tan2tai2 鲜于:xian1yu2
        淳于:chun2yu2 令狐:ling2hu2 拓跋:tuo4ba2 亓官:qi2guan1 夏侯:xia4hou2 中行:zhong1hang2
        单:shan4 單:shan4 仇:qiu2 曾:zeng1 解:xie4 区:ou1 區:ou1 查:zha1 朴:piao2 任:ren2
        华:hua4 華:hua4 葛:ge3 卜:bu3 覃:qin2 燕:yan1 员:yun4 員:yun4 缪:miao4 繆:miao4
        翟:zhai2 洗:xian3 冼:xian3 过:guo1 過:guo1 句:gou1 谌:chen2 諶:chen2 种:chong2
        令:ling2 乜:nie4 佴:nai4 能:nai4 贲:ben1 賁:ben1 秘:bi4 郇:xun2 纪:ji3 紀:ji3 费:fei4
        於:yu1 薄:bo2 阚:kan4 闞:kan4 应:ying1 應:ying1 占:zhan1 干:gan1 少:shao4 相:xiang4
        撒:sa4 观:guan4 繁:po2 折:she2 祭:zhai4 都:du1 长:chang2 朝:chao2 幺:yao1 宓:mi4
        """,
    )
)
_SOUND = re.compile(r"[a-z]+[1-5]")
_LATIN = re.compile(r"[a-z]")
_FIGURE = re.compile(r"[0-9]")
LONGEST_INITIALS = 40
_AFTER_ALL = "zz"  # no syllable begins so


def name_key(name: str) -> str:
    """Sorts people's names: surnames are read as surnames, at the front of the name only."""
    letters = _letters(name)
    return _key(letters, _surname(letters))


def initials(name: str) -> str:
    """The first letter of each sound, as people type who look for somebody: 其其格 is qqg."""
    letters = _letters(name)
    known = _surname(letters)
    sounds = [*known, *_sounds(letters)[len(known) :]]
    first = (
        letter if sound in ("0", _AFTER_ALL) else sound[0]
        for sound, letter in zip(sounds, letters, strict=True)
    )
    return "".join(first)[:LONGEST_INITIALS]


def syllables(name: str) -> list[str]:
    """How a name sounds, without tones: whose characters differ may still be the same person."""
    letters = _letters(name)
    known = _surname(letters)
    sounds = [*known, *_sounds(letters)[len(known) :]]
    return [
        letter if sound in ("0", _AFTER_ALL) else sound.rstrip("012345")
        for sound, letter in zip(sounds, letters, strict=True)
    ]


def _surname(letters: str) -> list[str]:
    """The sounds of the surname at the front, where it sounds otherwise than as a word."""
    known = (_SURNAMES[letters[:n]] for n in (2, 1) if letters[:n] in _SURNAMES)
    return _SOUND.findall(next(known, ""))


def title_key(title: str) -> str:
    """Sorts names of anything else: groups, places."""
    return _key(_letters(title))


def _letters(text: str) -> str:
    """Without spaces, dots, accents and case, which are typed now so, now otherwise."""
    return "".join(c for c in normalize("NFKD", text).casefold() if category(c)[0] in "LN")


def _key(letters: str, known: list[str] | None = None) -> str:
    """For each letter its sound, its tone, and itself, so that the same characters stand together.

    A Latin letter sounds like itself, before all tones; figures come first, and what has no sound
    that we know (Mongolian, Cyrillic, the rarest characters) after everything else.
    """
    known = known or []
    sounds = [*known, *_sounds(letters)[len(known) :]]
    return "".join(f"{s}{ord(c):05x}" for s, c in zip(sounds, letters, strict=True))


def _sounds(letters: str) -> list[str]:
    # Its dictionaries take a moment to load: only when a name is stored, not at every start.
    from pypinyin import Style, lazy_pinyin

    one_by_one: Any = list  # of what it cannot read; its types know only texts
    sounds = lazy_pinyin(letters, Style.TONE3, errors=one_by_one, neutral_tone_with_five=True)
    return [
        sound if _SOUND.fullmatch(sound) else _sound_of(letter)
        for sound, letter in zip(sounds, letters, strict=True)
    ]


def _sound_of(letter: str) -> str:
    if _FIGURE.fullmatch(letter):
        return "0"
    return f"{letter}0" if _LATIN.fullmatch(letter) else _AFTER_ALL
