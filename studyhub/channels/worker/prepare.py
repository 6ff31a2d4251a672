"""From a frozen post to a draft in the platform's box."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.utils import timezone

from studyhub.channels import drawn, registry, rendering
from studyhub.channels.errors import ChannelRefused, DraftMissing, MaterialMissing
from studyhub.channels.models import ChannelAsset, Delivery
from studyhub.channels.ports import Article, Picture, Post, Publisher, Reference, StepName
from studyhub.channels.worker import traces
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim

State = Delivery.State


def prepare(claim: Claim, channel: Publisher) -> None:
    """Upload what the post shows, then put it into the draft box, once."""
    claim.write(state=State.PREPARING)
    tried = traces.was_tried(claim.delivery)
    if tried and traces.settled_by_trace(claim, traces.list_trace(claim, channel)):
        return
    started = timezone.now()
    post = claim.delivery.frozen_post
    channel.check(post)
    cover_id = _upload(claim, StepName.COVER, _cover_of(post), channel.upload_cover)
    pictures: dict[int | str, Callable[[], Picture]] = {
        **{image_id: partial(_picture, image_id) for image_id in post.pictures},
        **{name: partial(drawn.picture_of, name, post) for name in post.drawings},
    }
    addresses = {
        name: _upload(claim, StepName.PICTURE, picture(), channel.upload_picture)
        for name, picture in pictures.items()
    }
    html = rendering.with_addresses(post.html, addresses)
    article = Article(
        title=post.title,
        digest=post.digest,
        author=post.author,
        html=html,
        source_url=post.source_url,
        cover_id=cover_id,
        marker=claim.delivery.marker,
    )
    try:
        _add_draft(claim, channel, article)
    except MaterialMissing:
        if not _forget_kept(claim, before=started):
            raise
    else:
        _note_stripped(claim, channel, html)


def _forget_kept(claim: Claim, *, before: datetime) -> int:
    """Somebody has deleted it at the platform: the next turn uploads anew what was kept before."""
    kept = ChannelAsset.objects.filter(account_id=claim.delivery.account_id)
    return kept.filter(created_at__lt=before).delete()[0]


def _cover_of(post: Post) -> Picture:
    image_id = post.cover or (post.pictures[0] if post.pictures else None)
    return _picture(image_id) if image_id else drawn.plain_cover(post.title)


def _picture(image_id: int) -> Picture:
    try:
        return rendering.load_picture(image_id)
    except LookupError:
        raise ChannelRefused(
            f"第 {image_id} 号图片已经不在图库里了。",
            code="picture_gone",
            action="请在这一课里换上新的图片，重新发布。",
        ) from None


def _upload(claim: Claim, step: StepName, picture: Picture, send: Callable[[Picture], str]) -> str:
    """A repeated upload is harmless, so the table only saves the platform's and our time."""
    use = ChannelAsset.Use.COVER if step is StepName.COVER else ChannelAsset.Use.BODY
    key = {"account_id": claim.delivery.account_id, "use": use, "sha256": picture.sha256}
    known = ChannelAsset.objects.filter(**key).first()
    if known:
        return known.remote_id
    remote_id = call(claim, step, lambda: send(picture), note=lambda _: picture.name)
    ChannelAsset.objects.get_or_create(**key, defaults={"remote_id": remote_id})
    return remote_id


def _add_draft(claim: Claim, channel: Publisher, article: Article) -> None:
    """A draft tried before may lie in the box although nobody told us: look for our marker."""
    delivery = claim.delivery
    tried = delivery.restored or delivery.steps.filter(step=StepName.DRAFT).exists()
    repeatable = registry.steps_of(delivery.account.kind)[StepName.DRAFT].repeatable

    def find_or_add() -> str:
        looked = tried and not repeatable
        found = channel.find_draft(delivery.marker, delivery.created_at) if looked else None
        return found or channel.add_draft(article)

    def keep(draft_id: str) -> dict[str, object]:
        return {"external": delivery.with_references(**{Reference.DRAFT.value: draft_id})}

    call(claim, StepName.DRAFT, find_or_add, keep=keep)


def _note_stripped(claim: Claim, channel: Publisher, sent: str) -> None:
    """Platforms take pictures out without a word; the board must know."""
    try:
        kept = channel.read_draft(claim.delivery.draft_id)
    except DraftMissing:
        return  # gone already: submit() looks into that
    missing = sent.count("<img") - kept.html.count("<img")
    if missing > 0:
        note = f"平台去掉了 {missing} 张图片"
        claim.write(lost=[*claim.delivery.lost, note])
