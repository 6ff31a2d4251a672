"""Who signs in with two steps or not at all (decision 0025)."""

from django.conf import settings
from django.db.models import QuerySet

from studyhub.people import access
from studyhub.people.models import User


def must_have_factor(user: User) -> bool:
    """Whether the account signs in with two steps or not at all."""
    return _obliged().filter(pk=user.pk).exists()


def lacks_factor(user: User) -> bool:
    """Whether it must and cannot yet. Asked at every request of a leader's, so roles come first."""
    if not {*settings.SECOND_FACTOR_ROLES} & {*access.roles_of(user)}:
        return False
    return accounts_without().filter(pk=user.pk).exists()


def accounts_without() -> QuerySet[User]:
    """Accounts that must have one and have none, by login."""
    return _obliged().filter(is_active=True, second_factor=None).order_by("username")


def _obliged() -> QuerySet[User]:
    """The demo's accounts, whose password everybody knows, are none of real people's."""
    return access.accounts_with(settings.SECOND_FACTOR_ROLES).filter(is_demo=False)
