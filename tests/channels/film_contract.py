"""What every adapter of a platform of films must keep, beside what every adapter must."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from studyhub.channels.errors import (
    ChannelError,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
    MaterialMissing,
)
from studyhub.channels.film_ports import Film, Upload
from studyhub.channels.ports import Article, Picture, Post, StepName, Verdict
from tests.channels.contract import CHINESE, MARKER, POST, SOURCE, AdapterContract, explained
from tests.channels.tiny_film import COVER, MP4

PART_SIZE = 4 * 1024 * 1024
ARTICLE = Article("题", "摘", "作者", "", SOURCE, "", MARKER)
PICTURE = Picture("cover.jpg", COVER)
UPLOAD = Upload("u", "upload.example.com")


def a_film(data=MP4):
    return Film("film.mp4", len(data), PICTURE, lambda: io.BytesIO(data))


class FilmContract(AdapterContract):
    """Fixtures, each a channel whose platform behaves so: ``accepting``, ``empty``, ``refusing``,
    ``unreachable``, ``silent`` (does it, and the answer is lost), ``garbled``, ``strange``,
    ``used_up`` (the upload is not known any more).
    """

    def test_it_lists_every_step_a_worker_asks_for(self):
        boxes = {StepName.PACKAGE, StepName.COVER, StepName.PICTURE}
        assert {step.name for step in self.adapter.STEPS} == set(StepName) - boxes

    def test_only_the_call_that_makes_the_post_is_never_repeated(self):
        once = [step.name for step in self.adapter.STEPS if not step.repeatable]
        assert once == [StepName.SUBMIT]

    def test_trying_it_is_quiet_where_all_is_well(self, accepting):
        accepting.probe()

    def test_publishing_returns_the_ids(self, accepting):
        parts = []
        upload = accepting.begin_upload(a_film())
        video = accepting.send_film(upload, a_film(), done=0, sent=parts.append)
        submission = accepting.create(video, ARTICLE, PICTURE)
        status = accepting.poll(submission.submission_id)
        assert parts == [1]
        assert (status.verdict, bool(status.published.article_id)) == (Verdict.PUBLISHED, True)

    def test_what_is_out_is_found_by_its_mark(self, accepting):
        accepting.create("u", ARTICLE, PICTURE)
        found = accepting.find_published(MARKER, datetime(2026, 1, 1, tzinfo=UTC))
        assert (bool(found.article_id), found.running) == (True, False)
        assert accepting.article_status(found.article_id).verdict == Verdict.PUBLISHED

    def test_what_is_not_there_is_not_found(self, empty):
        assert empty.find_published(MARKER) is None

    def test_withdrawing_what_is_gone_is_no_error(self, empty):
        empty.withdraw("gone")

    def test_a_refusal_is_permanent(self, refusing):
        with pytest.raises(ChannelRefused) as caught:
            refusing.create("u", ARTICLE, PICTURE)
        explained(caught.value)

    def test_an_upload_that_is_used_up_is_told_from_a_refusal(self, used_up):
        with pytest.raises(MaterialMissing):
            used_up.create("u", ARTICLE, PICTURE)

    def test_an_outage_before_the_call_may_be_retried(self, unreachable):
        for call in (lambda: unreachable.create("u", ARTICLE, PICTURE), lambda: sent(unreachable)):
            with pytest.raises(ChannelUnavailable) as caught:
                call()
            explained(caught.value)

    @pytest.mark.parametrize("platform", ["silent", "garbled"])
    def test_a_lost_answer_to_create_is_never_taken_for_an_outage(self, request, platform):
        with pytest.raises(ChannelUncertain) as caught:
            request.getfixturevalue(platform).create("u", ARTICLE, PICTURE)
        explained(caught.value)

    def test_a_code_that_nobody_has_seen_may_have_made_the_post(self, strange):
        with pytest.raises(ChannelUncertain) as caught:
            strange.create("u", ARTICLE, PICTURE)
        explained(caught.value)
        assert "99999" in caught.value.code

    @pytest.mark.parametrize("platform", ["refusing", "strange", "garbled", "silent"])
    @pytest.mark.parametrize(
        "question",
        [
            lambda channel: channel.poll("m"),
            lambda channel: channel.find_published(MARKER),
            lambda channel: channel.article_status("a"),
        ],
        ids=["poll", "find_published", "article_status"],
    )
    def test_a_question_is_never_refused(self, request, platform, question):
        with pytest.raises(ChannelUnavailable) as caught:
            question(request.getfixturevalue(platform))
        explained(caught.value)

    def test_limits_are_told_with_the_count_before_anything_is_sent(self, accepting):
        accepting.check(POST)
        for post in (replace(POST, title="长" * 2000), replace(POST, digest="长" * 2000)):
            with pytest.raises(ChannelRefused) as caught:
                accepting.check(post)
            explained(caught.value)
            assert "20" in caught.value.detail
        with pytest.raises(ChannelRefused):
            accepting.check_film(replace(a_film(), size=10**13))

    def test_there_is_no_box_in_which_anything_could_lie(self, accepting):
        assert accepting.find_draft(MARKER) is None
        accepting.delete_draft("u")

    def test_the_person_is_asked_in_chinese_where_nothing_was_given(self, ungranted):
        with pytest.raises(ChannelError) as caught:
            ungranted.probe()
        explained(caught.value)
        assert CHINESE.search(caught.value.action)


def sent(channel):
    return channel.send_film(UPLOAD, a_film(), done=0, sent=lambda count: None)


def post_of(title="题", digest="摘"):
    return Post(title, digest, "作者", "", "正文", SOURCE)
