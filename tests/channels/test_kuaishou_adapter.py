"""Kuaishou's adapter over recorded answers, without a network."""

from dataclasses import replace

import httpx
import pytest

from studyhub.channels.adapters.kuaishou.answers import CODES, Ask, Effect, error_for
from studyhub.channels.adapters.kuaishou.channel import PART, KuaishouFilmChannel
from studyhub.channels.errors import (
    AccountStopped,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
    MaterialMissing,
    QuotaUsedUp,
)
from studyhub.channels.film_ports import Upload
from studyhub.channels.ports import Grant, Verdict
from tests.channels.contract import MARKER, SECRET, TOKEN, Tokens, a_kit, explained
from tests.channels.film_contract import ARTICLE, PICTURE, UPLOAD, FilmContract, a_film

SCOPES = ["user_video_publish", "user_video_info", "user_video_delete"]


class Granted(Tokens):
    """A store in which a person's grant lies."""

    def __init__(self, grant=None):
        super().__init__()
        self.given = grant or Grant(f"{TOKEN}-refresh", 3600, "me")

    def grant(self):
        return self.given


def token_answer(request, number=0):
    assert request.url.path == "/oauth2/refresh_token"
    assert request.url.params["refresh_token"] == f"{TOKEN}-refresh"
    return httpx.Response(
        200,
        json={
            "result": 1,
            "access_token": f"{TOKEN}{number}",
            "expires_in": 172800,
            "refresh_token": f"{TOKEN}-refresh-2",
            "refresh_token_expires_in": 15552000,
            "open_id": "me",
            "scopes": SCOPES,
        },
    )


def kuaishou(answer, tokens=None, **values):
    tokens = tokens or Granted()

    def handle(request):
        if request.url.path.startswith("/oauth2/"):
            return token_answer(request, tokens.fetched)
        return answer(request)

    settings = {"app_id": "ks", "app_secret": SECRET}
    return KuaishouFilmChannel(a_kit(answer=handle, settings=settings, tokens=tokens, **values))


def raising(error):
    def answer(request):
        raise error("boom", request=request)

    return answer


def says(body):
    def answer(request):
        if isinstance(body, str):
            return httpx.Response(200, text=body)
        return httpx.Response(200, json=body)

    return answer


INFO = {
    "photo_id": "3x1",
    "caption": f"题\n摘\n（编号 {MARKER}）",
    "create_time": 1_900_000_000_000,
    "pending": False,
}
RECORDED = {
    "/openapi/photo/start_upload": {"upload_token": "u", "endpoint": "upload.example.com"},
    "/api/upload/resume": {"existed": False, "fragment_index": -1},
    "/api/upload/fragment": {"checksum": "", "size": 1},
    "/api/upload/complete": {},
    "/openapi/photo/publish": {"video_info": INFO},
    "/openapi/photo/info": {"video_info": INFO},
    "/openapi/photo/list": {"video_list": [INFO]},
    "/openapi/photo/delete": {},
}


def recorded(answers=RECORDED):
    def answer(request):
        if request.url.path == "/openapi/photo/list" and request.url.params.get("cursor"):
            return httpx.Response(200, json={"result": 1, "video_list": []})
        return httpx.Response(200, json={"result": 1, **answers[request.url.path]})

    return answer


def refusal(number, said="no"):
    return {"result": number, "error": said, "error_msg": said}


class TestContract(FilmContract):
    adapter = KuaishouFilmChannel

    @pytest.fixture
    def accepting(self):
        return kuaishou(recorded())

    @pytest.fixture
    def empty(self):
        def answer(request):
            if request.url.path == "/openapi/photo/list":
                return httpx.Response(200, json={"result": 1, "video_list": []})
            return httpx.Response(200, json=refusal(100120001, "video_not_exist"))

        return kuaishou(answer)

    @pytest.fixture
    def refusing(self):
        return kuaishou(says(refusal(100120003)))

    @pytest.fixture
    def used_up(self):
        return kuaishou(says(refusal(100120002)))

    @pytest.fixture
    def unreachable(self):
        return kuaishou(raising(httpx.ConnectError))

    @pytest.fixture
    def silent(self):
        return kuaishou(raising(httpx.ReadTimeout))

    @pytest.fixture
    def garbled(self):
        return kuaishou(says('{"resu'))

    @pytest.fixture
    def strange(self):
        return kuaishou(says(refusal(99999)))

    @pytest.fixture
    def ungranted(self):
        tokens = Granted()
        tokens.given = None
        return kuaishou(recorded(), tokens)


