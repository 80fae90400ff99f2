"""Links between rows that speak of the same thing. Never a merge: a link can be taken back."""

from django.db import models

from aggregator.models.listing import words
from aggregator.vocabulary import LinkedKind, LinkState


class IdentityLink(models.Model):
    """Two rows, named by provider and external id so that a person's decision survives every ingest.

    ``score`` lies between 0 and 1; ``reason`` says what it rests on. The left end sorts before the right one.
    The labels say what the ends are called, for the person who decides.
    """

    left_provider = models.CharField(max_length=32)
    left_kind = models.CharField(max_length=12)
    left_external_id = models.CharField(max_length=200)
    left_label = models.CharField(max_length=200, blank=True)
    right_provider = models.CharField(max_length=32)
    right_kind = models.CharField(max_length=12)
    right_external_id = models.CharField(max_length=200)
    right_label = models.CharField(max_length=200, blank=True)
    score = models.FloatField()
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=LinkState.CANDIDATE)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=[
                    "left_provider",
                    "left_kind",
                    "left_external_id",
                    "right_provider",
                    "right_kind",
                    "right_external_id",
                ],
                name="link_between_two_rows",
            ),
            models.CheckConstraint(condition=models.Q(score__gte=0, score__lte=1), name="link_score_range"),
            words("state", LinkState, "link_state_is_a_word"),
            words("left_kind", LinkedKind, "link_left_kind_is_a_word"),
            words("right_kind", LinkedKind, "link_right_kind_is_a_word"),
        )
        indexes = (
            models.Index(
                fields=["right_provider", "right_kind", "right_external_id"], name="link_from_the_right"
            ),
        )

    def __str__(self) -> str:
        return (
            f"{self.left_provider} {self.left_external_id} = {self.right_provider} {self.right_external_id}"
        )


class IdentityKey(models.Model):
    """A word under which a row is looked up for comparison; ``film.credit`` are the names in a film's credits."""

    kind = models.CharField(max_length=16)
    row = models.BigIntegerField()
    key = models.CharField(max_length=100)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "row", "key"], name="identity_kind_row_key"),)
        indexes = (models.Index(fields=["key", "kind"], name="identity_key"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.row}: {self.key}"


class IdentityMark(models.Model):
    """How far the comparison of one kind has come: the last row by the time it changed."""

    kind = models.CharField(max_length=12, primary_key=True)
    at = models.DateTimeField()
    row = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%c}"
