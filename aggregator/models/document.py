"""Upstream documents as received, what came of them, and those that nothing came of."""

from django.db import models

from aggregator.models.listing import words
from aggregator.vocabulary import Kind


class SourceDocument(models.Model):
    """One upstream item, compressed, without secrets. Staff only.

    ``seen_run`` is the last run that saw it listed upstream; ``gone_at`` is set when a whole and healthy reading of
    its scope no longer held it. ``mapping_version`` is the one its rows were last written with.
    """

    provider = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    scope = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True)
    media_type = models.CharField(max_length=60)
    validator = models.CharField(max_length=200, blank=True)
    content_hash = models.CharField(max_length=32)
    body = models.BinaryField()
    mapping_version = models.PositiveIntegerField()
    fetched_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    seen_run = models.BigIntegerField(default=0)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["provider", "kind", "key"], name="document_provider_kind_key"),
        )
        indexes = (models.Index(fields=["provider", "kind", "scope"], name="document_scope"),)

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.key}"


class Provenance(models.Model):
    """A listing row and a document that speaks of it; ``current`` False once the document no longer does."""

    document = models.ForeignKey(SourceDocument, on_delete=models.CASCADE, related_name="provenance")
    kind = models.CharField(max_length=12)
    row = models.BigIntegerField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["document", "kind", "row"], name="provenance_document_kind_row"),
            words("kind", Kind, "provenance_kind_is_a_word"),
        )
        indexes = (models.Index(fields=["kind", "row"], name="provenance_row"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"


class Rejection(models.Model):
    """A document in quarantine: nothing was written from it. Success clears it.

    The row that an earlier version of the document made stays as it was. ``key`` is upstream's id, or ``?`` and the
    body's hash where no id was readable. ``run`` is the last run that was sent it; 0 where it came from the store.
    """

    provider = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    scope = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=40)
    path = models.CharField(max_length=300, blank=True)
    message = models.TextField(blank=True)
    url = models.TextField(blank=True)
    media_type = models.CharField(max_length=60, blank=True)
    validator = models.CharField(max_length=200, blank=True)
    body = models.BinaryField(blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=1)
    mapping_version = models.PositiveIntegerField(default=0)
    run = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["provider", "kind", "key"], name="rejection_provider_kind_key"),
        )
        indexes = (models.Index(fields=["provider", "reason"], name="rejection_reason"),)

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.key}: {self.reason}"