@pytest.mark.parametrize("number", sorted(CODES))
def test_each_number_is_told_in_chinese_and_never_refuses_a_question(number):
    code = CODES[number]
    explained(error_for(number, "no", Ask.CHANGE))
    asked = error_for(number, "no", Ask.QUESTION)
    assert not isinstance(asked, ChannelRefused)
    if code.effect is Effect.ACCOUNT:
        assert isinstance(asked, AccountStopped)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (100200500, ChannelUncertain),
        (100120002, MaterialMissing),
        (100120003, ChannelRefused),
        (100100402, QuotaUsedUp),
        (100200109, AccountStopped),
        (0, ChannelUncertain),
    ],
)
def test_a_number_answered_to_create_decides_what_happens_next(number, error):
    with pytest.raises(error):
        kuaishou(says(refusal(number))).create("u", ARTICLE, PICTURE)


def test_a_post_without_a_number_may_be_there():
    with pytest.raises(ChannelUncertain):
        kuaishou(says({"result": 1, "video_info": {"caption": "题"}})).create("u", ARTICLE, PICTURE)


def test_a_refused_token_is_renewed_once_and_the_call_made_again():
    calls = []

    def answer(request):
        calls.append(request.url.params["access_token"])
        body = refusal(100200108) if len(calls) == 1 else {"result": 1, "video_info": INFO}
        return httpx.Response(200, json=body)

    tokens = Granted()
    channel = kuaishou(answer, tokens)
    assert channel.create("u", ARTICLE, PICTURE).submission_id == "3x1"
    assert (len(set(calls)), tokens.fetched) == (2, 2)


def test_parts_that_are_there_are_not_sent_again():
    sent = []

    def answer(request):
        if request.url.path == "/api/upload/resume":
            return httpx.Response(200, json={"result": 1, "existed": True, "fragment_index": 1})
        if request.url.path == "/api/upload/fragment":
            sent.append((request.url.params["fragment_id"], len(request.content)))
        return httpx.Response(200, json={"result": 1})

    film, noted = a_film(bytes(PART) * 2 + b"tail"), []
    kuaishou(answer).send_film(UPLOAD, film, done=0, sent=noted.append)
    assert (sent, noted) == ([("2", 4)], [3])


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "10.0.0.1", "localhost", "a b.com", "x.com/path", "user@x.com", ""]
)
def test_a_host_that_is_no_public_name_is_not_sent_a_file(host):
    def answer(request):
        raise AssertionError("it was called")

    with pytest.raises(ChannelUnavailable) as caught:
        kuaishou(answer).send_film(Upload("u", host), a_film(), done=0, sent=lambda count: None)
    explained(caught.value)


def test_what_is_under_review_runs_and_is_found_as_such():
    pending = {**INFO, "pending": True}
    channel = kuaishou(
        recorded(
            RECORDED
            | {
                "/openapi/photo/info": {"video_info": pending},
                "/openapi/photo/list": {"video_list": [pending]},
            }
        )
    )
    assert channel.poll("3x1").verdict == Verdict.RUNNING
    assert channel.find_published(MARKER).running


def test_a_grant_that_ended_or_was_used_by_another_asks_for_a_person():
    over = Granted(replace(Granted().given, seconds_left=0))
    with pytest.raises(AccountStopped) as caught:
        kuaishou(recorded(), over).probe()
    assert "去平台授权" in caught.value.action
    settings = {"app_id": "ks", "app_secret": SECRET}
    discarded = says(refusal(0, "refreshToken.discarded"))
    kit = a_kit(answer=discarded, settings=settings, tokens=Granted())
    with pytest.raises(AccountStopped) as caught:
        KuaishouFilmChannel(kit).probe()
    assert "去平台授权" in caught.value.action


def test_a_grant_without_the_scope_to_publish_is_refused():
    answer = says({"result": 1, "access_token": "a", "open_id": "me", "scopes": ["user_info"]})
    kit = a_kit(answer=answer, settings={"app_id": "ks", "app_secret": SECRET})
    with pytest.raises(AccountStopped) as caught:
        KuaishouFilmChannel(kit).exchange("code", "https://x.example/back")
    explained(caught.value)
