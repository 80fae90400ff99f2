"""Membership cards and the tickets on them."""

from django.conf import settings
from django.db import models

from planner.models.entry import Copied


class Card(models.Model):
    """A membership card. Its number is encrypted; ``digest`` tells whether two are the same, ``tail`` is shown.

    ``own`` cards are named by the festival as the person's; the others were typed in, or named once.
    ``read_at`` is when its tickets were last read well, ``reason`` why they could not be since.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="festival_cards"
    )
    number = models.TextField()
    digest = models.CharField(max_length=64)
    tail = models.CharField(max_length=4)
    own = models.BooleanField(default=False)
    kinds = models.JSONField(default=dict, blank=True)
    begins_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "digest"], name="card_once_a_user"),)

    def __str__(self) -> str:
        return f"card …{self.tail}"


class Ticket(Copied):
    """A ticket on a card, with the showing as the festival wrote it on it.

    ``first`` is when and where it was when the ticket was first read, so that a later move is not overlooked.
    ``gone_at`` is set when the card no longer has it. Tickets outweigh what *myfestival* says about having one.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="festival_tickets"
    )
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="tickets")
    key = models.CharField(max_length=100)
    first = models.JSONField(default=dict, blank=True)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["card", "key"], name="ticket_once_a_card"),)
        indexes = (models.Index(fields=["user", "external_id"], name="ticket_of_showing"),)
