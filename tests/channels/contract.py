"""What every adapter must keep. One class; each adapter's tests inherit it and say how its platform
is made to answer: over recorded answers or a directory of the test's own, never a network.
"""

import re
from dataclasses import replace

import httpx
import pytest

from studyhub.channels.errors import (
    AccountStopped,
    ChannelError,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
    DraftMissing,
)
from studyhub.channels.ports import (
    Article,
    Capability,
    Field,
    Form,
    Kit,
    Mode,
    Picture,
    Post,
    StepName,
    Verdict,
)

MARKER = "abc123def456"
SOURCE = f"https://x.example/courses/a/b/?p={MARKER}"
POST = Post("题", "摘", "作者", "<p>正文</p>", "正文", SOURCE)
ARTICLE = Article("题", "摘", "作者", "<p>正文</p>", SOURCE, "cover", MARKER)
PICTURE = Picture("a.jpg", b"\xff\xd8\xff\xe0 a picture")
SECRET, TOKEN = "canary-secret", "canary-token"
CHINESE = re.compile("[\u4e00-\u9fff]")


class Tokens:
    """A store that remembers one token."""

    def __init__(self):
        self.value, self.fetched = "", 0

    def read(self, fetch, *, stale=""):
        if not self.value or self.value == stale:
            self.fetched += 1
            self.value = fetch().value
        return self.value


def no_network(request):
    raise AssertionError(f"{request.url} was called")


def a_kit(*, answer=no_network, **values):
    """``answer`` makes a response, or raises, from a request."""
    values = {"settings": {}, "base": "https://api.example", "tokens": Tokens(), **values}
    return Kit(transport=httpx.MockTransport(answer), **values)


class AdapterContract:
    """Of every adapter, whoever posts."""

    adapter: type

    def test_it_has_a_chinese_name_and_says_who_posts(self):
        assert CHINESE.search(self.adapter.LABEL)
        assert self.adapter.MODE in Mode

    def test_its_settings_have_chinese_labels_and_refuse_nonsense(self):
        for field in self.adapter.FIELDS:
            assert isinstance(field, Field)
            assert CHINESE.search(field.label) or field.label.startswith("App")
            assert CHINESE.search(field.check(["nonsense"]))

    def test_each_step_is_listed_once_with_a_chinese_name(self):
        names = [step.name for step in self.adapter.STEPS]
        assert len(names) == len(set(names))
        assert all(CHINESE.search(step.label) for step in self.adapter.STEPS)

    def test_it_speaks_of_capabilities_in_the_words_of_the_house(self):
        translated = [new for words in self.adapter.FORMER_CAPABILITIES.values() for new in words]
        assert {*self.adapter.CAPABILITIES, *translated} <= set(Capability)

    def test_the_button_that_tries_it_is_there_where_something_is_called(self):
        assert bool(self.adapter.PROBE) == (self.adapter.MODE is Mode.API)

    def test_it_says_what_never_arrives(self):
        assert isinstance(self.adapter.FORM, Form)


class ChannelContract(AdapterContract):
    """Of an adapter that publishes by API.

    Fixtures, each a channel whose platform behaves so: ``accepting`` (takes and publishes all),
    ``empty`` (has nothing of ours), ``refusing`` (says no to the content), ``unreachable`` (no
    connection), ``silent`` (does it, and the answer is lost), ``garbled`` (an answer that cannot be
    read), ``strange`` (a code nobody has seen), ``too_long`` (a post over a limit).
    """

    def test_it_lists_every_step_a_worker_asks_for(self):
        wanted = set(StepName) - {StepName.PACKAGE, StepName.UPLOAD}  # of people, of films
        assert {step.name for step in self.adapter.STEPS} == wanted

    def test_questions_may_be_repeated(self):
        asked = {StepName.RECONCILE, StepName.POLL}
        assert all(step.repeatable for step in self.adapter.STEPS if step.name in asked)

    def test_trying_it_is_quiet_where_all_is_well(self, accepting):
        accepting.probe()

    def test_publishing_returns_the_ids(self, accepting):
        cover = accepting.upload_cover(PICTURE)
        draft_id = accepting.add_draft(draft_with(cover))
        submission = accepting.submit(draft_id)
        status = accepting.poll(submission.submission_id)
        assert cover
        assert draft_id
        assert (status.verdict, bool(status.published.article_id)) == (Verdict.PUBLISHED, True)

    def test_what_is_out_is_found_by_its_marker(self, accepting):
        published_id = publish(accepting)
        assert accepting.find_published(MARKER).article_id == published_id

    def test_what_is_out_is_said_to_be_out(self, accepting):
        assert accepting.article_status(publish(accepting)).verdict == Verdict.PUBLISHED

    def test_a_draft_is_found_by_its_marker(self, accepting):
        draft_id = accepting.add_draft(draft_with(accepting.upload_cover(PICTURE)))
        assert accepting.find_draft(MARKER) == draft_id
        assert accepting.read_draft(draft_id).draft_id == draft_id

    def test_withdrawing_twice_is_the_same_as_once(self, accepting):
        article_id = publish(accepting)
        accepting.withdraw(article_id)
        accepting.withdraw(article_id)

    def test_what_is_not_there_is_not_found(self, empty):
        assert empty.find_draft(MARKER) is None
        assert empty.find_published(MARKER) is None
        with pytest.raises(DraftMissing):
            empty.read_draft("nothing")

    def test_deleting_a_draft_that_is_gone_is_no_error(self, empty):
        empty.delete_draft("nothing")

    def test_a_refusal_is_permanent(self, refusing):
        with pytest.raises(ChannelRefused) as caught:
            refusing.add_draft(ARTICLE)
        explained(caught.value)

    def test_an_outage_before_the_call_may_be_retried(self, unreachable):
        with pytest.raises(ChannelUnavailable) as caught:
            unreachable.submit("m")
        explained(caught.value)

    def test_a_lost_answer_to_submit_is_never_taken_for_an_outage(self, silent):
        with pytest.raises(ChannelUncertain) as caught:
            silent.submit("m")
        explained(caught.value)

    def test_an_answer_that_cannot_be_read_is_told_as_such(self, garbled):
        with pytest.raises(ChannelError) as caught:
            garbled.read_draft("m")
        explained(caught.value)

    def test_a_code_that_nobody_has_seen_is_kept_and_told(self, strange):
        with pytest.raises(ChannelError) as caught:
            strange.submit("m")
        explained(caught.value)
        assert "99999" in caught.value.code

    @pytest.mark.parametrize(
        "question",
        [
            lambda channel: channel.poll("m"),
            lambda channel: channel.find_published(MARKER),
            lambda channel: channel.find_draft(MARKER),
            lambda channel: channel.read_draft("m"),
            lambda channel: channel.article_status("a"),
        ],
        ids=["poll", "find_published", "find_draft", "read_draft", "article_status"],
    )
    @pytest.mark.parametrize("platform", ["refusing", "strange", "garbled"])
    def test_a_question_is_never_refused(self, request, platform, question):
        try:
            question(request.getfixturevalue(platform))
        except DraftMissing:
            return
        except ChannelError as error:
            assert isinstance(error, ChannelUnavailable)  # noqa: PT017  most platforms answer

    def test_limits_are_told_before_anything_is_sent(self, accepting, too_long):
        accepting.check(POST)
        with pytest.raises(ChannelRefused) as caught:
            accepting.check(too_long)
        explained(caught.value)


