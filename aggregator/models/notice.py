"""Things the operator is told, once per cause."""

from django.db import models


class Notice(models.Model):
    """One message; ``cause`` makes it unique, ``sent_at`` is set when it was mailed."""

    cause = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["due_at"], condition=models.Q(sent_at=None), name="notice_due"),)

    def __str__(self) -> str:
        return self.subject
