"""A film on its way: an upload in parts, then one call that makes the post.

The row tells how far it is: ``upload_id`` an upload that was begun, ``draft_id`` one that is whole
and was not used, ``submission_id`` a post. Only the last call cannot be repeated; what is uploaded
nobody sees.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from studyhub.channels import timings
from studyhub.channels.errors import ChannelRefused, ChannelUnavailable, MaterialMissing
from studyhub.channels.film_ports import Film, FilmChannel, Upload
from studyhub.channels.films import load_film
from studyhub.channels.models import Delivery, DeliveryAttempt
from studyhub.channels.ports import Article, Reference, StepName
from studyhub.channels.worker import traces
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.crashpoints import reach
from studyhub.channels.worker.lease import Claim
from studyhub.channels.worker.poll import poll
from studyhub.channels.worker.submit import begin_anew, look_for_outcome, submit_in_turn
from studyhub.channels.worker.watch import watch, watch_published
from studyhub.channels.worker.wishes import discard, withdraw

State = Delivery.State
Step = Callable[[Claim, FilmChannel], None]
UPLOAD, HOST, PARTS = "upload_id", "upload_host", "upload_parts"
WISHES: dict[str, Step] = {Delivery.Wish.WITHDRAW: withdraw, Delivery.Wish.DISCARD: discard}
RESTING: dict[str, Step] = {State.WAITING_HUMAN: watch, State.PUBLISHED: watch_published}


class TurnIsOver(Exception):
    """Enough for one turn: what is there is noted, and another turn goes on."""


def next_step(delivery: Delivery) -> Step:
    """What to do now, told from the row alone."""
    if delivery.wish:
        return WISHES[delivery.wish]
    if delivery.state in RESTING:
        return RESTING[delivery.state]
    if delivery.submission_id:
        return poll
    if delivery.may_be_out:
        return reconcile
    if delivery.draft_id:
        return submit
    return send if delivery.external.get(UPLOAD) else begin


def begin(claim: Claim, channel: FilmChannel) -> None:
    """Open an upload, unless the post is there already."""
    claim.write(state=State.PREPARING)
    tried = traces.was_tried(claim.delivery)
    if tried and traces.settled_by_trace(claim, traces.list_trace(claim, channel)):
        return
    channel.check(claim.delivery.frozen_post)
    film = film_of(claim.delivery)
    channel.check_film(film)

    def keep(upload: Upload) -> dict[str, object]:
        given = {UPLOAD: upload.upload_id, HOST: upload.host, PARTS: "0"}
        return {"external": claim.delivery.with_references(**given)}

    call(claim, StepName.UPLOAD, lambda: channel.begin_upload(film), keep=keep)


def send(claim: Claim, channel: FilmChannel) -> None:
    """The parts that are not there yet; each that is there is noted, and renews the lease."""
    external, film = claim.delivery.external, film_of(claim.delivery)
    upload = Upload(external[UPLOAD], external[HOST])
    done = int(external[PARTS])

    until = claim.now + timings.span("UPLOAD_TURN")

    def note_part(count: int) -> None:
        claim.note_progress(claim.delivery.with_references(**{PARTS: str(count)}))
        reach("part_saved")
        if claim.now > until:
            raise TurnIsOver

    def keep(draft_id: str) -> dict[str, object]:
        given = {Reference.DRAFT.value: draft_id}
        return {"external": claim.delivery.with_references(**given)}

    def send_parts() -> None:
        call(
            claim,
            StepName.DRAFT,
            lambda: channel.send_film(upload, film, done=done, sent=note_part),
            keep=keep,
            note=lambda _: f"{film.size // 1024} KB",
        )

    try:
        _with_new_upload(claim, send_parts)
    except TurnIsOver:
        _go_on_later(claim)


def _go_on_later(claim: Claim) -> None:
    """A task may not last for ever. Parts have arrived, so no try was in vain."""
    note = f"传到第 {claim.delivery.external[PARTS]} 段，接着传"
    for attempt in claim.delivery.steps.filter(fence=claim.fence, finished_at=None):
        attempt.close(DeliveryAttempt.Outcome.DONE, note)
    claim.rest_for(timedelta(0), attempts=0)


def submit(claim: Claim, channel: FilmChannel) -> None:
    """Make the post, once, unless it is there already."""
    delivery, post = claim.delivery, claim.delivery.frozen_post
    if traces.settled_by_trace(claim, traces.find_trace(claim, channel)):
        return
    cover = film_of(delivery).cover
    article = Article(
        title=post.title,
        digest=post.digest,
        author=post.author,
        html="",
        source_url=post.source_url,
        cover_id="",
        marker=delivery.marker,
    )
    create = partial(channel.create, delivery.draft_id, article, cover)
    _with_new_upload(claim, lambda: submit_in_turn(claim, create))


def reconcile(claim: Claim, channel: FilmChannel) -> None:
    """What was uploaded may be used up by a call whose answer was lost: never used again."""
    look_for_outcome(claim, channel, lambda: begin_anew(claim))


def _with_new_upload(claim: Claim, ask: Callable[[], object]) -> None:
    """An upload that the platform no longer knows is forgotten, and the next try begins another."""
    try:
        ask()
    except MaterialMissing as error:
        claim.write(external={})
        raise ChannelUnavailable(
            error.detail, code=error.code, action=error.action, request_ref=error.request_ref
        ) from None


def film_of(delivery: Delivery) -> Film:
    """The film that was frozen with the text. Raises ChannelRefused when it is gone."""
    try:
        return load_film(delivery.frozen_post.video)
    except LookupError:
        raise ChannelRefused(
            "这一课的竖屏视频文件不在了。",
            code="film_gone",
            action="请重新生成竖屏视频，再发布这一课。",
        ) from None
