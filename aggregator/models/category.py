"""Words that listings are filed under, and values of closed attribute lists."""

from django.db import models

from aggregator.models.listing import Listing, best_text, words
from aggregator.vocabulary import CategoryScheme


class Category(Listing):
    """A type, style or tag with its names per language."""

    scheme = models.CharField(max_length=10)
    names = models.JSONField(default=dict)

    class Meta(Listing.Meta):
        verbose_name_plural = "categories"
        constraints = (
            *Listing.Meta.constraints,
            words("scheme", CategoryScheme, "category_scheme_is_a_word"),
        )

    def __str__(self) -> str:
        return best_text(self.names)


class Term(Listing):
    """One value of one list, with its labels per language."""

    list_name = models.CharField(max_length=100)
    value = models.CharField(max_length=200)
    labels = models.JSONField(default=dict)

    class Meta(Listing.Meta):
        indexes = (models.Index(fields=["provider", "list_name"], name="term_list"),)

    def __str__(self) -> str:
        return best_text(self.labels) or self.value
