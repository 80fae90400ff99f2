"""Showings: when and where."""

from django.db import models
from django.db.models import F, Q

from aggregator.models.event import Event
from aggregator.models.listing import Listing, best_text, words
from aggregator.models.venue import Venue
from aggregator.vocabulary import Availability, Precision, ShowingKind, Status


class Showing(Listing):
    """One time and place. Instants are UTC and meant in ``zone``.

    ``local_start_date`` and ``local_end_date`` are *programme days* in that zone: a day begins at 05:00, so a showing
    at half past midnight belongs to the evening before. Day grouping and date filters use these two only.
    ``moved_from`` keeps what the showing was before it moved ({"starts_at", "venue", "at"}); {} where it never did.
    ``seats_fingerprint`` covers availability, seats and shop links, which change without touching the rest.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="showings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    doors_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=50)
    local_start_date = models.DateField()
    local_end_date = models.DateField()
    precision = models.CharField(max_length=10, default=Precision.EXACT)
    showing_kind = models.CharField(max_length=10, default=ShowingKind.OTHER)
    titles = models.JSONField(default=dict, blank=True)
    folded = models.TextField(blank=True)
    number = models.CharField(max_length=30, blank=True)
    tags = models.JSONField(default=list, blank=True)
    venue = models.ForeignKey(
        Venue, on_delete=models.SET_NULL, related_name="showings", null=True, blank=True
    )
    further_venues = models.ManyToManyField(Venue, related_name="further_showings", blank=True)
    status = models.CharField(max_length=10, default=Status.SCHEDULED)
    moved_from = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=dict, blank=True)
    sale_starts_at = models.DateTimeField(null=True, blank=True)
    buy_urls = models.JSONField(default=dict, blank=True)
    availability = models.CharField(max_length=12, default=Availability.UNKNOWN)
    seats_total = models.PositiveIntegerField(null=True, blank=True)
    seats_free = models.PositiveIntegerField(null=True, blank=True)
    seats_fingerprint = models.CharField(max_length=32, blank=True)
    seats_at = models.DateTimeField(null=True, blank=True)

    class Meta(Listing.Meta):
        constraints = (
            *Listing.Meta.constraints,
            words("availability", Availability, "showing_availability_is_a_word"),
            words("status", Status, "showing_status_is_a_word"),
            words("precision", Precision, "showing_precision_is_a_word"),
            words("showing_kind", ShowingKind, "showing_kind_is_a_word"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="showing_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(local_end_date__gte=F("local_start_date")), name="showing_days_in_order"
            ),
        )
        indexes = (
            models.Index(fields=["updated_at", "id"], name="showing_changed"),
            models.Index(fields=["local_start_date", "starts_at", "id"], name="showing_programme"),
            models.Index(fields=["local_end_date"], name="showing_last_day"),
            models.Index(fields=["event", "starts_at"], name="showing_of_event"),
            models.Index(fields=["venue", "starts_at"], name="showing_at_venue"),
        )

    def __str__(self) -> str:
        return best_text(self.titles) or self.external_id

    @property
    def state(self) -> str:
        """The one word for a visitor: withdrawn, cancelled, moved or scheduled, in this order."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.status == Status.CANCELLED:
            return "cancelled"
        return "moved" if self.moved_from else "scheduled"
