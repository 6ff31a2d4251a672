"""Accounts to sign in with, and where each of them is signed in."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from studyhub.core.browsers import Browser
from studyhub.core.folding import fold


class AccountManager(UserManager["User"]):
    """Accounts, found by their login however it is typed."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The login as it was typed, else in its plain spelling."""
        typed = username or ""
        found = {user.username: user for user in self.filter(username__in=[typed, fold(typed)])}
        if not found:
            raise self.model.DoesNotExist
        return found.get(typed) or found[fold(typed)]


class User(AbstractUser):
    """An account to sign in with.

    Personal data: login name, display name, address of staff mail.
    """

    account_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    display_name = models.CharField("姓名", max_length=40, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    sign_in_generation = models.PositiveIntegerField(
        default=1,
        editable=False,
        help_text="加一即作废此前的全部登录、上传凭证和凭条钥匙",
    )

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta(AbstractUser.Meta):
        verbose_name = "账号"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Another password voids the tokens that programs had under the old one.

        Sessions and upload tickets are void by themselves: both hold a digest of the password.
        """
        own: Any = self  # Django's types know neither the word just set nor Wagtail's tokens
        changed = own._password is not None and not self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if changed:
                own.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())

    def get_full_name(self) -> str:
        """The name people are called by, else the login."""
        return self.display_name or super().get_full_name() or self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Logins are kept in one spelling, so that no two differ by case or width alone."""
        return fold(username)

    def get_session_auth_hash(self) -> str:
        """Sessions end with another password, and with a new generation."""
        return f"{super().get_session_auth_hash()}.{self.sign_in_generation}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under secrets that were in use before."""
        for digest in super().get_session_auth_fallback_hash():
            yield f"{digest}.{self.sign_in_generation}"


class SignedInPhoneQuerySet(models.QuerySet["SignedInPhone"]):
    """Places of sign-in, the last used first."""

    def in_force(self) -> Self:
        """Those whose session has not run out."""
        return self.filter(session__expire_date__gt=timezone.now())


class SignedInPhone(models.Model):
    """One place where an account is signed in, as its owner is shown it; gone with its session.

    Personal data: in which kind of browser somebody signed in, and the last day it was used. No
    address, no name of a device.
    """

    session = models.OneToOneField(
        Session, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="signed_in_phones")
    browser = models.CharField("浏览器", max_length=16, choices=Browser.choices)
    signed_in_at = models.DateTimeField()
    seen_on = models.DateField("最近一次用")

    objects = SignedInPhoneQuerySet.as_manager()

    class Meta:
        verbose_name = "登录着的手机"
        ordering = ["-seen_on", "-signed_in_at", "pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.browser}"


class SignInTries(models.Model):
    """How far a count of wrong passwords is from rest (``people.sign_in_limits``).

    Personal data: none that can be read; ``key`` is a keyed digest of login, address or phone.
    """

    key = models.CharField(max_length=64, primary_key=True)
    rested_at = models.DateTimeField("何时全部恢复")

    class Meta:
        verbose_name = "登录尝试"

    def __str__(self) -> str:
        return self.key[:8]
