"""WeChat's adapter over recorded answers, without a network."""

import json
import logging

import httpx
import pytest

from studyhub.channels.adapters.wechat.channel import WeChatChannel
from studyhub.channels.adapters.wechat.codes import CODES, Effect
from studyhub.channels.errors import (
    AccountStopped,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
    DraftMissing,
    PersonNeeded,
    QuotaReset,
    QuotaUsedUp,
)
from studyhub.channels.ports import Post, Verdict
from tests.channels.contract import (
    ARTICLE,
    CHINESE,
    MARKER,
    SECRET,
    SOURCE,
    TOKEN,
    ChannelContract,
    Tokens,
    a_kit,
)


def wechat(answer, tokens=None, *, sandbox=False):
    """``answer`` makes a response (or raises) from a request other than the token's."""
    tokens = tokens or Tokens()

    def handle(request):
        if request.url.path.endswith("stable_token"):
            value = f"{TOKEN}{tokens.fetched}"
            return httpx.Response(200, json={"access_token": value, "expires_in": 7200})
        return answer(request)

    settings = {"app_id": "wx", "app_secret": SECRET}
    return WeChatChannel(a_kit(answer=handle, settings=settings, tokens=tokens, sandbox=sandbox))


def raising(error):
    def answer(request):
        raise error("boom", request=request)

    return answer


def says(*bodies, status=200, **headers):
    waiting = list(bodies)

    def answer(request):
        body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        text = body if isinstance(body, str) else json.dumps(body)
        return httpx.Response(status, text=text, headers=headers)

    return answer


def _listing(**item):
    return {"total_count": 1, "item_count": 1, "item": [item]}


NEWS = {"title": "题", "content": "<p>正文</p>", "content_source_url": SOURCE, "url": ""}
ITEM = {"idx": 1, "article_url": "https://mp.weixin.qq.com/s/a"}
RECORDED = {
    "material/add_material": {"media_id": "cover", "url": "https://mmbiz.qpic.cn/a"},
    "draft/add": {"media_id": "m"},
    "draft/get": {"news_item": [NEWS]},
    "draft/batchget": {
        "total_count": 1,
        "item": [{"media_id": "m", "content": {"news_item": [NEWS]}}],
    },
    "freepublish/submit": {"errcode": 0, "publish_id": 7, "msg_data_id": 8},
    "freepublish/get": {
        "publish_status": 0,
        "article_id": "a",
        "article_detail": {"count": 1, "item": [ITEM]},
    },
    "freepublish/batchget": {
        "total_count": 1,
        "item": [{"article_id": "a", "content": {"news_item": [NEWS]}}],
    },
    "freepublish/delete": {"errcode": 0},
    "freepublish/getarticle": {"news_item": [{**NEWS, "is_deleted": False}]},
}
NOTHING = {
    "draft/get": {"errcode": 40007, "errmsg": "invalid media_id"},
    "draft/delete": {"errcode": 40007, "errmsg": "invalid media_id"},
    "draft/batchget": {"total_count": 0, "item": []},
    "freepublish/batchget": {"total_count": 0},
}


def recorded(answers):
    def answer(request):
        return httpx.Response(200, json=answers[request.url.path.removeprefix("/cgi-bin/")])

    return answer


class TestContract(ChannelContract):
    adapter = WeChatChannel

    @pytest.fixture
    def accepting(self):
        return wechat(recorded(RECORDED))

    @pytest.fixture
    def empty(self):
        return wechat(recorded(NOTHING))

    @pytest.fixture
    def refusing(self):
        return wechat(says({"errcode": 45166, "errmsg": "invalid content"}))

    @pytest.fixture
    def unreachable(self):
        return wechat(raising(httpx.ConnectError))

    @pytest.fixture
    def silent(self):
        return wechat(raising(httpx.ReadTimeout))

    @pytest.fixture
    def garbled(self):
        return wechat(says("<html>"))

    @pytest.fixture
    def strange(self):
        return wechat(says({"errcode": 99999, "errmsg": "no such thing"}))

    @pytest.fixture
    def too_long(self):
        return Post("长" * 33, "摘", "作者", "<p>正文</p>", "正文", SOURCE)


def test_an_article_of_others_is_not_ours():
    assert wechat(recorded(RECORDED)).find_published(MARKER[::-1]) is None


def test_a_deleted_article_is_called_so_wherever_it_is_met():
    gone = [{**NEWS, "is_deleted": True}]
    answers = RECORDED | {
        "freepublish/getarticle": {"news_item": gone},
        "freepublish/batchget": {
            "total_count": 1,
            "item": [{"article_id": "a", "content": {"news_item": gone}}],
        },
    }
    assert wechat(recorded(answers)).article_status("a").verdict == Verdict.REMOVED
    assert wechat(recorded(answers)).find_published(MARKER).deleted
    assert not wechat(recorded(RECORDED)).find_published(MARKER).deleted


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError])
def test_a_lost_answer_to_a_change_is_uncertain(error):
    for change in (lambda c: c.submit("m"), lambda c: c.add_draft(ARTICLE)):
        with pytest.raises(ChannelUncertain):
            change(wechat(raising(error)))


