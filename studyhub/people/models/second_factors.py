"""What an account is asked for after its password."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studyhub.core.crypto import EncryptedTextField
from studyhub.people.models.accounts import User


class SecondFactor(models.Model):
    """The second step of an account's sign-in: codes of an app or of paper, security keys.

    Without ``secret`` there is no app. ``last_step`` is the last half minute whose code was used:
    a code is good once, and none from before it.

    Personal data: the secret an account shares with its owner's phone, encrypted.
    """

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="second_factor"
    )
    secret = EncryptedTextField(blank=True)
    last_step = models.PositiveBigIntegerField(default=0)
    set_up_at = models.DateTimeField("设好的时间")

    class Meta:
        verbose_name = "两步登录"

    def __str__(self) -> str:
        return f"{self.user_id} {'app' if self.secret else 'paper'}"

    def take_step(self, step: int) -> bool:
        """Use up the code of this half minute; whether nobody had, nor that of a later one."""
        rows = SecondFactor.objects.filter(pk=self.pk, last_step__lt=step)
        return rows.update(last_step=step) == 1


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    """Codes on paper."""

    def unused(self) -> "RecoveryCodeQuerySet":
        return self.filter(used_at=None)


class RecoveryCode(models.Model):
    """A code on its owner's paper, good once; kept like a password, as a digest.

    Personal data: none that can be read, and when it was used.
    """

    factor = models.ForeignKey(
        SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes", db_index=False
    )
    number = models.PositiveSmallIntegerField("第几个")
    digest = models.CharField(max_length=128)
    used_at = models.DateTimeField("用掉的时间", null=True, blank=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "备用码"
        constraints = [
            models.UniqueConstraint(
                fields=["factor", "number"], name="people_recoverycode_one_of_each_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.factor_id} {self.number}"


class Passkey(models.Model):
    """A security key (安全密钥) of an account's: it signs what only this site asks it.

    Nothing of it is secret: the public key opens nothing. ``sign_count`` is how often the key says
    that it was used; many always say 0.

    Personal data: what its owner calls it, when it was added and last used.
    """

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField("名称", max_length=40)
    credential_id = models.CharField(max_length=1364, unique=True)  # 1023 bytes in base64
    public_key = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField("加上的时间")
    last_used_at = models.DateTimeField("最近一次用", null=True, blank=True)

    class Meta:
        verbose_name = "安全密钥"

    def __str__(self) -> str:
        return f"{self.factor_id} {self.name}"

    def take_use(self, count: int, asked_at: datetime) -> bool:
        """Note a use that was asked for at ``asked_at``; whether it is none from before.

        Nothing asked before the last use is answered again, and the key's own count only grows.
        """
        grown = Q(sign_count__lt=count) if count else Q(sign_count=0)
        fresh = Q(last_used_at=None) | Q(last_used_at__lt=asked_at)
        rows = Passkey.objects.filter(grown, fresh, pk=self.pk)
        return rows.update(sign_count=count, last_used_at=timezone.now()) == 1
