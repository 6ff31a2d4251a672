"""去平台授权: the way from an account to the platform and back, for who holds the keys."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from studyhub.sandbox.film_models import FilmGrant
from tests.channels import film_world

pytestmark = pytest.mark.django_db
BACK = "/cms/channels/authorised/"


@pytest.fixture(autouse=True)
def _reach(settings):
    film_world.reach_films(settings)


@pytest.fixture
def account():
    film_world.platform_app()
    return film_world.an_account()


@pytest.fixture
def keeper(client):
    person = get_user_model().objects.create_superuser(username="keeper", password="x" * 12)
    client.force_login(person)
    return client


def press(client, account):
    return client.post(reverse("channels:act_on_account", args=[account.key]), {"act": "authorise"})


def agree(client, account):
    """Press, and agree at the platform; the address that the browser is sent back to."""
    asked = press(client, account)["Location"]
    path = asked.removeprefix("http://testserver")
    return client.post(path, {"open_id": "me"})["Location"].removeprefix("http://testserver")


def shown(client, account):
    return client.get(reverse("channels:account", args=[account.key])).content.decode()


def test_a_person_goes_to_the_platform_agrees_and_comes_back(keeper, account):
    assert "还没有授权" in shown(keeper, account)
    answer = keeper.get(agree(keeper, account), follow=True)
    account.refresh_from_db()
    assert (account.platform_id, account.grant["open_id"]) == ("me", "me")
    assert "授权还有 179 天" in answer.content.decode()
    assert "授权还有 179 天" in keeper.get(reverse("channels:accounts")).content.decode()


def test_the_question_names_the_way_back_and_no_secret(keeper, account):
    asked = press(keeper, account)["Location"]
    told = film_world.query_of(asked)
    assert told["redirect_uri"] == f"http://testserver{BACK}"
    assert "user_video_publish" in told["scope"]
    assert film_world.APP_SECRET not in asked


def test_an_answer_counts_once_and_only_for_who_asked(keeper, account, client_of_another):
    back = agree(keeper, account)
    client_of_another.get(back)
    account.refresh_from_db()
    assert not account.grant
    keeper.get(back)
    account.refresh_from_db()
    first = account.grant
    said = keeper.get(back, follow=True).content.decode()
    account.refresh_from_db()
    assert "不是从这里发起的" in said
    assert account.grant == first


@pytest.fixture
def client_of_another():
    person = get_user_model().objects.create_superuser(username="another", password="x" * 12)
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=", "?code=x&state=made-up"])
def test_an_answer_that_nobody_asked_for_changes_nothing(keeper, account, query):
    press(keeper, account)
    assert "不是从这里发起的" in keeper.get(BACK + query, follow=True).content.decode()
    account.refresh_from_db()
    assert not account.grant


def test_who_did_not_agree_is_told(keeper, account):
    state = film_world.query_of(press(keeper, account)["Location"])["state"]
    said = keeper.get(f"{BACK}?state={state}", follow=True).content.decode()
    assert "没有授权成" in said


def test_a_code_that_is_worth_nothing_is_told_and_nothing_is_lost(keeper, account):
    keeper.get(agree(keeper, account))
    state = film_world.query_of(press(keeper, account)["Location"])["state"]
    said = keeper.get(f"{BACK}?code=spent&state={state}", follow=True).content.decode()
    assert "没有授权成" in said
    account.refresh_from_db()
    assert account.grant["open_id"] == "me"


def test_who_only_sends_may_not_authorise(client, publisher, account):
    client.force_login(publisher)
    assert press(client, account).status_code in (302, 403)
    assert client.get(BACK).status_code in (302, 403)
    assert "去平台授权" not in shown(client, account)
    assert not FilmGrant.objects.exists()


def test_no_page_shows_a_token_or_a_secret(keeper, account):
    keeper.get(agree(keeper, account))
    given = FilmGrant.objects.get()
    page = shown(keeper, account) + keeper.get(reverse("channels:accounts")).content.decode()
    for secret in (given.access, given.refresh, film_world.APP_SECRET):
        assert secret not in page
