"""Run in a shell of the rehearsed product: a member in a group, who leads it, and their plan.

What an office does at the desk, in short: the rehearsal is about the server.
"""

import sys

from content.models import LessonPage
from studyhub.core.clock import today
from studyhub.learning.models import PlannedLesson, StudyPlan
from studyhub.people.groups import begin_duty, join_group, move_branch
from studyhub.people.models import Branch, BranchMembership, Duty, Member, StudyGroup, User

password = sys.stdin.readline().strip()
root = Branch.objects.order_by("path").first() or Branch.add_root(name="某某旗委")
branch = root.add_child(name="驻沈阳流动党员党支部", kind=Branch.Kind.MOBILE_BRANCH)
group = StudyGroup.objects.create(name="沈阳小组", branch=branch)
for login, name in (("qiqige", "其其格"), ("wuyun", "乌云")):
    user = User(username=login, display_name=name)
    user.set_password(password)
    user.save()
    member = Member.objects.create(user=user, name=name)
    move_branch(member=member, branch=branch, kind=BranchMembership.Kind.HOME, on=today())
    if login == "wuyun":
        begin_duty(user=user, kind=Duty.Kind.LEADER, group=group, branch=None, on=today())
    else:
        join_group(member=member, group=group, on=today())

page = LessonPage.objects.live().first()
plan = StudyPlan.objects.create(
    slug="di-yi-ji", title="第一季", branch=root, starts_on=today(), ends_on=today()
)
PlannedLesson.objects.create(plan=plan, lesson_key=page.lesson_key)
