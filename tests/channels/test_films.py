"""A film on its whole way: through the worker to the emulated platform, once, whatever breaks."""

import logging

import pytest

from studyhub.channels import accounts, authorising, requests
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.ports import Grant, Token
from studyhub.channels.tokens import RowTokenStore
from studyhub.channels.worker.run import run
from studyhub.core.errors import Conflict, Invalid
from studyhub.sandbox.film_models import FilmGrant, FilmPart, FilmPost, FilmUpload
from studyhub.sandbox.models import Call, Clock
from tests.channels import film_world
from tests.channels.world import ask, carry, fault

pytestmark = pytest.mark.django_db
PART = 4 * 1024 * 1024


@pytest.fixture(autouse=True)
def _reach(settings, tmp_path):
    film_world.reach_films(settings)
    settings.MEDIA_ROOT = str(tmp_path)
    film_world.keep_film()


@pytest.fixture
def app():
    return film_world.platform_app()


@pytest.fixture
def account(app):
    return film_world.grant(film_world.an_account(), app)


def calls(path):
    return Call.objects.filter(path=f"kuaishou/{path}").count()


def test_a_film_is_uploaded_posted_reviewed_and_out(account):
    delivery = carry(film_world.a_film_delivery(account))
    post = FilmPost.objects.get()
    assert delivery.state == "published"
    assert delivery.url == f"https://www.kuaishou.com/short-video/{post.post_id}"
    assert post.caption == f"长征出发\n红军为什么出发\n（编号 {delivery.marker}）"
    assert bytes(post.film) == film_world.MP4


def test_a_film_under_review_is_not_out(account, app):
    app.review_delay = 3600
    app.save()
    delivery = carry(film_world.a_film_delivery(account))
    assert delivery.state == "in_review"
    Clock.advance(3601)
    assert carry(delivery).state == "published"


@pytest.mark.parametrize("kind", ["accept_then_drop", "broken_json"])
def test_a_lost_answer_to_the_post_is_looked_up_and_never_asked_again(account, kind):
    fault("kuaishou/openapi/photo/publish", kind)
    delivery = carry(film_world.a_film_delivery(account))
    assert (delivery.state, FilmPost.objects.count()) == ("published", 1)
    assert calls("openapi/photo/publish") == 1


def test_a_lost_answer_is_followed_through_its_review(account, app):
    app.review_delay = 3600
    app.save()
    fault("kuaishou/openapi/photo/publish", "accept_then_drop")
    delivery = carry(film_world.a_film_delivery(account))
    assert (delivery.state, bool(delivery.submission_id)) == ("in_review", True)
    Clock.advance(3601)
    assert carry(delivery).state == "published"


@pytest.mark.parametrize("kind", ["drop", "http500", "timeout"])
def test_what_may_be_out_and_is_not_listed_waits_for_a_person(account, kind):
    fault("kuaishou/openapi/photo/publish", kind)
    delivery = carry(film_world.a_film_delivery(account))
    assert (delivery.state, delivery.error_code) == ("waiting_human", "outcome_unknown")
    assert (calls("openapi/photo/publish"), FilmPost.objects.count()) == (1, 0)


def test_after_a_persons_word_it_begins_with_a_new_upload(account, settings):
    settings.CHANNELS = {**settings.CHANNELS, "POLL_FOR_AT_MOST": 0.0}
    fault("kuaishou/openapi/photo/publish", "drop")
    delivery = carry(film_world.a_film_delivery(account))
    requests.retry(delivery.pk)
    assert carry(delivery, times=8).state == "published"
    assert (FilmPost.objects.count(), FilmUpload.objects.count()) == (1, 2)


@pytest.mark.parametrize("path", ["api/upload/fragment", "api/upload/complete"])
@pytest.mark.parametrize("kind", ["accept_then_drop", "drop", "http500"])
def test_an_upload_that_breaks_goes_on_where_it_was(account, path, kind):
    film_world.keep_film(film_world.MP4 + bytes(2 * PART))
    fault(f"kuaishou/{path}", kind)
    delivery = carry(film_world.a_film_delivery(account), times=10)
    assert (delivery.state, FilmPost.objects.count()) == ("published", 1)
    assert (FilmUpload.objects.count(), FilmPart.objects.count()) == (1, 3)


def test_a_long_upload_takes_several_turns_and_wastes_no_try(account, settings):
    settings.CHANNELS = {**settings.CHANNELS, "UPLOAD_TURN": -1.0}
    film_world.keep_film(film_world.MP4 + bytes(2 * PART))
    delivery = film_world.a_film_delivery(account)
    run(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.external["upload_parts"], delivery.attempts) == ("1", 0)
    assert "接着传" in delivery.steps.last().note
    assert carry(delivery).state == "published"
    assert FilmPart.objects.count() == 3


def test_an_upload_that_is_too_old_is_begun_anew(account):
    fault("kuaishou/openapi/photo/publish", "errcode", errcode=100120002)
    delivery = carry(film_world.a_film_delivery(account), times=8)
    assert (delivery.state, FilmPost.objects.count()) == ("published", 1)
    assert FilmUpload.objects.count() == 2


def test_a_number_that_nobody_has_seen_is_looked_up(account):
    fault("kuaishou/openapi/photo/publish", "errcode", errcode=99999)
    delivery = carry(film_world.a_film_delivery(account))
    assert delivery.state == "waiting_human"
    assert "没见过" in delivery.error_detail


