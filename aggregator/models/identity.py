"""Links between rows that speak of the same thing. Never a merge: a link can be taken back."""

from django.db import models

from aggregator.models.listing import words
from aggregator.vocabulary import Kind, LinkState


class IdentityLink(models.Model):
    """Two rows, named by provider and external id so that a person's decision survives every ingest.

    ``score`` lies between 0 and 1; ``reason`` says what it rests on. The left end sorts before the right one.
    """

    left_provider = models.CharField(max_length=32)
    left_kind = models.CharField(max_length=12)
    left_external_id = models.CharField(max_length=200)
    right_provider = models.CharField(max_length=32)
    right_kind = models.CharField(max_length=12)
    right_external_id = models.CharField(max_length=200)
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
            words("left_kind", Kind, "link_left_kind_is_a_word"),
            words("right_kind", Kind, "link_right_kind_is_a_word"),
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
