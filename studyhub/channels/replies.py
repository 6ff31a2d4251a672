"""What an account answers by itself to who writes to it. Nobody's record is read or told.

The words are one table. A message comes from an openid that is tied to nobody here: whoever asks
for their own progress gets the way to their own page.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.urls import reverse

from content import catalogue
from studyhub.core.folding import fold

MOST_BYTES = 2000  # the platform takes 2048
SHORTENED = "……"
TODAY, TODAY_FRESH = "channels.replies.today", 5  # seconds


class Keyword(NamedTuple):
    """A word that people write or a button is named by, and what is answered."""

    word: str
    answer: Callable[[], str]


def _today() -> str:
    """Looked up every few seconds, however many ask: what is answered stays on their phones."""
    return str(caches["process"].get_or_set(TODAY, _look_up_today, TODAY_FRESH))


def _look_up_today() -> str:
    cards = catalogue.featured() or catalogue.LessonSelection()[:1]
    if not cards:
        return f"课还在准备，请过几天再来看：{_address('/')}"
    return f"今天学《{cards[0].title}》，大约 {cards[0].minutes} 分钟：{_address(cards[0].url)}"


def _own_progress() -> str:
    return f"您的学习记录只有您自己登录以后看得到：{_address(reverse('me'))}"


def _joining() -> str:
    return f"请向组长要报名用的个人码或邀请链接，再打开这里：{_address(reverse('join'))}"


def _moved() -> str:
    return f"请在这里告诉组长您换到了哪里：{_address(reverse('move'))}"


KEYWORDS = (
    Keyword("今天学什么", _today),
    Keyword("我的进度", _own_progress),
    Keyword("报名", _joining),
    Keyword("我换地方了", _moved),
)


def _help() -> str:
    words = "、".join(f"“{keyword.word}”" for keyword in KEYWORDS)
    return f"您可以回复：{words}。这里是自动回复，没有人看；有事请找您的组长。"


def reply_to(words: str) -> str:
    """The answer to what was written or pressed; to anything else, what one may write."""
    wanted = fold(words).strip()
    found = [keyword.answer for keyword in KEYWORDS if fold(keyword.word) == wanted]
    return bounded((found or [_help])[0]())


def _address(path: str) -> str:
    return path if "://" in path else f"{settings.PUBLIC_URL}{path}"


def bounded(text: str) -> str:
    """As many whole characters as the platform takes."""
    data = text.encode()
    if len(data) <= MOST_BYTES:
        return text
    room = MOST_BYTES - len(SHORTENED.encode())
    return data[:room].decode(errors="ignore") + SHORTENED
