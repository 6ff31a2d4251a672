"""What editors read is Chinese, also where Wagtail has no Chinese of its own."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

[CATALOGUE] = settings.LOCALE_PATHS
WORDS = Path(CATALOGUE, "zh_Hans", "LC_MESSAGES", "django.po").read_text("utf-8")
ASKED = [line[7:-1] for line in WORDS.splitlines() if line.startswith('msgid "') and line[7:-1]]


@pytest.mark.parametrize("english", ASKED)
def test_each_word_of_our_catalogue_is_in_use(english):
    with override("zh-hans"):
        assert f'msgid "{english}"\nmsgstr "{gettext(english)}"' in WORDS
        assert gettext(english) != english
