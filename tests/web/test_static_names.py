"""Every file that a template names is among those that are collected."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from studyhub.web.storage import served_within

NAMED = re.compile(r"""\{% static ["']([\w./-]+)["'] %\}""")
TEMPLATES = Path(settings.BASE_DIR) / "templates"
NAMES = sorted({n for path in TEMPLATES.rglob("*.html") for n in NAMED.findall(path.read_text())})


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_a_template_names_is_there_by_itself(name):
    assert finders.find(name)
    assert name not in {f"web/{part}" for part in served_within()}
