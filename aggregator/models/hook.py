"""The inbox of upstream's webhooks, and how often an upstream was asked."""

from django.db import models

from aggregator.models.source import IngestRun


class HookDelivery(models.Model):
    """One event that upstream told us of, stored before it was acknowledged. Holds ids, never a body.

    ``key`` is the same for every delivery of one event. ``run`` works at it; ``done_at`` is set when that ended well
    or when there was nothing to do.
    """

    provider = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    action = models.CharField(max_length=10)
    kind = models.CharField(max_length=32, blank=True)
    document = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    run = models.ForeignKey(
        IngestRun, on_delete=models.SET_NULL, related_name="deliveries", null=True, blank=True
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "hook deliveries"
        constraints = (
            models.UniqueConstraint(fields=["provider", "key"], name="delivery_provider_key"),
            models.CheckConstraint(
                condition=models.Q(action__in=["refresh", "forget", "ignore"]),
                name="delivery_action_is_a_word",
            ),
        )
        indexes = (
            models.Index(
                fields=["provider", "received_at"], condition=models.Q(done_at=None), name="delivery_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.key}"


class RequestWindow(models.Model):
    """How many requests of an upstream's allowance were spent, by all processes, in one window of *seconds*."""

    provider = models.CharField(max_length=32)
    seconds = models.PositiveIntegerField()
    starts = models.BigIntegerField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "seconds", "starts"], name="window_provider_seconds_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.starts}: {self.used}"
