import pytest

from studyhub.stored_pages import filling
from studyhub.stored_pages.rendering import ask
from tests.web.conftest import course, editor, lesson, qiqige, site  # noqa: F401  fixtures


@pytest.fixture
def page_files(tmp_path):
    return tmp_path / "pages"


@pytest.fixture
def stored(settings, page_files, lesson, site):  # noqa: F811
    """A site whose pages are stored, on this machine's disk as well."""
    settings.STORED_PAGES = True
    settings.PAGE_FILES = str(page_files)
    assert filling.refill()


@pytest.fixture
def fresh():
    """What an address answers when it is rendered now."""
    return ask
