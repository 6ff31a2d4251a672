"""Lines of a manuscript as questions: stems by their numbers, options by their letters, answers
wherever people write them. Plain values; what is not understood is left over."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from content.question_bank.answers import kind_of
from content.question_bank.points import END, OPTION, OTHER, STEM, TOLD, Said, find_points

_LETTERS, _SIGNS = "A-LＡ-Ｌ", "√|✓|✔|×|✗|✘|对|错|正确|错误"
_STEM = re.compile(
    r"(?:第?\s*(\d{1,4})\s*(?:题\s*[.．、:：]?|[.．](?!\d)|[、:：)）])|[(（]\s*(\d{1,4})\s*[)）])\s*(.*)",
    re.DOTALL,
)
_LETTER = re.compile(rf"[(（]?\s*([{_LETTERS}])\s*[.．、:：)）]\s*")
_HAN = "[一二三四五六七八九十]+"
_CHAPTER = re.compile(rf"^(?:{_HAN}\s*[、.．]|[(（]{_HAN}[)）])\s*")
# Beside its name a heading tells points and numbers, in brackets or not; other words are named.
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]|[每共]\s*小?题.*|共?\s*\d+\s*[题分].*")
_BEHIND_NAME = re.compile(r"[题误]\W*\w")
_KIND = re.compile(r"^[(（【\[]\s*(\S{2,7}?)\s*[)）】\]]\s*")
_EITHER = {"选择", "选择题"}  # of one or of several: the answer says
_KEY = re.compile(r"(?:附录?\s*[:：]?)?\s*(?:参考|标准|正确)?答案(?:[及与和]解析|部分)?\s*[:：]?")
_TOLD = r"(?:正确|标准|参考)?答案|(?:答案|试题|题目)?解析|依据|出处|来源"
_MARK = re.compile(
    rf"[【\[]\s*({_TOLD})\s*[】\]]\s*[:：]?\s*"
    rf"|(?:^|(?<=[\s。；;，,)）]))({_TOLD})\s*[:：]\s*"
    rf"|^(答案)\s*(?=[{_LETTERS}√×对错])"
)
_FIELDS = {"案": "answer", "析": "explanation"}  # by the last sign of the mark; else the source
_IN_STEM = re.compile(rf"[(（]\s*((?:[{_LETTERS}][\s,，、]*)+|(?:{_SIGNS})\s*)[)）]")
_AT_END = re.compile(rf"{_IN_STEM.pattern}(?:\s*[。.？?])?\s*$")
_PAIR = re.compile(
    rf"(?<!\d)(\d{{1,3}})\s*[.．、:：)）]?\s*((?:[{_LETTERS}][,，、]?)+|{_SIGNS})(?![a-z])"
)
_RANGE = re.compile(
    rf"(\d{{1,3}})\s*[-—－~～至]\s*\d{{1,3}}\s*[.．、:：]?\s*((?:[{_LETTERS}√×]\s*)+)"
)
_PIECE = re.compile(r"(?:^|[\s;；,，]+)(?=\d{1,3}\s*[.．、:：)）](?!\d))")
PICTURE = "\ue002"  # before the number of one; nobody writes this sign
LONGEST = 1_000  # characters; what is longer is refused anyhow
LONGEST_LINE = 4_000  # characters that are looked at; a list of answers is one line
_AROUND = " \t\u3000;；"
_ALONE = " ,，;；、。."


@dataclass
class Found:
    """A question as far as it was read. ``kind`` is empty where nothing names it."""

    number: int
    stem: str
    kind: str = ""
    options: list[str] = field(default_factory=list)
    answer: str = ""
    explanation: str = ""
    source: str = ""
    pictures: list[int] = field(default_factory=list)  # that follow its stem


class QuestionLines:
    """``found`` are the questions in their order, ``unread`` the lines that belong to none,
    ``unsure`` the stems whose numbered points may be questions of their own."""

    def __init__(self, lines: Iterable[tuple[str, bool]]) -> None:
        """Each with whether the file counts it by itself, so that its number is nowhere."""
        self.found: list[Found] = []
        self.unread: list[str] = []
        self.unread_pictures = 0
        self._kind = ""
        self._number = 0
        self._field = ""  # where a line that says nothing of itself goes on
        self._in_key = self._is_last_key = self._is_lost = False
        self._waiting: dict[int, list[int]] = {}  # by number, for the list of answers
        self._place = 0  # behind the question that the list of answers named last
        written = [(text.strip(), counted) for text, counted in lines]
        last = max((n for n, (text, _) in enumerate(written) if _begins_with(text, 0)), default=-1)
        points = find_points([_said(text, counted) for text, counted in written])
        self.unsure = points.unsure
        for number, (text, counted) in enumerate(written):
            self._is_last_key = number > last
            if number in points.lines:
                self.found[-1].stem += f" {points.lines[number]}"
            elif not self._read(text, counted):
                self.unread.append(text)
        for one in self.found:
            _take_answer_from_stem(one)

    def _read(self, text: str, counted: bool) -> bool:
        if not text:
            return True
        if text.startswith(PICTURE):
            self._take_picture(int(text.removeprefix(PICTURE)))
            return True
        if len(text) > LONGEST_LINE:
            return False
        if _KEY.fullmatch(text) and self.found:
            self._in_key, self._kind, self._field = True, "", "answer"
            return True
        if (kind := _chapter(text)) is not None:
            self._kind, self._number = kind, 0
            return not _BEHIND_NAME.search(_BRACKETS.sub("", text))
        if self._in_key and (self._is_last_key or _pairs(text, strict=True)):
            return self._read_key(text)
        self._in_key = False  # answers of one part, or of one question, with others behind
        return self._read_question(text, counted)

    def _take_picture(self, number: int) -> None:
        """Of the question whose stem was read last, while nothing else of it was."""
        if self.found and self._field == "stem" and not self._is_lost:
            self.found[-1].pictures.append(number)
        else:
            self.unread_pictures += 1

    def _read_question(self, text: str, counted: bool) -> bool:
        head, told = _parts(text)
        if head and not self._read_head(head, counted):
            self._is_lost = True
            return False
        if told and (not self.found or self._is_lost):
            return False  # of a question that was not read, not of the one before
        self._field = told[-1][0] if told else self._field
        return not told or _tell(self.found[-1], told)

    def _read_head(self, head: str, counted: bool) -> bool:
        if self.found and _begins_with(head, len(self.found[-1].options)):
            self._add_options(head)
            return True
        stem = _STEM.fullmatch(head)
        if stem or counted:
            number = int(stem[1] or stem[2]) if stem else self._number + 1
            self._begin(number, stem[3] if stem else head)
            return True
        if self._goes_on:
            before = getattr(self.found[-1], self._field)
            setattr(self.found[-1], self._field, f"{before}{head}")
            return True
        return False

    @property
    def _goes_on(self) -> bool:
        """Whether a line that says nothing of itself belongs to the one before."""
        if self._field == "answer":
            return not self.found[-1].answer
        if self._field not in ("stem", "explanation"):
            return False
        text = getattr(self.found[-1], self._field)
        is_answered = self._field == "stem" and _AT_END.search(text)
        return len(text) < LONGEST and not is_answered

    def _begin(self, number: int, words: str) -> None:
        kind = self._kind
        if (named := _KIND.match(words)) and kind_of(named[1]):
            kind, words = _kind_named(named[1]), words[named.end() :]
        self._number, self._is_lost = number, False
        self._waiting.setdefault(number, []).append(len(self.found))
        self.found.append(Found(number, words, kind))
        self._field = "stem"
        without_answer = _IN_STEM.sub(lambda one: "\0" * len(one[0]), words)
        letters = _LETTER.finditer(without_answer)
        first = next((one for one in letters if _place_of(one[1]) == 0), None)
        if first and len(_split_options(words[first.start() :], 0)) > 1:
            self.found[-1].stem = words[: first.start()].strip()
            self._add_options(words[first.start() :])

    def _add_options(self, text: str) -> None:
        options = self.found[-1].options
        options += _split_options(text, len(options))
        self._field = ""

    def _read_key(self, text: str) -> bool:
        head, told = _parts(text)
        pairs = _pairs(head)
        taken = [self._answer(number, words) for number, words in pairs]
        if told and self._place:
            taken.append(_tell(self.found[self._place - 1], told))
        return bool(taken) and all(taken)

    def _answer(self, number: int, words: str) -> bool:
        """Numbers may begin anew with each kind: the next one that is so called and lacks one."""
        waiting = self._waiting.get(number, [])
        for place in sorted(waiting, key=lambda place: (place < self._place, place)):
            one = self.found[place]
            if not one.answer and self._kind in ("", one.kind or self._kind):
                one.answer, self._place = words, place + 1
                waiting.remove(place)
                return True
        return False


def _said(text: str, counted: bool) -> Said:
    """What a line is to the lines around it."""
    if not text or len(text) > LONGEST_LINE:
        return Said(OTHER)
    if _KEY.fullmatch(text) or _chapter(text) is not None:
        return Said(END)
    head, told = _parts(text)
    if _LETTER.match(head):
        return Said(OPTION)
    stem = _STEM.fullmatch(head)
    if not stem and not counted:
        return Said(TOLD if told else OTHER)
    number = int(stem[1] or stem[2]) if stem else 0
    words = stem[3] if stem else head
    style = re.sub(r"\d+|\s", "", head[: stem.start(3)]) if stem else "counted"
    is_whole = bool(told or _AT_END.search(words) or len(_split_options(words, 0)) > 1)
    return Said(STEM, head, number, style, is_whole)


def _chapter(text: str) -> str | None:
    """The kind that a heading names (一、单选题（每题 2 分）), empty for either kind of choice."""
    begun = _CHAPTER.match(text)
    name = re.split(r"[\s（(:：，,。]", text[begun.end() :] if begun else text)[0]
    return _kind_named(name) if kind_of(name) and name.endswith(("题", "误")) else None


def _kind_named(name: str) -> str:
    return "" if name in _EITHER else kind_of(name)


def _parts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first mark (答案：, 【解析】), and what each of them says."""
    marks = list(_MARK.finditer(text))
    names = [_FIELDS.get((one[1] or one[2] or one[3])[-1], "source") for one in marks]
    head = text[: marks[0].start() if marks else None].strip()
    return head, list(zip(names, _behind(marks, text), strict=True))


