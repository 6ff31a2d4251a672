"""The demo's words where a county has its own, and its set-up over."""

from django.db import transaction

from studyhub.organisation.models import Organisation
from studyhub.people.models import Branch, User
from studyhub.setup import steps
from studyhub.setup.models import Setup

WORDS = {
    "name": "指尖课堂",
    "welcome": "离家再远，也是组织里的人",
    "contact": "演示环境：遇到问题请联系演示联络员 01",
}


def load_organisation() -> None:
    """Safe to repeat: what is written already stays."""
    organisation = Organisation.load()
    for key, words in WORDS.items():
        if not getattr(organisation, key):
            setattr(organisation, key, words)
    organisation.save()


@transaction.atomic
def finish_setup() -> None:
    """The demo is set up by its own people; no link leads to it."""
    setup = Setup.locked()
    setup.administrator = User.objects.get(username="admin")
    setup.root = Branch.get_first_root_node()
    setup.lessons = Setup.Lessons.STARTER
    steps.finish(setup)
