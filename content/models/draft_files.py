"""Files that only the newest draft of a lesson shows: Wagtail indexes what is stored alone."""

from typing import Any

from django.db import models
from django.db.models import Q
from wagtail.images import get_image_model_string


class DraftFile(models.Model):
    """One picture or recording; by this row it is listed where a file is used, and not deleted.

    No personal data.
    """

    page = models.ForeignKey(
        "content.LessonPage", on_delete=models.CASCADE, related_name="draft_files"
    )
    page.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # Wagtail asks for it
    image = models.ForeignKey(
        get_image_model_string(), null=True, on_delete=models.CASCADE, related_name="+"
    )
    media = models.ForeignKey(
        "wagtailmedia.Media", null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "课的草稿"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(image=None) ^ Q(media=None), name="content_draftfile_of_one_file"
            )
        ]

    def __str__(self) -> str:
        return str(self.page.get_admin_display_title())

    @property
    def file(self) -> tuple[str, Any]:
        return ("image", self.image_id) if self.image_id else ("media", self.media_id)