class MessengerContract(AdapterContract):
    """Of an adapter that speaks into a chat: ``settings``, the answer that says it is ``accepted``,
    and where the ``number`` stands in it.
    """

    settings: dict
    accepted: dict
    number = "errcode"

    def robot(self, answer):
        return self.adapter(a_kit(answer=answer, settings=self.settings))

    def sending(self, answer):
        with pytest.raises(ChannelError) as caught:
            self.robot(answer).send(POST)
        explained(caught.value)
        return caught.value

    def test_its_only_step_is_never_repeated_by_itself(self):
        steps = [(step.name, step.repeatable) for step in self.adapter.STEPS]
        assert steps == [(StepName.SUBMIT, False)]

    def test_it_may_speak_and_nothing_else(self):
        assert self.adapter.CAPABILITIES == (Capability.SEND,)

    def test_title_words_and_link_arrive_in_one_call(self):
        sent = []

        def answer(request):
            sent.append(request.content.decode())
            return httpx.Response(200, json=self.accepted)

        self.robot(answer).send(POST)
        assert len(sent) == 1
        assert all(words in sent[0] for words in (POST.title, POST.digest, SOURCE))

    def test_an_outage_before_the_call_may_be_retried(self):
        def answer(request):
            raise httpx.ConnectError("no route", request=request)

        assert isinstance(self.sending(answer), ChannelUnavailable)

    @pytest.mark.parametrize("what", ["silence", "500", "half", "nothing in it"])
    def test_a_lost_answer_is_never_taken_for_not_said(self, what):
        answers = {
            "500": httpx.Response(500, text="no"),
            "half": httpx.Response(200, text='{"errc'),
            "nothing in it": httpx.Response(200, json={}),
        }

        def answer(request):
            if what == "silence":
                raise httpx.ReadTimeout("too long", request=request)
            return answers[what]

        assert isinstance(self.sending(answer), ChannelUncertain)

    def test_an_answer_of_the_sandbox_does_not_count_in_live(self):
        marked = httpx.Response(200, json=self.accepted, headers={"X-Studyhub-Sandbox": "1"})
        assert isinstance(self.sending(lambda _: marked), AccountStopped)

    def test_a_post_without_a_title_is_told_before_anything_is_sent(self):
        robot = self.robot(no_network)
        robot.check(POST)
        with pytest.raises(ChannelRefused) as caught:
            robot.check(replace(POST, title=" "))
        explained(caught.value)


class HandoverContract(AdapterContract):
    """Of an adapter for a platform where a person posts."""

    has_link = True

    def test_its_only_step_is_the_package(self):
        assert [step.name for step in self.adapter.STEPS] == [StepName.PACKAGE]

    def test_it_needs_no_platform_and_no_capability(self):
        assert (self.adapter.BASE, self.adapter.CAPABILITIES) == (None, ())

    def test_the_package_holds_the_words_the_link_and_the_way(self):
        package = self.adapter(a_kit()).pack(POST)
        assert POST.title in package.title + package.text
        assert (SOURCE in package.text) == self.has_link
        assert all(words.text and CHINESE.search(words.label) for words in package.words)
        assert package.words
        assert package.checks
        assert all(CHINESE.search(step) for step in package.steps)
        assert package.steps


def draft_with(cover):
    return Article("题", "摘", "作者", "<p>正文</p>", SOURCE, cover, MARKER)


def publish(channel):
    """The whole way; returns the id of what is out."""
    draft_id = channel.add_draft(draft_with(channel.upload_cover(PICTURE)))
    status = channel.poll(channel.submit(draft_id).submission_id)
    return status.published.article_id


def explained(error):
    """An error of an adapter has a code, Chinese words for people, and no secret."""
    told = repr(error) + str(error.__cause__) + error.detail + error.action
    assert error.code
    assert CHINESE.search(error.detail)
    assert SECRET not in told
    assert TOKEN not in told
