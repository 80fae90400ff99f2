"""What search knows of the rows that visitors may see: written by ``search`` beside the rows, never read for a page.

An entry stands for one public row of one kind; a row that is withdrawn or hidden has none. Its words lie in a table of
their own whose shape is the database's: FTS5 on SQLite, ``tsvector`` with GIN on PostgreSQL (see ``search.sqlite`` and
``search.postgres``, and the migration that makes them).
"""

from django.db import models
from django.db.models import Q

from aggregator.models.event import Event
from aggregator.models.listing import words
from aggregator.models.showing import Showing
from aggregator.vocabulary import Kind


class SearchEntry(models.Model):
    """One public row. ``key`` sorts a kind's entries in their usual order (see ``search.keys``).

    ``title`` holds all its titles, a line each. The columns from ``day`` on are those of a showing: ``sections``,
    ``categories``, ``languages``, ``venues`` and ``country`` are what it counts under, between blanks, and so is
    ``city``, a line each.
    """

    key = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    row = models.BigIntegerField()
    provider = models.CharField(max_length=32)
    title = models.TextField(blank=True)
    showing = models.OneToOneField(
        Showing, models.DO_NOTHING, null=True, blank=True, related_name="entry", db_constraint=False
    )
    event = models.ForeignKey(
        Event,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="entries",
        db_constraint=False,
        db_index=False,
    )
    day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    venue = models.BigIntegerField(null=True, blank=True)
    venues = models.TextField(blank=True)
    city = models.TextField(blank=True)
    country = models.TextField(blank=True)
    festival = models.BigIntegerField(null=True, blank=True)
    sections = models.TextField(blank=True)
    categories = models.TextField(blank=True)
    languages = models.TextField(blank=True)
    showing_kind = models.CharField(max_length=10, blank=True)
    availability = models.CharField(max_length=12, blank=True)
    is_free = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "row"], name="search_entry_of_a_row"),
            words("kind", Kind, "search_entry_kind_is_a_word"),
        )
        indexes = (
            models.Index(
                fields=["event", "key"], condition=Q(kind=Kind.SHOWING), name="search_entry_of_event"
            ),
            models.Index(
                fields=["venue", "key"], condition=Q(kind=Kind.SHOWING), name="search_entry_at_venue"
            ),
            models.Index(
                fields=["last_day", "key"],
                condition=Q(last_day__gt=models.F("day")),
                name="search_entry_that_goes_on",
            ),
        )

    def __str__(self) -> str:
        return self.title.split("\n")[0]


class TokensField(models.TextField):  # type: ignore[type-arg]
    """The words of an entry. It can be asked with ``fits`` and is written by SQL of the database's own."""


class SearchText(models.Model):
    """The words of every entry but those of people."""

    entry = models.OneToOneField(
        SearchEntry,
        models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        related_name="text",
        db_constraint=False,
    )
    # FTS5 takes a question in a hidden column that bears the table's name.
    tokens = TokensField(db_column="search_text")

    class Meta:
        managed = False
        db_table = "search_text"

    def __str__(self) -> str:
        return str(self.pk)


class SearchPeopleText(models.Model):
    """The words of people, apart from the others so that they can be written anew whole when somebody is forgotten."""

    entry = models.OneToOneField(
        SearchEntry,
        models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        related_name="people_text",
        db_constraint=False,
    )
    tokens = TokensField(db_column="search_people")

    class Meta:
        managed = False
        db_table = "search_people"

    def __str__(self) -> str:
        return str(self.pk)


class SearchWord(models.Model):
    """A word that stands in some entry, with its å, ä and ö: what completions, compounds and corrections come from."""

    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word


class SearchBacklog(models.Model):
    """A row that very many entries speak of, which are therefore written anew later, some at a time.

    ``stage`` is the kind of entry that is being written (see ``search.dependents``), ``after`` the last of it done.
    """

    kind = models.CharField(max_length=12)
    row = models.BigIntegerField()
    stage = models.PositiveSmallIntegerField(default=0)
    after = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "row"], name="search_backlog_row"),
            words("kind", Kind, "search_backlog_kind_is_a_word"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"
