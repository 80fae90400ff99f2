"""Keys to the API, and how much they are used."""

from django.conf import settings
from django.db import models


class ApiKey(models.Model):
    """A key of one user. Only a digest of the secret is kept; ``prefix`` is its readable beginning.

    After a rotation the secret before it, ``previous_digest``, works until ``previous_until``.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    previous_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class KeyUsage(models.Model):
    """Requests of one key on one day (UTC), and how many of them were refused for being too many."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="usage")
    day = models.DateField()
    requests = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key", "day"], name="usage_key_day"),)

    def __str__(self) -> str:
        return f"{self.key_id} {self.day}: {self.requests}"
