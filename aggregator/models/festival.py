"""Festivals, their sections, and which films they selected."""

from django.db import models
from django.db.models import F, Q

from aggregator.models.listing import Listing


class Festival(Listing):
    """One edition. The days are in ``zone``."""

    name = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    zone = models.CharField(max_length=50)
    is_current = models.BooleanField(default=False)
    sale_starts_at = models.DateTimeField(null=True, blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    picture = models.ForeignKey(
        "aggregator.Image", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta(Listing.Meta):
        constraints = (
            *Listing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="festival_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return self.name or f"Festival {self.external_id}"


class Section(Listing):
    """A theme within one festival."""

    festival = models.ForeignKey(Festival, on_delete=models.CASCADE, related_name="sections")
    name = models.TextField(blank=True)
    descriptions = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class Selection(Listing):
    """A film at a festival, in a section where one is known: the link between the three."""

    film = models.ForeignKey("aggregator.Film", on_delete=models.CASCADE, related_name="selections")
    festival = models.ForeignKey(Festival, on_delete=models.CASCADE, related_name="selections")
    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, related_name="selections", null=True, blank=True
    )

    def __str__(self) -> str:
        return self.external_id
