"""``manage.py reindex``: write the search index anew, or say whether it is in step with the rows.

It can be ended at any time: started again, it goes on where it was, as does the worker by itself. Searching goes on
meanwhile. Exit codes: 0 done or in step, 1 out of step, 2 wrong usage.
"""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from aggregator.models import SearchBacklog, SearchWord
from aggregator.search import backlog, checking, keys, vocabulary
from aggregator.search.other_documents import MODELS
from aggregator.vocabulary import Kind


class Command(BaseCommand):
    """Makes the index anew, a batch at a time."""

    help = "Write the search index anew; goes on where it was ended before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which kinds, and whether only to look."""
        parser.add_argument("kinds", nargs="*", choices=[[], *keys.INDEXED], help="kinds of rows (all)")
        parser.add_argument("--check", action="store_true", help="only say whether the index is in step")
        parser.add_argument(
            "--words", action="store_true", help="forget words that no entry holds any more first"
        )
        parser.add_argument(
            "--restart", action="store_true", help="from the beginning, whatever was done before"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work or look, and say what came of it."""
        if options["check"]:
            self._check()
            return
        kinds = [Kind(word) for word in options["kinds"]] or list(keys.INDEXED)
        if options["words"]:
            SearchWord.objects.all().delete()
            vocabulary.renew()
        if (
            options["restart"]
            or options["words"]
            or not SearchBacklog.objects.filter(row=backlog.ALL).exists()
        ):
            backlog.postpone_all(kinds)
        backlog.count_rows()
        started = time.monotonic()
        number = backlog.work(progress=_Progress(self))
        seconds = time.monotonic() - started
        self.stdout.write(f"{number} rows in {seconds:.1f} s ({number / max(seconds, 0.001):.0f} a second)")

    def _check(self) -> None:
        good = checking.is_sound()
        if not good:
            self.stderr.write("the database finds its own index damaged")
        for found in checking.check():
            good = good and found.is_good
            self.stdout.write(
                f"{found.kind:<14}{found.entries:>9} entries, {found.missing} missing, {found.left_over} left over, "
                f"{found.wordless} without words"
            )
        if waiting := SearchBacklog.objects.count():
            self.stdout.write(f"{waiting} rows wait for the worker")
        if not good:
            sys.exit(1)


class _Progress:
    """A line a kind now and then, with how much of it is done."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.done: dict[Kind, int] = {}
        self.totals: dict[Kind, int] = {}
        self.told = 0.0

    def __call__(self, kind: Kind, number: int) -> None:
        if kind not in self.totals:
            self.totals[kind] = MODELS[kind]._default_manager.count() if kind in MODELS else 0
        self.done[kind] = self.done.get(kind, 0) + number
        if time.monotonic() - self.told > 2:
            self.told = time.monotonic()
            self.command.stderr.write(f"{kind:<14}{self.done[kind]:>9} of {self.totals[kind]}")
