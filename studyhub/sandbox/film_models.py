"""What the emulated platforms of films remember: grants, uploads in parts, posts under review.

Everything here is invented by the sandbox itself and no table holds personal data.
"""

from django.db import models


class FilmApp(models.Model):
    """An application on a platform of films; comes into being when it is first used.

    No personal data; the secret is whatever the demo uses, the first one counts.
    """

    class Kind(models.TextChoices):
        """Whose platform it is."""

        KUAISHOU = "kuaishou", "快手"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    app_id = models.CharField(max_length=128)
    secret = models.CharField(max_length=128, blank=True)
    review_delay = models.FloatField(default=3.0, help_text="收下后几秒审完")
    list_lag = models.FloatField(default=0.0, help_text="收下后几秒才列得出来")
    scopes = models.JSONField(default=list, help_text="空 = 要什么给什么")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "app_id"], name="sandbox_film_app_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.app_id}"


class FilmGrant(models.Model):
    """That a person has let the application post. No personal data: the person is invented."""

    app = models.ForeignKey(FilmApp, on_delete=models.CASCADE, related_name="grants")
    open_id = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    code = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    access = models.CharField(max_length=64, blank=True)
    access_until = models.DateTimeField(null=True)
    refresh = models.CharField(max_length=64, blank=True)
    refresh_until = models.DateTimeField(null=True)
    revoked = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.open_id


class FilmUpload(models.Model):
    """A file on its way here. No personal data."""

    grant = models.ForeignKey(FilmGrant, on_delete=models.CASCADE, related_name="uploads")
    token = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    complete = models.BooleanField(default=False)
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.token

    @property
    def data(self) -> bytes:
        """All parts, one after another."""
        return b"".join(bytes(part.data) for part in self.parts.order_by("number"))


class FilmPart(models.Model):
    """One part of a file. No personal data."""

    upload = models.ForeignKey(
        FilmUpload, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="sandbox_film_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.upload} {self.number}"


class FilmPost(models.Model):
    """A post with its film. No personal data."""

    class State(models.TextChoices):
        """How far the review is."""

        PENDING = "pending", "审核中"
        OPEN = "open", "已发布"

    app = models.ForeignKey(FilmApp, on_delete=models.CASCADE, related_name="posts")
    open_id = models.CharField(max_length=64)
    post_id = models.CharField(max_length=64, unique=True)
    caption = models.TextField()
    cover = models.BinaryField()
    film = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    deleted = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.caption.partition("\n")[0]
