"""Pictures for scenes: looked at before they are decoded, and only ever as our own points."""

from PIL import Image
from wagtail.images import get_image_model

from content.pictures import BOMBS, FORMATS, MOST_PIXELS, too_large, unreadable, upright_in_rgb
from studyhub.core.errors import FilesAway, Invalid

ENOUGH = (2400, 2400)  # points: more than the window of a picture has


def file_hash(image_id: int | None) -> str:
    """Empty where there is none, or it is gone."""
    if image_id is None:
        return ""
    image = get_image_model().objects.filter(pk=image_id).first()
    return (image.file_hash or image.get_file_hash()) if image else "gone"


def load_picture(image_id: int | None) -> Image.Image | None:
    """Raises Invalid: gone, broken, or too large to be decoded."""
    if image_id is None:
        return None
    found = get_image_model().objects.filter(pk=image_id).first()
    if found is None:
        raise Invalid("picture_gone", "图片已经不在图片库里了，请换一张。")
    try:
        with found.file.open("rb") as file, Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise too_large()
            image.draft("RGB", ENOUGH)
            return _reduced(image)
    except BOMBS:
        raise too_large() from None
    except (Invalid, FilesAway):
        raise
    # Broken files make the decoders raise whatever they like.
    except Exception as error:
        raise unreadable() from error


def _reduced(image: Image.Image) -> Image.Image:
    whole = upright_in_rgb(image).convert("RGBA")
    whole.thumbnail(ENOUGH)
    ground = Image.new("RGB", whole.size, (255, 255, 255))
    ground.paste(whole, mask=whole.getchannel("A"))
    return ground
