"""Run in a shell of the rehearsed product: the lessons that wait for their review."""

from content.models import LessonPage

print(*LessonPage.objects.filter(live=False).order_by("path").values_list("pk", flat=True))
