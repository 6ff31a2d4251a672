"""How often what we published was read, as the platform counts it."""

from django.db import models

from studyhub.channels.models.deliveries import Delivery


class DeliveryCount(models.Model):
    """What one article had come to by the end of one day, since it is out.

    No personal data: sums of the platform's, never who read.
    """

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="counts", db_index=False
    )
    day = models.DateField("到哪一天")
    reads = models.PositiveIntegerField("读过的人次")
    shares = models.PositiveIntegerField("转发的人次")
    counted_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "day"], name="channels_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.delivery} {self.day}：{self.reads}"
