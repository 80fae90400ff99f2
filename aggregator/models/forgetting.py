"""What is left of somebody who was forgotten: enough never to store them again, too little to know who it was."""

from django.db import models

from aggregator.models.listing import words
from aggregator.vocabulary import Kind


class Suppression(models.Model):
    """``digest`` is the HMAC of provider, kind and external id; a record that matches is not stored."""

    provider = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.provider} {self.digest[:8]}"


class Tombstone(models.Model):
    """The id of ours that a forgotten row had; its page answers 410."""

    kind = models.CharField(max_length=12)
    row = models.BigIntegerField()
    forgotten_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "row"], name="tombstone_kind_row"),
            words("kind", Kind, "tombstone_kind_is_a_word"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"
