"""A system that ran before there was a set-up counts as set up; an empty one does not."""

import pytest

from studyhub.setup.models import Setup
from tests import factories as make
from tests.migration import migrate, migrate_to_the_newest

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("running", [True, False])
def test_a_running_system_is_set_up(running):
    make.a_tree()
    if running:
        make.a_user("admin", is_superuser=True)
        make.a_branch()
    migrate("setup", "0001_setup")
    migrate_to_the_newest()
    assert Setup.is_finished() is running
