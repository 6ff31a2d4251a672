"""WeChat's signatures, encryption and bodies, held against another's code and a hostile hand."""

import time
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

from studyhub.channels.adapters.wechat import cipher
from studyhub.channels.adapters.wechat.callbacks import WeChatReceiver
from studyhub.channels.adapters.wechat.envelopes import (
    JSON,
    XML,
    Unreadable,
    read_body,
    text_of,
    write_body,
)
from studyhub.channels.callback_ports import CallbackRefused, Incoming, Topic
from studyhub.sandbox import callbacks as platform
from tests.channels.callbacks import (
    FOLLOWER,
    KEY,
    OLD_KEY,
    TOKEN,
    WAYS,
    event,
    job_ended,
    request_of,
    target,
    text,
)
from tests.channels.factories import APP_ID

SETTINGS = {"app_id": APP_ID, "token": TOKEN, "aes_key": KEY, "previous_aes_key": OLD_KEY}
NOW = 1_800_000_000


def incoming(query, body, at=NOW):
    return Incoming("POST", query, {}, body.encode() if isinstance(body, str) else body, at)


def read(query, body, settings=None, at=NOW):
    return WeChatReceiver({**SETTINGS, **(settings or {})}).read(incoming(query, body, at))


# --- another's code reads ours, and ours reads another's ---


def other():
    return WeChatCrypto(TOKEN, KEY, APP_ID)


def test_another_library_signs_as_we_do():
    check_signature(TOKEN, cipher.signature(TOKEN, "1", "n"), "1", "n")
    with pytest.raises(InvalidSignatureException):
        check_signature(TOKEN, cipher.signature("other", "1", "n"), "1", "n")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_what_another_library_encrypts_we_read(words):
    sealed = dict(read_body(other().encrypt_message(words, "n", str(NOW)).encode())[0])
    assert cipher.decrypt(sealed["Encrypt"], APP_ID, KEY).decode() == words
    parts = (TOKEN, sealed["TimeStamp"], sealed["Nonce"], sealed["Encrypt"])
    assert cipher.is_signed(sealed["MsgSignature"], *parts)


@pytest.mark.parametrize("mode", ["compat", "safe"])
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300))
def test_another_library_reads_our_encrypted_answers(mode, words):
    query, body = request_of(text("报名"), target(mode), at=NOW)
    answer = read(query, body).reply(words).body.decode()
    sealed = read_body(answer.encode())[0]
    clear = other().decrypt_message(
        answer, sealed["MsgSignature"], sealed["TimeStamp"], sealed["Nonce"]
    )
    assert read_body(clear.encode())[0]["Content"].split() == words.split()


@pytest.mark.parametrize("mode", ["compat", "safe"])
def test_another_library_reads_what_our_sandbox_sends(mode):
    query, body = request_of(text("报名"), target(mode), at=NOW)
    clear = other().decrypt_message(
        body, query["msg_signature"], query["timestamp"], query["nonce"]
    )
    message = parse_message(clear)
    assert (message.type, message.content, message.source) == ("text", "报名", FOLLOWER)


def test_another_library_reads_our_clear_answers():
    query, body = request_of(text("报名"), target("plain"), at=NOW)
    answer = read(query, body, {"callback_mode": "plain"}).reply("好").body
    message = parse_message(answer.decode())
    assert (message.target, message.source, message.content) == ("gh_1", FOLLOWER, "好") or (
        message.source,
        message.target,
        message.content,
    ) == ("gh_1", FOLLOWER, "好")


# --- a hostile hand ---


@pytest.fixture(scope="module")
def safe():
    return request_of(job_ended(), target("safe"), at=NOW)


@given(st.data())
def test_no_character_of_what_is_signed_may_change(safe, data):
    query, body = safe
    begin, end = body.index("<Encrypt>"), body.index("</Encrypt>")
    place = data.draw(st.integers(begin + len("<Encrypt><![CDATA["), end - len("]]>") - 1))
    other_sign = data.draw(st.characters(min_codepoint=33, max_codepoint=122))
    changed = body[:place] + other_sign + body[place + 1 :]
    if changed != body:
        with pytest.raises(CallbackRefused):
            read(query, changed)


@given(st.data())
def test_no_character_of_the_query_may_change(safe, data):
    query, body = safe
    name = data.draw(st.sampled_from(["timestamp", "nonce", "msg_signature"]))
    place = data.draw(st.integers(0, len(query[name]) - 1))
    changed = query[name][:place] + data.draw(st.characters()) + query[name][place + 1 :]
    if changed != query[name]:
        with pytest.raises(CallbackRefused):
            read({**query, name: changed}, body)


