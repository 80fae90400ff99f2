"""Sources and their runs: the queue, the leases and the cursors of ingest."""

from django.db import models

from aggregator.models.listing import words
from aggregator.vocabulary import Mode, RunState, SourceState


class Source(models.Model):
    """How one provider is doing, and who may write for it.

    The lease is taken by compare-and-set; ``generation`` grows with every taking, and every commit of a run checks
    it, so that a worker that wakes late writes nothing. ``binding`` is the hash of base URL, account and criteria of
    the last run that settled what is absent; ``stopped_binding`` of the one that made it need attention, so that a
    changed configuration is tried at once. ``failing`` maps a mode that fails to its failures in a row, when it may be
    tried again and why it failed; ``failures``, ``backoff_until``, ``reason`` and ``message`` speak of the worst.
    """

    slug = models.CharField(max_length=32, primary_key=True)
    state = models.CharField(max_length=16, default=SourceState.IDLE)
    reason = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    generation = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failing = models.JSONField(default=dict, blank=True)
    backoff_until = models.DateTimeField(null=True, blank=True)
    last_good_at = models.DateTimeField(null=True, blank=True)
    last_full_at = models.DateTimeField(null=True, blank=True)
    binding = models.CharField(max_length=32, blank=True)
    stopped_binding = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = (words("state", SourceState, "source_state_is_a_word"),)

    def __str__(self) -> str:
        return self.slug


class FeedCursor(models.Model):
    """Where a feed goes on from. Bound to base URL and scope: another binding finds none and starts anew."""

    provider = models.CharField(max_length=32)
    feed = models.CharField(max_length=200)
    binding = models.CharField(max_length=32)
    value = models.CharField(max_length=300)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "feed", "binding"], name="cursor_provider_feed_binding"
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.feed}"


class IngestRun(models.Model):
    """One undertaking to bring a provider up to date, over as many ticks as it takes.

    Counts: ``listed`` are documents that upstream named, ``fetched`` those that it sent, ``rejected`` those that were
    refused, ``unchanged`` those that called for no write to a listing row; ``created``,
    ``updated``, ``seats`` (only seats rewritten), ``withdrawn`` and ``restored`` are listing rows. Durations are
    seconds. ``position`` is where the next process takes over. ``held`` lists what a held run would withdraw, cut at
    some hundred; ``held_count`` is the whole number.
    """

    provider = models.CharField(max_length=32)
    mode = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default=RunState.QUEUED)
    full = models.BooleanField(default=False)
    force = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    position = models.JSONField(default=dict, blank=True)
    cursors = models.JSONField(default=dict, blank=True)
    complete = models.JSONField(default=list, blank=True)
    unreadable = models.JSONField(default=list, blank=True)
    binding = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    expected = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)
    fetched = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    seats = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    fetch_seconds = models.FloatField(default=0)
    map_seconds = models.FloatField(default=0)
    store_seconds = models.FloatField(default=0)
    held = models.JSONField(default=list, blank=True)
    held_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            words("state", RunState, "run_state_is_a_word"),
            words("mode", Mode, "run_mode_is_a_word"),
            models.UniqueConstraint(
                fields=["provider", "mode"],
                condition=models.Q(state__in=[RunState.QUEUED, RunState.RUNNING, RunState.WAITING]),
                name="one_open_run_per_provider_and_mode",
            ),
        )
        indexes = (
            models.Index(fields=["state", "due_at"], name="run_due"),
            models.Index(fields=["provider", "-created_at"], name="run_of_provider"),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.mode} #{self.pk}"
