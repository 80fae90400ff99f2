"""What happened to the objects that the API shows, for those who follow it."""

from django.db import models

from aggregator.models.listing import words
from aggregator.vocabulary import ChangeAction, Kind


class Change(models.Model):
    """One thing that happened to one row: ids, never bodies.

    ``xid`` is the writing transaction's number on PostgreSQL and 0 on SQLite; the order is (xid, id). ``provider`` is
    kept because a forgotten row is not there to be asked.
    """

    xid = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    row = models.BigIntegerField()
    provider = models.CharField(max_length=32)
    action = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            words("kind", Kind, "change_kind_is_a_word"),
            words("action", ChangeAction, "change_action_is_a_word"),
        )
        indexes = (models.Index(fields=["xid", "id"], name="change_order"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.row} {self.action}"


class Feed(models.Model):
    """How far the changes have been cleared away; one row, or none while nothing has been.

    ``era`` is part of every cursor: a new one makes all older cursors void.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    era = models.CharField(max_length=8)
    pruned_xid = models.BigIntegerField(default=0)
    pruned_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="feed_is_one_row"),)

    def __str__(self) -> str:
        return self.era


class SeatsTold(models.Model):
    """When a showing's seats were last reported as changed, and whether they have changed since."""

    showing = models.OneToOneField(
        "aggregator.Showing", on_delete=models.CASCADE, primary_key=True, related_name="seats_told"
    )
    told_at = models.DateTimeField()
    waiting = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["told_at"], condition=models.Q(waiting=True), name="seats_told_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.showing_id} {self.told_at}"
