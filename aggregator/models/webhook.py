"""Outgoing webhooks: where changes are sent, and every sending of one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from aggregator.models.listing import words
from aggregator.vocabulary import DeliveryState, EndpointState


class Endpoint(models.Model):
    """An address of a key holder's that is told of changes.

    Empty ``kinds``, ``providers`` and ``actions`` mean all. ``secret`` and ``previous_secret`` rest encrypted.
    ``cursor`` is how far the feed was turned into deliveries. The lease says who sends; ``rests_until`` is set when the
    other side is in trouble. ``notice_due`` is set when the owner is to be told that the endpoint was disabled.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhook_endpoints"
    )
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list, blank=True)
    providers = models.JSONField(default=list, blank=True)
    actions = models.JSONField(default=list, blank=True)
    secret = models.TextField()
    previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, default=EndpointState.ACTIVE)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    cursor = models.CharField(max_length=60)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    notice_due = models.DateTimeField(null=True, blank=True)
    notice_attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (words("state", EndpointState, "endpoint_state_is_a_word"),)

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One change, or a test, on its way to one endpoint. Holds ids, never a body.

    ``message`` is the same in all attempts. ``kind``, ``row`` and ``action`` are the change's; "", 0 and "" for a test.
    ``status`` is the HTTP status of the last attempt and ``reason`` the code of what went wrong in it.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    message = models.CharField(max_length=80)
    cursor = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, blank=True)
    row = models.BigIntegerField(default=0)
    provider = models.CharField(max_length=32, blank=True)
    action = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default=DeliveryState.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=["endpoint", "message"], name="delivery_endpoint_message"),
            words("state", DeliveryState, "delivery_state_is_a_word"),
        )
        indexes = (
            # What is to be sent, and what has to go before it.
            models.Index(
                fields=["endpoint", "kind", "row", "id"],
                condition=Q(state="waiting"),
                name="delivery_waiting",
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_log"),
            models.Index(fields=["created_at"], name="delivery_age"),
        )

    def __str__(self) -> str:
        return self.message
