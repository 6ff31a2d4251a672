"""Who withdraws while somebody publishes: whoever comes second finds what the first has done."""

from datetime import date
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from wagtail.models import Collection

from content.models import LessonPage, OralHistory
from content.models import oral_histories as consents
from studyhub.core.clock import today
from tests import factories as make
from tests.web.oral import a_story, told_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("indexed"),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time"),
]


def test_a_withdrawal_waits_for_a_publication_and_takes_it_down():
    make.a_tree()
    if Collection.get_first_root_node() is None:  # a test before emptied the database
        Collection.add_root(name="Root")
    story = a_story(consented_on=date(2026, 1, 5))
    page = told_in(story, publish=False)

    def withdraw():
        mine = OralHistory.objects.get(pk=story.pk)
        mine.withdrawn_on = today()
        mine.save()
        connection.close()

    other = Thread(target=withdraw)
    with transaction.atomic():
        draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        consents.refuse_without_consent(draft)
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive(), "it did not wait"
        make.publish_page(draft)
    other.join(timeout=20)
    assert not LessonPage.objects.get(pk=page.pk).live
    with pytest.raises(ValidationError, match="撤回"):
        make.publish_page(LessonPage.objects.get(pk=page.pk))
