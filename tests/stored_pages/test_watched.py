"""Whatever a public page shows of the database is watched, or there is a reason why not."""

import re

import pytest
from django.apps import apps
from django.db import connection
from wagtail.models import Page

from content.shown import WATCHED, WATCHED_WHEN_DELETED
from studyhub.organisation.models import Organisation
from studyhub.stored_pages import filling
from studyhub.webhooks.models import Endpoint
from tests.content import site_material as sites
from tests.web.factories import a_full_lesson, a_picture, a_sound

pytestmark = pytest.mark.once

_TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')
NOT_WATCHED = {
    "django_content_type": "written by migrations alone, whose end is told",
    "wagtailcore_collection": "rights of the desk; no page shows one",
    "content_lessonsearch": "read for no page",
}


def test_every_table_that_a_public_page_reads_is_watched(stored):
    a_full_lesson(slug="full")
    picture = sites.an_exhibit(
        image=a_picture().pk, alt="灯", media=a_sound().pk, transcript="从前"
    )
    sites.a_site(picture, slug="ling-yuan")
    read: set[str] = set()

    def note(execute, sql, params, many, context):
        read.update(_TABLE.findall(sql))
        return execute(sql, params, many, context)

    for address in filling.addresses():
        with connection.execute_wrapper(note):
            filling.render(address)
    models = {model._meta.db_table: model for model in apps.get_models()}
    whole = WATCHED | WATCHED_WHEN_DELETED | {Organisation, Endpoint}
    watched = {
        table for table, model in models.items() if issubclass(model, Page) or model in whole
    }
    assert read - watched - NOT_WATCHED.keys() == set()
    assert len(read & watched) > 6
