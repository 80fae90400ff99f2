"""What every row that a provider published has in common."""

from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar

from django.db import models
from django.utils.text import slugify


def words(field: str, vocabulary: type[StrEnum], name: str) -> models.CheckConstraint:
    """A check that *field* holds one of the words of *vocabulary*."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": [str(word) for word in vocabulary]}), name=name
    )


class PublicQuerySet(models.QuerySet[Any]):
    """Rows that visitors may see."""

    def public(self) -> "PublicQuerySet":
        """Neither withdrawn upstream nor hidden by hand."""
        return self.filter(withdrawn_at=None, hidden_at=None)


PublicManager = models.Manager.from_queryset(PublicQuerySet)


class Listing(models.Model):
    """A row that belongs to one provider. Its id is ours and is never reused; it is never created a second time.

    ``hidden_at`` and ``hidden_reason`` are set by hand and never touched by ingest. ``withdrawn_at`` is set when
    upstream no longer lists the row and cleared when it comes back. ``updated_at`` moves only with the content.
    """

    provider = models.CharField(max_length=32)
    external_id = models.CharField(max_length=200)
    url = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=32)
    mapping_version = models.PositiveIntegerField(default=1)
    authority = models.CharField(max_length=40, blank=True)
    first_seen_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    upstream_modified_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    objects = PublicManager()

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(
                fields=["provider", "external_id"], name="%(class)s_provider_external_id"
            ),
            models.CheckConstraint(
                condition=~models.Q(provider="") & ~models.Q(external_id=""), name="%(class)s_has_an_identity"
            ),
        )

    @property
    def is_public(self) -> bool:
        """Whether visitors may see the row."""
        return self.withdrawn_at is None and self.hidden_at is None


def best_text(texts: dict[str, str], language: str = "") -> str:
    """The text in *language*, else without a language, else English, else Swedish, else any; "" for none."""
    for tag in (language, "", "en", "sv"):
        if texts.get(tag):
            return texts[tag]
    return next(iter(texts.values()), "")


@lru_cache(maxsize=8192)
def slug_of(title: str) -> str:
    """The readable part of a page's address; never empty and never trusted for look-up."""
    return slugify(title)[:80].strip("-") or "untitled"
