"""People with a profile. A name in a credit alone makes no row here."""

from django.db import models

from aggregator.models.listing import Listing
from aggregator.models.organisation import Organisation


class Person(Listing):
    """A profile; ``public`` False keeps the row for links but off every public page."""

    name = models.TextField(blank=True)
    sort_name = models.TextField(blank=True)
    professions = models.JSONField(default=list, blank=True)
    year_of_birth = models.PositiveIntegerField(null=True, blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    vita = models.JSONField(default=list, blank=True)
    links = models.JSONField(default=dict, blank=True)
    trailers = models.JSONField(default=list, blank=True)
    agency = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, related_name="people", null=True, blank=True
    )
    public = models.BooleanField(default=True)
    picture = models.ForeignKey(
        "aggregator.Image", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta(Listing.Meta):
        verbose_name_plural = "people"
        indexes = (models.Index(fields=["updated_at", "id"], name="person_changed"),)

    def __str__(self) -> str:
        return self.name