@pytest.mark.parametrize("answer", [says("oops"), says("{}", status=502), says({"errcode": -1})])
def test_an_unreadable_answer_to_a_change_is_uncertain(answer):
    with pytest.raises(ChannelUncertain):
        wechat(answer).submit("m")


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout])
def test_without_a_connection_nothing_has_happened(error):
    with pytest.raises(ChannelUnavailable):
        wechat(raising(error)).submit("m")


def test_a_lost_answer_to_a_question_is_only_unavailable():
    with pytest.raises(ChannelUnavailable):
        wechat(raising(httpx.ReadTimeout)).poll("1")


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (40007, DraftMissing),
        (45166, ChannelRefused),
        (99999, ChannelUncertain),
        (45009, QuotaUsedUp),
        (45011, QuotaUsedUp),
        (48001, AccountStopped),
        (40164, AccountStopped),
        (40125, AccountStopped),
        (53504, PersonNeeded),
        (53501, QuotaUsedUp),
        (45028, QuotaUsedUp),
        (53500, AccountStopped),
    ],
)
def test_a_number_decides_what_happens_next(errcode, error):
    with pytest.raises(error) as caught:
        wechat(says({"errcode": str(errcode), "errmsg": "no rid: 1-2-3"})).submit("m")
    assert caught.value.code == str(errcode)
    assert caught.value.request_ref == "1-2-3"
    assert caught.value.detail


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_refused_token_is_renewed_once_and_the_call_repeated(errcode):
    tokens = Tokens()
    answer = says({"errcode": errcode}, {"errcode": 0, "publish_id": 7, "msg_data_id": 8})
    submission = wechat(answer, tokens).submit("m")
    assert (submission.submission_id, submission.extra) == ("7", {"msg_data_id": "8"})
    assert tokens.fetched == 2


def test_a_token_refused_again_stops_there():
    tokens = Tokens()
    with pytest.raises(ChannelUnavailable):
        wechat(says({"errcode": 40001}), tokens).submit("m")
    assert tokens.fetched == 2


def test_chinese_travels_as_it_is():
    sent = []

    def answer(request):
        sent.append(request.content)
        return httpx.Response(200, json={"media_id": "m"})

    wechat(answer).add_draft(ARTICLE)
    assert "正文".encode() in sent[0]
    assert b"\\u" not in sent[0]


@pytest.mark.parametrize("number", CODES)
def test_each_number_has_its_source_and_words_for_people(number):
    code = CODES[number]
    assert code.source
    assert CHINESE.search(code.detail)
    assert bool(code.action) == (code.effect in (Effect.ACCOUNT, Effect.PERSON))


def test_publishing_too_often_is_waited_out_and_costs_no_try():
    with pytest.raises(QuotaUsedUp) as caught:
        wechat(says({"errcode": 53501})).submit("m")
    assert caught.value.reset is QuotaReset.IN_A_WHILE
    assert "自动继续" in caught.value.detail


def test_no_secret_and_no_token_reaches_a_log_or_an_error(caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ChannelUncertain) as caught:
        wechat(raising(httpx.ReadTimeout)).submit("m")
    told = caplog.text + repr(caught.value) + str(caught.value.__cause__)
    assert SECRET not in told
    assert TOKEN not in told


def test_an_answer_of_the_sandbox_never_counts_as_wechats():
    answer = says({"errcode": 0, "publish_id": 1}, **{"X-Studyhub-Sandbox": "1"})
    with pytest.raises(AccountStopped):
        wechat(answer).submit("m")
    assert wechat(answer, sandbox=True).submit("m").submission_id == "1"


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(1, "running"), (2, "refused"), (3, "failed"), (4, "refused"), (5, "removed"), (6, "removed")],
)
def test_only_status_zero_is_published(status, verdict):
    status_told = wechat(says({"publish_status": status})).poll("1")
    assert (status_told.verdict, status_told.published) == (Verdict(verdict), None)


def test_a_published_article_gets_a_secure_address():
    item = {"idx": 1, "article_url": "http://mp.weixin.qq.com/s/x"}
    answer = {"publish_status": 0, "article_id": "a", "article_detail": {"item": [item]}}
    published = wechat(says(answer)).poll("1").published
    assert (published.article_id, published.url) == ("a", "https://mp.weixin.qq.com/s/x")


def test_what_is_gone_already_counts_as_withdrawn():
    wechat(says({"errcode": 53600})).withdraw("a")
    wechat(says({"errcode": 40007})).delete_draft("m")
