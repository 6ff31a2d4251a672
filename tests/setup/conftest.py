import pytest

from studyhub.setup.models import Setup


@pytest.fixture
def empty(db):
    """A migrated database in which nobody has set anything up."""
    assert not Setup.objects.exists()