def test_a_file_that_the_platform_cannot_use_is_refused(account):
    film_world.keep_film(b"no film at all")
    delivery = carry(film_world.a_film_delivery(account))
    assert (delivery.state, delivery.error_code) == ("rejected", "100120003")


def test_a_film_that_is_gone_is_told(account):
    delivery = film_world.a_film_delivery(account)
    delivery.post = {**delivery.post, "video": "f" * 32}
    delivery.save()
    delivery = carry(delivery)
    assert (delivery.state, delivery.error_code) == ("rejected", "film_gone")


def test_what_is_out_can_be_taken_back(account):
    delivery = carry(film_world.a_film_delivery(account))
    requests.withdraw(delivery.pk)
    assert carry(delivery).state == "removed"
    assert FilmPost.objects.get().deleted


def test_a_cancelled_one_leaves_nothing(account):
    fault("kuaishou/api/upload/complete", "drop")
    delivery = film_world.a_film_delivery(account)
    run(delivery.pk)
    requests.cancel(delivery.pk)
    delivery = carry(delivery)
    assert (delivery.state, delivery.wish, FilmPost.objects.count()) == ("cancelled", "", 0)


# --- at the desk ---


def test_without_a_film_it_is_refused_at_the_desk(account, lesson):
    with pytest.raises(Invalid, match="请先生成竖屏视频"):
        ask(lesson, account=account.key)
    assert not Delivery.objects.exists()


def test_the_film_is_frozen_with_the_text(account, lesson, monkeypatch):
    monkeypatch.setattr("studyhub.channels.films.video_key_of", lambda page, revision: "a" * 32)
    assert ask(lesson, account=account.key).frozen_post.video == "a" * 32


def test_a_title_over_the_limit_is_refused_at_the_desk_with_the_count(
    account, make_lesson, monkeypatch
):
    monkeypatch.setattr("studyhub.channels.films.video_key_of", lambda page, revision: "a" * 32)
    with pytest.raises(Invalid, match="标题有 61 字，超过了快手的上限 60 字"):
        ask(make_lesson(title="长" * 61), account=account.key)


# --- what was given ---


def test_an_account_that_nobody_has_authorised_pauses_and_says_so(app):
    account = film_world.an_account()
    delivery = carry(film_world.a_film_delivery(account))
    account.refresh_from_db()
    assert (delivery.state, account.health) == ("needs_auth", "paused")
    assert "去平台授权" in account.needs
    film_world.grant(account, app)
    assert carry(delivery).state == "published"


def test_what_a_person_took_back_pauses_the_account(account):
    FilmGrant.objects.update(revoked=True)
    delivery = carry(film_world.a_film_delivery(account))
    account.refresh_from_db()
    assert (delivery.state, account.health) == ("needs_auth", "paused")
    assert "授权失效" in account.paused_reason


def test_a_token_that_ran_out_is_renewed_and_the_new_grant_kept(account):
    before = account.grant["refresh"]
    Clock.advance(49 * film_world.HOURS)
    delivery = carry(film_world.a_film_delivery(account))
    account.refresh_from_db()
    assert delivery.state == "published"
    assert account.grant["refresh"] == FilmGrant.objects.get().refresh != before


def test_a_grant_is_kept_even_by_a_caller_whose_lock_ran_out(account):
    """The one before is dead at the platform: whoever holds the new one must write it."""

    def fetch():
        ChannelAccount.objects.filter(pk=account.pk).update(token_lock_until=None)
        return Token("new", 3600, Grant("rotated", 3600, "me"))

    assert RowTokenStore(account.pk).read(fetch, stale=account.token["value"]) == "new"
    account.refresh_from_db()
    assert account.grant["refresh"] == "rotated"


def test_pausing_and_resuming_keeps_what_was_given(account):
    accounts.resume(account)
    assert account.grant["open_id"] == "me"


def test_one_account_of_the_platform_is_authorised_once(account, app):
    second = film_world.an_account(key="ks-2")
    with pytest.raises(Conflict, match="已经设置为“ks”"):
        film_world.grant(second, app)
    film_world.grant(second, app, open_id="somebody-else")


@pytest.mark.parametrize(("days", "soon"), [(20, False), (13, True), (-1, True)])
def test_the_desk_warns_before_a_person_must_act_again(account, days, soon):
    grant = Grant("r", days * 86400 + 600, "me")
    RowTokenStore(account.pk).read(lambda: Token("t", 1, grant), stale=account.token["value"])
    account.refresh_from_db()
    standing = authorising.standing_of(account)
    assert (standing.days_left, standing.soon) == (days, soon)


def test_no_secret_is_written_anywhere(account, caplog):
    caplog.set_level(logging.DEBUG)
    fault("kuaishou/openapi/photo/publish", "accept_then_drop")
    fault("kuaishou/openapi/photo/start_upload", "errcode", errcode=100200108)
    Clock.advance(49 * film_world.HOURS)
    delivery = carry(film_world.a_film_delivery(account), times=8)
    grant = FilmGrant.objects.get()
    account.refresh_from_db()
    told = caplog.text + repr(list(delivery.steps.values())) + repr(list(Call.objects.values()))
    told += repr(Delivery.objects.values().get())
    for secret in (film_world.APP_SECRET, grant.access, grant.refresh):
        assert secret not in told
    assert delivery.state == "published"
