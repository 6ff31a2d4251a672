"""What editors read is Chinese, also where Wagtail has no Chinese of its own."""

import gettext as catalogues
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, ngettext, override
from wagtail.models import Collection, Task, Workflow

from tests.content.catalogues import places_in, read_catalogue, words_of
from tests.web.desk_words import is_foreign

FOLDER = Path(settings.LOCALE_PATHS[0], "zh_Hans", "LC_MESSAGES")
DOMAINS = ("django", "djangojs")
# Of what is installed, as ``makemessages`` names the folders.
WAGTAIL = [("wagtail", part) for part in ("", "admin", "documents", "images", "users", "snippets")]
WAGTAIL += [("wagtail", part) for part in ("sites", "search", "embeds", "contrib/redirects")]
WAGTAIL += [("wagtail", "contrib/table_block"), ("wagtailmedia", "")]


def english_of(package, part, domain="django"):
    folder = files(package).joinpath(*filter(None, part.split("/")))
    return read_catalogue(Path(str(folder), "locale", "en", "LC_MESSAGES", f"{domain}.po"))


@pytest.mark.parametrize("domain", DOMAINS)
def test_our_words_keep_what_is_filled_in(domain):
    for entry in read_catalogue(FOLDER / f"{domain}.po"):
        assert places_in(entry.chinese) <= places_in(entry.english + entry.plural), entry.english
        assert not is_foreign(words_of(entry.chinese)), entry.chinese


@pytest.mark.parametrize("domain", DOMAINS)
def test_our_words_are_compiled(domain):
    """Whoever changes a catalogue runs ``msgfmt``: a clone has no compiler."""
    compiled = catalogues.translation(domain, settings.LOCALE_PATHS[0], ["zh_Hans"])
    for entry in read_catalogue(FOLDER / f"{domain}.po"):
        assert compiled.ngettext(entry.english, entry.plural, 2) in (
            entry.chinese,
            entry.plural and entry.chinese,
        )


@pytest.mark.parametrize(("package", "part"), WAGTAIL)
def test_no_word_of_the_desk_is_left_in_english(package, part):
    with override("zh-hans"):
        left = [entry.english for entry in english_of(package, part) if is_foreign(_shown(entry))]
    assert left == []


def _shown(entry):
    if entry.plural:
        return words_of(ngettext(entry.english, entry.plural, 2))
    return words_of(gettext(entry.english))


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Collection, Workflow, Task])
def test_nor_a_name_that_the_first_migration_gave(model):
    assert not [row.name for row in model.objects.all() if is_foreign(row.name)]


def test_no_word_of_a_script_is_left_in_english():
    text = Client().get("/cms/jsi18n/").content.decode()
    known = json.loads(re.search(r"const newcatalog = (\{.*?\});", text, re.DOTALL)[1])
    asked = [entry.english for entry in english_of("wagtail", "admin", "djangojs")]
    assert len(asked) > 60
    left = [words for words in asked if is_foreign(words_of(str(known.get(words, words))))]
    assert left == []