@given(st.data())
def test_no_byte_of_a_sealed_text_may_change_unnoticed(data):
    """Even under a right signature: the AppID, the length and the padding are looked at."""
    sealed = data.draw(st.binary(max_size=400))
    try:
        cipher.decrypt(cipher.base64.b64encode(sealed).decode(), APP_ID, KEY)
    except cipher.Undecipherable:
        return
    pytest.fail("noise was taken for a message")


@given(st.binary(max_size=500), st.dictionaries(st.text(max_size=20), st.text(max_size=50)))
def test_whatever_comes_is_read_or_refused(body, query):
    for mode in ("plain", "safe"):
        with pytest.raises(CallbackRefused):
            read(query, body, {"callback_mode": mode})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_whatever_is_signed_becomes_a_message_or_is_refused(fields):
    sealed = platform.seal(platform.write(fields, "json").encode("utf-8", "replace"), target())
    signed = cipher.signature(TOKEN, str(NOW), "n", sealed)
    query = {"timestamp": str(NOW), "nonce": "n", "msg_signature": signed}
    outer = write_body({"Encrypt": sealed}, JSON).decode()
    try:
        message = read(query, outer)
    except CallbackRefused:
        return
    assert message.reply("好").body


def test_without_settings_everything_is_refused(safe):
    query, body = safe
    with pytest.raises(CallbackRefused):
        WeChatReceiver({}).read(incoming(query, body))


# --- encryption ---


@given(st.binary(max_size=200))
def test_every_length_is_padded_and_read_again(clear):
    assert cipher.decrypt(cipher.encrypt(clear, APP_ID, KEY), APP_ID, KEY) == clear


@pytest.mark.parametrize("key", [OLD_KEY, KEY])
def test_the_answer_is_encrypted_with_the_key_of_the_question(key):
    query, body = request_of(text("报名"), target(aes_key=key), at=NOW)
    answer = read(query, body).reply("好").body
    assert platform.words_in(target(aes_key=key), answer) == "好"


def test_a_key_whose_last_bits_are_set_is_taken():
    odd = f"{KEY[:-1]}9"
    assert cipher.decrypt(cipher.encrypt(b"x", APP_ID, odd), APP_ID, odd) == b"x"


# --- bodies ---


@pytest.mark.parametrize("form", [XML, JSON])
@given(words=st.text(max_size=100))
def test_what_is_written_is_read_again(form, words):
    body = write_body({"Content": words, "CreateTime": 5}, form)
    fields, told = read_body(body)
    assert (told, text_of(fields, "CreateTime")) == (form, "5")
    if words.isprintable() and words == words.strip():
        assert fields["Content"] == words


@pytest.mark.parametrize(("mode", "form"), WAYS)
def test_the_same_event_in_every_form_is_the_same_message(mode, form):
    query, body = request_of(job_ended(number="5000000001"), target(mode, form), at=NOW)
    message = read(query, body, {"callback_mode": "plain"})
    assert (message.topic, message.submission_id) == (Topic.JOB_ENDED, "5000000001")
    assert message.facts["publish_status"] == "0"


def test_several_articles_are_several_items():
    body = b"<xml><item><idx>1</idx></item><item><idx>2</idx></item></xml>"
    assert read_body(body)[0]["item"] == [{"idx": "1"}, {"idx": "2"}]


def test_nested_without_end_is_unreadable():
    with pytest.raises(Unreadable):
        read_body(b"<a>" * 50 + b"</a>" * 50)


def test_an_event_by_another_name_is_known_by_what_it_holds():
    fields = OrderedDict(event("PUBLISHJOBFINSH", PublishEventInfo={"publish_id": 7}))
    query, body = request_of(fields, target(), at=NOW)
    assert read(query, body).topic == Topic.JOB_ENDED


def test_messages_are_told_apart_by_number_and_events_by_who_and_when():
    def identity(fields):
        query, body = request_of(fields, target(), at=NOW)
        return read(query, body).identity

    assert identity(text("一", 1)) == identity(text("二", 1)) != identity(text("一", 2))
    assert identity(event("CLICK", EventKey="a")) != identity(event("CLICK", EventKey="b"))
    assert identity(event("CLICK", at=1)) != identity(event("CLICK", at=2))
    assert identity(event("CLICK")) != identity(event("CLICK", FromUserName="oSomebodyElse"))


def test_who_wrote_stands_in_no_repr():
    query, body = request_of(text("我家住在兴安路"), target(), at=int(time.time()))
    shown = repr(read(query, body, at=time.time()))
    assert FOLLOWER not in shown
    assert "兴安路" not in shown
