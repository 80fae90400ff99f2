"""Plan entries, the calls that wait to be made for them, the questions they raise and what was done to them."""

from typing import Any

from django.conf import settings
from django.db import models

from aggregator.models.listing import best_text, words
from aggregator.vocabulary import Precision
from planner.vocabulary import ChangeKind, Intent, ShowingState, Side, Step, TicketMark


class Copied(models.Model):
    """A showing as it was last known, kept so that a re-published programme empties nobody's plan."""

    provider = models.CharField(max_length=32)
    external_id = models.CharField(max_length=200)
    showing = models.ForeignKey(
        "aggregator.Showing", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    titles = models.JSONField(default=dict, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=50, default="Europe/Stockholm")
    precision = models.CharField(max_length=10, default=Precision.EXACT)
    venue_key = models.CharField(max_length=200, blank=True)
    venue_name = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return best_text(self.titles) or self.external_id


class Entry(Copied):
    """One showing in one person's plan; a removed one stays until the festival agrees.

    ``base`` is what both sides last agreed on, "" before they ever did; ``sent`` are states that calls without an
    answer may have produced. ``remote`` is what the festival said when it was last read. ``festival_key`` is the
    festival's id at the provider, "" where unknown. ``work_key`` is the event, so that two showings of one film are
    told to be that. ``revision`` grows with every change and is checked by every change.
    ``copied_at`` is the showing's own ``updated_at`` at the copy: what is written later with an earlier clock is news.
    ``gone_at`` is set while the festival's programme does not have the showing.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plan_entries")
    festival_key = models.CharField(max_length=200, blank=True)
    work_key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=ShowingState.SCHEDULED)
    was = models.JSONField(default=dict, blank=True)
    copied_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    intent = models.CharField(max_length=10, default=Intent.WANT)
    ticket = models.CharField(max_length=10, default=TicketMark.NONE)
    removed_at = models.DateTimeField(null=True, blank=True)
    base = models.CharField(max_length=10, blank=True)
    remote = models.CharField(max_length=10, blank=True)
    sent = models.JSONField(default=list, blank=True)
    revision = models.BigIntegerField(default=1)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "provider", "external_id"], name="entry_once_a_plan"),
            words("intent", Intent, "entry_intent_is_a_word"),
            words("ticket", TicketMark, "entry_ticket_is_a_word"),
            words("state", ShowingState, "entry_state_is_a_word"),
            models.CheckConstraint(
                condition=models.Q(base__in=["", *map(str, Side)]), name="entry_base_is_a_word"
            ),
        )
        indexes = (models.Index(fields=["user", "starts_at"], name="entry_of_day"),)

    @property
    def local(self) -> Side:
        """What this plan says in the festival's words."""
        if self.removed_at is not None:
            return Side.ABSENT
        return Side.TICKET if self.ticket in (TicketMark.HELD, TicketMark.SPARE) else Side.PLAIN

    @property
    def agreed(self) -> Side:
        """What both sides last agreed on; before they ever did, that there is nothing."""
        return Side(self.base or Side.ABSENT)


class OutboxRow(models.Model):
    """One call that brings an edit to the festival. Rows of an entry are made in the order of ``position``.

    ``sent_at`` is set before the call: a row that has it was sent, and nobody may know with what outcome.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="outbox")
    position = models.PositiveIntegerField()
    step = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "position"], name="outbox_in_order"),
            words("step", Step, "outbox_step_is_a_word"),
        )
        indexes = (models.Index(fields=["due_at"], name="outbox_due"),)

    def __str__(self) -> str:
        return f"{self.step} #{self.entry_id}"


class Question(models.Model):
    """Something that only the person can decide: which of two plans is meant for an entry.

    ``remote`` is what the festival's side says. ``group`` is the same for questions that one cause raised together.
    Gone once answered, or once both sides agree.
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="question")
    remote = models.CharField(max_length=10)
    group = models.CharField(max_length=32, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (words("remote", Side, "question_remote_is_a_word"),)

    def __str__(self) -> str:
        return f"question about entry {self.entry_id}"


class Change(models.Model):
    """What the planner did to a plan by itself. ``before`` is the entry as it was, enough to bring it back."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plan_changes")
    provider = models.CharField(max_length=32)
    external_id = models.CharField(max_length=200)
    titles = models.JSONField(default=dict, blank=True)
    kind = models.CharField(max_length=16)
    before: Any = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (words("kind", ChangeKind, "plan_change_kind_is_a_word"),)
        indexes = (models.Index(fields=["user", "-at"], name="change_of_user"),)

    def __str__(self) -> str:
        return best_text(self.titles) or self.external_id
