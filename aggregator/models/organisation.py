"""Organisations."""

from django.db import models

from aggregator.models.listing import Listing, words
from aggregator.vocabulary import OrganisationKind


class Organisation(Listing):
    """An organiser or an agency."""

    name = models.TextField(blank=True)
    organisation_kind = models.CharField(max_length=10, default=OrganisationKind.ORGANISER)
    website = models.TextField(blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    picture = models.ForeignKey(
        "aggregator.Image", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta(Listing.Meta):
        constraints = (
            *Listing.Meta.constraints,
            words("organisation_kind", OrganisationKind, "organisation_kind_is_a_word"),
        )

    def __str__(self) -> str:
        return self.name
