"""A person's link to their account at the festival."""

from datetime import datetime

from django.conf import settings
from django.db import models

from aggregator.models.listing import words
from planner.vocabulary import LinkState


class Link(models.Model):
    """Tokens, encrypted, and who may use them for what.

    ``version`` counts token pairs: whoever stores a pair names the version that it came from, so that no late answer
    takes the place of a newer pair. ``intent_version`` is the version whose refresh token was sent upstream; while it
    equals ``version`` the outcome of that call is unknown. Two leases: ``refresh_…`` for the one who refreshes,
    ``sync_…`` for the one who reads and alters *myfestival*; a generation grows with each taking. ``edits`` grows with
    every edit of the plan, so that who ends a sync sees that there is more to do. ``next_sync_at`` is brought
    forward by edits; ``not_before`` is when the festival asked to be called again, and by nothing.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="festival_link"
    )
    state = models.CharField(max_length=10, default=LinkState.LINKED)
    access_token = models.TextField(blank=True)
    refresh_token = models.TextField(blank=True)
    expires_at = models.DateTimeField()
    version = models.BigIntegerField(default=1)
    intent_version = models.BigIntegerField(default=0)
    intent_at = models.DateTimeField(null=True, blank=True)
    refresh_lease_until = models.DateTimeField(null=True, blank=True)
    refresh_generation = models.BigIntegerField(default=0)
    refresh_failures = models.PositiveIntegerField(default=0)
    refresh_retry_at = models.DateTimeField(null=True, blank=True)
    sync_lease_until = models.DateTimeField(null=True, blank=True)
    sync_generation = models.BigIntegerField(default=0)
    sync_failures = models.PositiveIntegerField(default=0)
    edits = models.BigIntegerField(default=0)
    next_sync_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    linked_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    pulled_at = models.DateTimeField(null=True, blank=True)
    tickets_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (words("state", LinkState, "festival_link_state_is_a_word"),)
        indexes = (models.Index(fields=["state", "next_sync_at"], name="link_due"),)

    def __str__(self) -> str:
        return f"link of user {self.user_id}"

    @property
    def next_at(self) -> datetime:
        """When the festival is called next."""
        return max(self.next_sync_at, self.not_before or self.next_sync_at)
