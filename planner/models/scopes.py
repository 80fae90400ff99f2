"""What keys to the API may do with a plan."""

from django.db import models


class KeyScopes(models.Model):
    """The scopes that the owner of an API key has given it, beside reading what is public."""

    key = models.OneToOneField("aggregator.ApiKey", on_delete=models.CASCADE, related_name="plan_scopes")
    scopes = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.key_id}: {', '.join(self.scopes)}"
