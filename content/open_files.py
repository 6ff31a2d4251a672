"""Which files of the storage are for everybody: what an open page shows, and nothing else.

Originals of pictures, documents, drafts' pictures, packs' and sheets' files are in the same storage
and are not (decision 0015).
"""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from wagtail.images import get_image_model
from wagtail.models import Page, PageQuerySet, ReferenceIndex
from wagtailmedia.models import get_media_model

from content.twins.pictures import is_drawing, lessons_drawn
from content.twins.sounds import lessons_playing


def is_open_file(name: str) -> bool:
    """Whether an open page shows it: a form of a picture, a recording, or a drawn text, by its
    storage name."""
    if is_drawing(name):
        keys = lessons_drawn(name)
        return Page.objects.live().public().filter(translation_key__in=keys).exists()
    owner = _owner_of(name)
    return owner is not None and open_pages_with(owner).exists()


def _owner_of(name: str) -> Any:
    forms = get_image_model().get_rendition_model().objects.filter(file=name)
    if form := forms.select_related("image").first():
        return form.image
    return get_media_model().objects.filter(file=name).first()


def is_file_for(request: HttpRequest, name: str) -> bool:
    """Whether a page that this reader may see shows it, behind a restriction or not."""
    owner = _owner_of(name)
    return owner is not None and any(
        all(one.accept_request(request) for one in page.get_view_restrictions())
        for page in live_pages_with(owner)
    )


def open_pages_with(file: Any) -> PageQuerySet:
    """Live pages without a restriction on them or above them that refer to the picture, recording
    or document, by Wagtail's index."""
    return live_pages_with(file).public()


def live_pages_with(file: Any) -> PageQuerySet:
    """The same, behind a restriction or not; also beside whose signed twins it is played."""
    references = ReferenceIndex.get_references_to(file)
    pages = references.filter(base_content_type__model="page").values_list("object_id", flat=True)
    shown = Q(pk__in=[int(pk) for pk in pages])
    if isinstance(file, get_media_model()) and (keys := lessons_playing(file)):
        shown |= Q(translation_key__in=keys)
    return Page.objects.live().filter(shown)
