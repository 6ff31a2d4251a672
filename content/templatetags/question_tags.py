"""What the screens of the bank ask for."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images import get_image_model
from wagtail.images.models import SourceImageIOError

from content.question_wording import QuestionPicture

register = template.Library()


@register.simple_tag
def bank_picture(picture: QuestionPicture) -> SafeString:
    """The picture of a question with what is said of it; what is missing is said, too."""
    alt, source = picture.alt or "（还没有写）", picture.source or "（还没有写）"
    told = format_html("<p>画面说明：{}</p><p>图片来源：{}</p>", alt, source)
    return format_html("{}{}", _shown(picture), told)


def _shown(picture: QuestionPicture) -> SafeString:
    image = get_image_model().objects.filter(pk=picture.image_id).first()
    if image is None:
        return format_html("<p>{}</p>", "（图片已删除）")
    try:
        form = image.get_rendition("max-480x360")
    except (OSError, SourceImageIOError):
        return format_html("<p>{}</p>", "（图片的文件不在了，或者坏了）")
    return format_html("<p>{}</p>", form.img_tag({"alt": picture.alt}))
