"""What an account is asked for after its password."""

from django.db import models

from studyhub.core.crypto import EncryptedTextField
from studyhub.people.models.accounts import User


class SecondFactor(models.Model):
    """The second step of an account's sign-in: codes of an app, or of paper alone.

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
        SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes"
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
