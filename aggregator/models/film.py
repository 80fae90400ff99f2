"""Films."""

from django.db import models
from django.db.models import Q

from aggregator.models.listing import Listing, best_text


class Film(Listing):
    """A film; ``length`` in minutes. Credits and pictures hang on it as rows of their own."""

    titles = models.JSONField(default=dict)
    original_title = models.TextField(blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    countries = models.JSONField(default=dict, blank=True)
    languages = models.TextField(blank=True)
    length = models.PositiveIntegerField(null=True, blank=True)
    year = models.PositiveIntegerField(null=True, blank=True)
    statuses = models.JSONField(default=dict, blank=True)
    subtitles = models.JSONField(default=dict, blank=True)
    companies = models.TextField(blank=True)
    rights = models.TextField(blank=True)
    distribution = models.TextField(blank=True)
    imdb_id = models.CharField(max_length=20, blank=True)
    website = models.TextField(blank=True)
    trailers = models.JSONField(default=list, blank=True)
    festivals = models.ManyToManyField(
        "aggregator.Festival", through="aggregator.Selection", related_name="films"
    )
    picture = models.ForeignKey(
        "aggregator.Image", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta(Listing.Meta):
        constraints = (
            *Listing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(length=None) | Q(length__gt=0), name="film_length_is_positive"
            ),
        )
        indexes = (
            models.Index(fields=["updated_at", "id"], name="film_changed"),
            models.Index(fields=["imdb_id"], condition=~Q(imdb_id=""), name="film_imdb_id"),
        )

    def __str__(self) -> str:
        return best_text(self.titles)