def _behind(marks: list[re.Match[str]], text: str) -> list[str]:
    """What stands behind each of them, until the next."""
    ends = [one.start() for one in marks[1:]] + [len(text)] * bool(marks)
    return [text[one.end() : end].strip(_AROUND) for one, end in zip(marks, ends, strict=True)]


def _tell(one: Found, told: list[tuple[str, str]]) -> bool:
    """False where it says another thing than before: nothing is written over."""
    fits = True
    for name, words in told:
        fits = fits and getattr(one, name) in ("", words)
        setattr(one, name, getattr(one, name) or words)
    return fits


def _begins_with(text: str, place: int) -> bool:
    """Whether it begins with the letter of the option at this place."""
    found = _LETTER.match(text)
    return found is not None and _place_of(found[1]) == place


def _place_of(letter: str) -> int:
    return (ord(letter) - ord("A")) % (ord("Ａ") - ord("A"))


def _split_options(text: str, first: int) -> list[str]:
    """Each behind its letter; a letter out of turn is part of the words."""
    starts: list[re.Match[str]] = []
    for one in _LETTER.finditer(text):
        if _place_of(one[1]) == first + len(starts):
            starts.append(one)
    return _behind(starts, text)


def _take_answer_from_stem(one: Found) -> None:
    """（ B ）in the stem is its answer, and a gap to its reader."""
    marks = list(_IN_STEM.finditer(one.stem))
    if marks:
        one.answer = one.answer or marks[-1][1].strip()
        one.stem = f"{one.stem[: marks[-1].start()]}（　）{one.stem[marks[-1].end() :]}"


def _pairs(head: str, *, strict: bool = False) -> list[tuple[int, str]]:
    """Of a list of answers: 1.A 2.C, 1-5 ABCDA, or 1. 遵义; that one might be a stem as well, and
    is none where ``strict``."""
    found = []
    for first, letters in _RANGE.findall(head):
        found += list(enumerate("".join(letters.split()), start=int(first)))
    if found:
        return found
    pairs = [(int(number), words) for number, words in _PAIR.findall(head)]
    if pairs and not _PAIR.sub("", head).strip(_ALONE):
        return pairs
    if strict:
        return []
    pieces = [piece for piece in _PIECE.split(head) if piece.strip()]
    stems = [one for one in map(_STEM.fullmatch, pieces) if one]
    if len(stems) < len(pieces):
        return []
    return [(int(one[1] or one[2]), one[3].strip()) for one in stems]
