"""``manage.py rotate_tokens``: encrypt what is stored with the first of ``TOKEN_KEYS``."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from planner import vault


class Command(BaseCommand):
    """Exit 0 when everything is encrypted with the first key, 1 where something can no longer be read."""

    help = "Encrypt stored tokens and card numbers anew with the first key of TOKEN_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate and say how many."""
        done, lost = vault.rotate()
        self.stdout.write(f"{done} rows encrypted with the first key")
        if lost:
            self.stderr.write(f"{lost} rows are sealed with a key that TOKEN_KEYS does not hold")
            sys.exit(1)
