"""``manage.py restart_feed``: begin the feed of changes anew, after a restore from a backup.

A restored database forgets what it told since the backup was made: mirrors that followed hold what is no longer so,
and their cursors may lie ahead of the feed. Afterwards every cursor that is out there is answered with 410, so mirrors
start again from a snapshot, and webhooks go on with what happens from now. Exit codes: 0 done, 2 not confirmed.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aggregator.changes import feed


class Command(BaseCommand):
    """Gives up all cursors."""

    help = "Begin the feed of changes anew: after a restore from a backup."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """It has to be meant."""
        parser.add_argument(
            "--yes", action="store_true", help="all readers have to start from a snapshot: do it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the confirmation or do it."""
        if not options["yes"]:
            raise CommandError(
                "Every mirror will have to start again from a snapshot. If that is meant, give --yes.",
                returncode=2,
            )
        feed.restart()
        self.stdout.write(f"The feed of changes begins anew; cursors begin with {feed.era()} from now on.")
