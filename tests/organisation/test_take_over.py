"""What stood on the front page before an upgrade stands in the organisation's words after it."""

import pytest

from content.models import HomePage
from studyhub.organisation.models import Organisation
from tests import factories as make
from tests.migration import migrate, migrate_to_the_newest

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_welcome_and_contact_are_taken_over_once():
    make.a_tree()
    HomePage.objects.update(welcome="欢迎回家", contact="联络员 0475-1")
    migrate("organisation", "0001_organisation")
    try:
        Organisation.objects.all().delete()
    finally:
        migrate_to_the_newest()
    told = Organisation.objects.get()
    assert (told.welcome, told.contact, told.name) == ("欢迎回家", "联络员 0475-1", "")
    told.contact = "另一位"
    told.save()
    migrate("organisation", "0001_organisation")
    migrate_to_the_newest()
    assert Organisation.objects.get().contact == "另一位"
