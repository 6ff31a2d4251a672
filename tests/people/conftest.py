import pytest

from tests import factories as make


@pytest.fixture
def keeper(db):
    """Who keeps the ledger."""
    return make.a_user("gaowa", "高娃", is_superuser=True)


@pytest.fixture
def admin(keeper, sign_in):
    return sign_in(keeper)


@pytest.fixture
def root(db):
    """The top of the tree, and the pages the desk stands on."""
    make.a_tree()
    return make.a_branch("旗委")


@pytest.fixture
def lubei(root):
    return make.a_branch("鲁北镇党委", root)


@pytest.fixture
def qiqige(db):
    return make.a_member("其其格", phone="13900001234")


@pytest.fixture
def group(qiqige):
    return make.a_group(qiqige)


@pytest.fixture
def wuyun(group):
    """Who leads her group."""
    return make.a_leader(group)
