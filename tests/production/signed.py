"""Run in a shell of the rehearsed product: three people of the office sign the first draft.

What they do at the desk, in short: the rehearsal is about the server.
"""

from django.contrib.auth.models import Group

from content.models import LessonPage
from studyhub.core.review_levels import LEVELS
from studyhub.people.models import User

page = LessonPage.objects.filter(live=False).order_by("path").first()
page.get_workflow().start(page, User.objects.get(is_superuser=True))
for name in LEVELS:
    person = User.objects.create(username=f"office-{LEVELS.index(name)}", display_name=name)
    person.groups.add(Group.objects.get(name=name))
    state = LessonPage.objects.get(pk=page.pk).current_workflow_task_state
    state.task.specific.on_action(state, person, "approve")
