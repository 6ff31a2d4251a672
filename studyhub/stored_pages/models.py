"""Public pages as bytes, and how anybody can tell whether they still hold (decision 0040).

A copy holds while its edition is the running one and no change has been told since. Changes are
only ever added, so writers never wait for each other; a worker takes in what it sees, begins the
next edition and renders. Whoever rendered before a change was committed has the number of an
edition that is over: such a copy is never shown.
"""

from django.db import models, transaction
from django.utils import timezone

LONGEST_ADDRESS = 500


class PageChange(models.Model):
    """Something that public pages show has changed, and no edition knows of it yet.

    Added in the transaction that changes it: no reader sees one without the other.
    No personal data.
    """

    at = models.DateTimeField(default=timezone.now, db_default=models.functions.Now())

    class Meta:
        verbose_name = "页面改动"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class Edition(models.Model):
    """The one row that says which copies hold. No personal data.

    ``release`` is the code that rendered them (``release.py``); another one shows none of them.
    """

    number = models.PositiveBigIntegerField(default=0, db_default=0)
    release = models.CharField(max_length=32, blank=True, db_default="")
    is_whole = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = "页面批次"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="stored_pages_one_edition")
        ]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> "Edition":
        return cls.objects.first() or cls(pk=1)

    @classmethod
    def begin(cls, release: str) -> "Edition":
        """The next one: everything told until now is taken in, and no copy holds any more."""
        with transaction.atomic():
            cls.objects.get_or_create(pk=1)
            edition = cls.objects.select_for_update().get(pk=1)
            told = list(PageChange.objects.values_list("pk", flat=True))
            PageChange.objects.filter(pk__in=told).delete()
            edition.number += 1
            edition.release, edition.is_whole = release, False
            edition.save()
            return edition

    def holds(self) -> bool:
        """Whether it is still the running one, and nothing has changed since it began."""
        return (
            Edition.objects.filter(pk=1, number=self.number, release=self.release).exists()
            and not PageChange.objects.exists()
        )


class StoredPage(models.Model):
    """What one address answers, packed twice. No personal data: it is the same for everybody.

    ``headers`` is a JSON object without what depends on the packing; ``tag`` that of the plain
    bytes, as in ``web.sharing``. ``changed_at`` is when the bytes last differed.
    """

    address = models.CharField(max_length=LONGEST_ADDRESS, unique=True)
    edition = models.PositiveBigIntegerField()
    headers = models.TextField()
    tag = models.CharField(max_length=32)
    gzip = models.BinaryField()
    brotli = models.BinaryField()
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "存好的页面"

    def __str__(self) -> str:
        return self.address
