"""Events, which say what takes place, and offers, which say what it costs."""

from django.db import models
from django.db.models import F, Q

from aggregator.models.category import Category
from aggregator.models.festival import Festival
from aggregator.models.film import Film
from aggregator.models.listing import Listing, best_text, words
from aggregator.models.organisation import Organisation
from aggregator.vocabulary import ShowingKind, Status


class Event(Listing):
    """What; when and where are its showings. Prices are in ``currency``.

    ``folded`` holds all titles in lower case for the plain search box; it is derived by the store.
    """

    event_kind = models.CharField(max_length=10, default=ShowingKind.OTHER)
    titles = models.JSONField(default=dict)
    folded = models.TextField(blank=True)
    summaries = models.JSONField(default=dict, blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    film = models.ForeignKey(Film, on_delete=models.SET_NULL, related_name="events", null=True, blank=True)
    festival = models.ForeignKey(
        Festival, on_delete=models.SET_NULL, related_name="events", null=True, blank=True
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, related_name="events", null=True, blank=True
    )
    categories = models.ManyToManyField(Category, related_name="events", blank=True)
    trailers = models.JSONField(default=list, blank=True)
    price_min = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    price_max = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    is_free = models.BooleanField(null=True, blank=True)
    free_condition = models.TextField(blank=True)
    status = models.CharField(max_length=10, default=Status.SCHEDULED)
    status_note = models.JSONField(default=dict, blank=True)
    sale_starts_at = models.DateTimeField(null=True, blank=True)
    links = models.JSONField(default=dict, blank=True)
    buy_url = models.TextField(blank=True)
    picture = models.ForeignKey(
        "aggregator.Image", on_delete=models.SET_NULL, related_name="lead_of_events", null=True, blank=True
    )

    class Meta(Listing.Meta):
        constraints = (
            *Listing.Meta.constraints,
            words("event_kind", ShowingKind, "event_kind_is_a_word"),
            words("status", Status, "event_status_is_a_word"),
            models.CheckConstraint(
                condition=Q(price_min=None) | Q(price_max=None) | Q(price_max__gte=F("price_min")),
                name="event_prices_in_order",
            ),
        )
        indexes = (models.Index(fields=["updated_at", "id"], name="event_changed"),)

    def __str__(self) -> str:
        return best_text(self.titles)


class Offer(models.Model):
    """A price, a shop, or both, of one event or one showing; rewritten whole with its owner."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="offers", null=True, blank=True)
    showing = models.ForeignKey(
        "aggregator.Showing", on_delete=models.CASCADE, related_name="offers", null=True, blank=True
    )
    position = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    label = models.TextField(blank=True)
    url = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["event", "position"], name="offer_event_position"),
            models.UniqueConstraint(fields=["showing", "position"], name="offer_showing_position"),
            models.CheckConstraint(
                condition=Q(event=None, showing__isnull=False) | Q(event__isnull=False, showing=None),
                name="offer_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(price=None) | Q(price__gte=0), name="offer_price_is_not_negative"
            ),
        )

    def __str__(self) -> str:
        return self.label or str(self.price)
