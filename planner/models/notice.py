"""What a person is told by mail, and how they like to be told."""

from django.conf import settings
from django.db import models

from aggregator.models.listing import words
from planner.vocabulary import NoticeKind


class Notice(models.Model):
    """One message to one person; ``cause`` makes it unique to them. ``facts`` make its text when sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plan_notices")
    cause = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "cause"], name="plan_notice_once_a_cause"),
            words("kind", NoticeKind, "plan_notice_kind_is_a_word"),
        )
        indexes = (models.Index(fields=["due_at"], condition=models.Q(sent_at=None), name="plan_notice_due"),)

    def __str__(self) -> str:
        return f"{self.kind} for user {self.user_id}"


class Preference(models.Model):
    """How one person wants the planner: the language of mails, and whether there are any."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plan_preference"
    )
    language = models.CharField(max_length=10, default="en")
    mail = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"preference of user {self.user_id}"
