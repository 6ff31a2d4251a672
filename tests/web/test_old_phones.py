"""A phone whose page was opened, or kept, before the server was upgraded goes on working."""

import pytest
from django.test import Client

from studyhub.web.views import offline
from tests import factories as make
from tests.old_phones import BUNDLES, addresses_in, files_of, release_of, shell_of

pytestmark = pytest.mark.django_db
# Beginnings: the scripts put a lesson or a name behind them.
BEGINNINGS = {"/api/v1/", "/study/"}


@pytest.fixture(params=BUNDLES, ids=release_of)
def old(request):
    return files_of(request.param)


@pytest.fixture
def readers(sign_in):
    """A member and a leader: between them they are shown every page."""
    make.a_tree()
    member = make.a_member("其其格")
    return [sign_in(member), sign_in(make.a_leader(make.a_group(member)))]


def test_every_address_its_scripts_name_is_there(old, readers):
    named = addresses_in(old) - BEGINNINGS
    assert {"/api/v1/me/records", "/api/v1/offline/manifest", "/sw.js", "/offline/"} <= named
    missing = [
        {path for path in named if reader.get(path).status_code == 404} for reader in readers
    ]
    assert set.intersection(*missing) == set()


def test_what_its_worker_keeps_is_still_a_page(old):
    make.a_tree()
    pages = [path for path in shell_of(old) if not path.startswith("/static/")]
    assert pages
    assert {Client().get(path).status_code for path in pages} == {200}


def test_its_worker_hears_the_emergency_switch(old, client, settings):
    assert "sw-config.json" in "".join(old.values())
    settings.SERVICE_WORKER_KILLED = True
    assert client.get("/sw-config.json").json() == {"kill": True}


def test_what_became_personal_since_is_nothing_its_worker_would_keep(old, client):
    """It keeps a page of an address it was not warned of only where the answer says ``public``."""
    told = old["sw.js"].split("const ROUTES = ", 1)[1].split("\n", 1)[0]
    since = [name for name in offline.NOT_FOR_WORKERS if f'"{name}"' not in told]
    kept = {name for name in since if "public" in client.get(f"/{name}/").get("Cache-Control", "")}
    assert kept == set()
