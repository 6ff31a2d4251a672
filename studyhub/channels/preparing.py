"""From a frozen post to a draft in the platform's box."""

import re
from collections.abc import Callable

from studyhub.channels import rendering
from studyhub.channels.calling import call
from studyhub.channels.claiming import Claim
from studyhub.channels.errors import ChannelRefused, DraftMissing
from studyhub.channels.models import ChannelAsset, Delivery
from studyhub.channels.ports import Article, Picture, Post, Publisher

PICTURE_SRC = re.compile(r'src="picture:(\d+)"')
State = Delivery.State


def prepare(claim: Claim, channel: Publisher) -> None:
    """Upload what the post shows, then put it into the draft box, once."""
    claim.write(state=State.PREPARING)
    post = claim.delivery.frozen_post
    channel.check(post)
    cover_id = _upload(claim, "cover", _cover_of(post), channel.upload_cover)
    addresses = {
        image_id: _upload(claim, "picture", _picture(image_id), channel.upload_picture)
        for image_id in post.pictures
    }
    html = PICTURE_SRC.sub(lambda found: f'src="{addresses[int(found[1])]}"', post.html)
    article = Article(post.title, post.digest, post.author, html, post.source_url, cover_id)
    _add_draft(claim, channel, article)
    _note_stripped(claim, channel, html)


def _cover_of(post: Post) -> Picture:
    image_id = post.cover or (post.pictures[0] if post.pictures else None)
    return _picture(image_id) if image_id else rendering.plain_cover()


def _picture(image_id: int) -> Picture:
    try:
        return rendering.load_picture(image_id)
    except LookupError:
        raise ChannelRefused(
            f"第 {image_id} 号图片已经不在图库里了。",
            code="picture_gone",
            action="请在这一课里换上新的图片，重新发布。",
        ) from None


def _upload(claim: Claim, step: str, picture: Picture, send: Callable[[Picture], str]) -> str:
    """A repeated upload is harmless, so the table only saves the platform's and our time."""
    use = ChannelAsset.Use.COVER if step == "cover" else ChannelAsset.Use.BODY
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
    tried = delivery.steps.filter(step="draft").exists()

    def find_or_add() -> str:
        found = channel.find_draft(delivery.marker) if tried else None
        return found or channel.add_draft(article)

    call(claim, "draft", find_or_add, keep=lambda media_id: {"media_id": media_id})


def _note_stripped(claim: Claim, channel: Publisher, sent: str) -> None:
    """Platforms take pictures out without a word; the board must know."""
    try:
        kept = channel.read_draft(claim.delivery.media_id)
    except DraftMissing:
        return  # gone already: submit() looks into that
    missing = sent.count("<img") - kept.html.count("<img")
    if missing > 0:
        note = f"平台去掉了 {missing} 张图片"
        claim.write(lost=[*claim.delivery.lost, note])
