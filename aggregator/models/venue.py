"""Venues."""

from django.db import models
from django.db.models import Q

from aggregator.models.listing import Listing, words
from aggregator.vocabulary import CoordinatePrecision


class Venue(Listing):
    """A place. Degrees are WGS 84; no coordinates means unknown, never 0,0."""

    name = models.TextField(blank=True)
    house = models.TextField(blank=True)
    types = models.JSONField(default=dict, blank=True)
    street = models.TextField(blank=True)
    vicinity = models.TextField(blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    coordinates = models.CharField(max_length=10, default=CoordinatePrecision.UNKNOWN)
    zone = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    website = models.TextField(blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    picture = models.ForeignKey(
        "aggregator.Image", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta(Listing.Meta):
        constraints = (
            *Listing.Meta.constraints,
            words("coordinates", CoordinatePrecision, "venue_coordinates_is_a_word"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="venue_lies_on_earth",
            ),
        )
        indexes = (
            models.Index(fields=["updated_at", "id"], name="venue_changed"),
            models.Index(fields=["city"], name="venue_city"),
        )

    def __str__(self) -> str:
        return self.name or self.city
