"""Modules that are always loaded together reach a phone as one file."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from studyhub.web.storage import joined, parts_of, served_within

WEB = Path(finders.find("web/routes.js")).parent


def _read(name):
    return (WEB / name).read_text("utf-8")


@pytest.mark.parametrize("name", ["base.js", "keep.js", "queue.js"])
def test_a_list_of_modules_is_one_module_without_the_list(name):
    one = joined(_read(name), _read)
    imported = re.findall(r'^import .*"\./(.*)";$', one, re.MULTILINE)
    assert not {*imported} & served_within()
    assert len(imported) == len({*imported})
    assert all(_read(part).splitlines()[0] in one for part in parts_of(_read(name)))


def test_a_name_that_two_modules_import_is_imported_once():
    sources = {
        "one.js": 'import { a, b } from "./base.js";\na(b);',
        "two.js": 'import { b, c } from "./base.js";\nimport { d } from "./one.js";\nc(d);',
    }
    listed = 'export * from "./one.js";\nexport * from "./two.js";'
    lines = joined(listed, sources.__getitem__).split()
    assert " ".join(lines) == 'import { a, b, c } from "./base.js"; a(b); c(d);'


def test_any_other_module_stays_as_it_is():
    assert joined("export const a = 1;", _read) == "export const a = 1;"
