"""The words that our own entries hold: what a word may be completed to, what it is a part of, what was meant by it.

Kept in memory by every process, since a hundred thousand words are looked through faster than asked for. A mark in the
cache says that there are new words, which a process then reads; when words go (a person was forgotten, the index was
made anew) the *edition* in the cache changes, and everybody reads them all again. Both marks have a cache of their own,
out of which nothing else can push them.
"""

import threading
import uuid
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import connection, transaction

from aggregator.models import SearchWord
from aggregator.search.analyser import LONGEST_WORD, folded

#: The cache of the two marks, see ``settings.CACHES``.
CACHE = "vocabulary"
_EDITION = "search:edition"
_NEWEST = "search:newest-word"
_PER_STATEMENT = 2_000
SHORTEST_PART, SHORTEST_NEIGHBOUR, SHORTEST_HEAD = 4, 3, 5
_MOST_LOOKED_AT = 3_000
_MOST_REMEMBERED = 4_000
Answer = TypeVar("Answer")
# What Swedish and German put between the parts of a compound, and behind its last.
_LINKS = "sneo"
_ENDINGS = frozenset(
    (
        *(
            "",
            "s",
            "n",
            "t",
            "a",
            "e",
            "en",
            "et",
            "er",
            "ar",
            "or",
            "na",
            "ns",
            "ts",
            "ens",
            "ets",
            "es",
            "em",
        ),
        *("erna", "arna", "orna", "ernas", "arnas"),
    )
)


@dataclass
class Known:
    """What this process has read: folded words, each with its spellings; in order, by length, and a line each.

    *answers* are what was asked of these very words before, since the words of one search are asked about many times.
    """

    edition: str = ""
    newest: str = ""
    last_id: int = 0
    spellings: dict[str, list[str]] = field(default_factory=dict)
    sorted: list[str] = field(default_factory=list)
    by_length: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    text: str = "\n"
    answers: dict[Any, Any] = field(default_factory=dict)

    def add(self, rows: Sequence[tuple[int, str]]) -> None:
        """Take in words that are new."""
        self.last_id = max([self.last_id, *(pk for pk, _ in rows)])
        fresh = []
        for _, word in rows:
            bare = folded(word)
            if bare not in self.spellings:
                self.spellings[bare] = []
                fresh.append(bare)
            self.spellings[bare].append(word)
        self.sorted = sorted([*self.sorted, *fresh])
        for word in fresh:
            self.by_length[len(word)].append(word)
        self.text += "".join(f"{word}\n" for word in fresh)
        self.answers = {}

    def remembered(self, question: tuple[object, ...], answer: Callable[[], Answer]) -> Answer:
        """What *answer* gives to *question*, worked out once as long as no word is added."""
        # Somebody may add words meanwhile: then the answer belongs to what is no longer asked.
        answers = self.answers
        if question not in answers:
            if len(answers) >= _MOST_REMEMBERED:
                answers.clear()
            answers[question] = answer()
        found: Answer = answers[question]
        return found

    def spelt(self, bare: str, like: str) -> list[str]:
        """The forms to look for *bare* under: itself where *like* is typed without å, ä and ö, else its spellings."""
        return [bare] if like.isascii() else [word for word in self.spellings[bare] if like in word]


_known = Known()
_stored: set[str] = set()
_stored_edition = ""
_lock = threading.Lock()


def edition() -> str:
    """Which edition of the words everybody reads; made up where nobody has one."""
    marks = caches[CACHE]
    found = marks.get(_EDITION)
    if found is None:
        found = uuid.uuid4().hex
        marks.add(_EDITION, found, None)
        found = marks.get(_EDITION, found)
    return str(found)


def renew() -> None:
    """Have every process read all words again, because some are gone."""
    caches[CACHE].set(_EDITION, uuid.uuid4().hex, None)


def learn(words: Iterable[str]) -> None:
    """Store those of *words* that are new, in the caller's transaction. No statement where none is."""
    global _stored, _stored_edition
    current = edition()
    if current != _stored_edition:
        _stored, _stored_edition = set(), current
    fresh = sorted({word for word in words if word not in _stored and len(word) <= LONGEST_WORD})
    if not fresh:
        return
    table = connection.ops.quote_name(SearchWord._meta.db_table)
    with connection.cursor() as cursor:
        for start in range(0, len(fresh), _PER_STATEMENT):
            part = fresh[start : start + _PER_STATEMENT]
            marks = ", ".join(["(%s)"] * len(part))
            # In order, so that two workers never wait for each other.
            cursor.execute(f"INSERT INTO {table} (word) VALUES {marks} ON CONFLICT DO NOTHING", part)  # noqa: S608
    _tell()
    transaction.on_commit(lambda: _stored.update(fresh))
    # Whoever looked before the commit has seen nothing yet.
    transaction.on_commit(_tell)


def _tell() -> None:
    caches[CACHE].set(_NEWEST, uuid.uuid4().hex, None)


def known() -> Known:
    """The words as they are now. A query only where there are new ones."""
    global _known
    with _lock:
        current = edition()
        newest = str(caches[CACHE].get(_NEWEST, ""))
        if _known.edition != current:
            _known = Known(edition=current)
        if _known.newest != newest or not _known.last_id:
            rows = SearchWord.objects.filter(pk__gt=_known.last_id).order_by("pk").values_list("pk", "word")
            _known.add(list(rows))
            _known.newest = newest
        return _known


def completions(held: Known, beginning: str, most: int) -> list[str]:
    """Forms of words that begin with *beginning* (plain), the shortest first."""
    start = folded(beginning)
    found: list[str] = []
    for place in range(bisect_left(held.sorted, start), len(held.sorted)):
        if not held.sorted[place].startswith(start):
            break
        found += [word for word in held.spelt(held.sorted[place], beginning) if word.startswith(beginning)]
    return _shortest(found, most)


def compounds(held: Known, part: str, most: int) -> list[str]:
    """Forms of words that *part* (plain) is a part of: festival in filmfestivalen, but art in no start.

    What stands before and behind it must be known words themselves, with or without a link, or an ending. The head of a
    compound that is long enough not to stand there by chance may follow anything.
    """
    bare = folded(part)
    if len(bare) < SHORTEST_PART:
        return []
    found: list[str] = []
    for before, after in islice(_around(held.text, bare), _MOST_LOOKED_AT):
        if (
            (before or after)
            and _is_part(held, before, part)
            and (after in _ENDINGS or _is_part(held, after))
        ):
            found += held.spelt(before + bare + after, part)
    return _shortest(found, most)


def _around(lines: str, part: str) -> Iterator[tuple[str, str]]:
    """What stands before and behind the first *part* in each of *lines* that it is in. A plain search for the letters
    takes a hundredth of what a pattern takes that has to look at every line.
    """
    place = lines.find(part)
    while place >= 0:
        end = lines.index("\n", place)
        yield lines[lines.rindex("\n", 0, place) + 1 : place], lines[place + len(part) : end]
        place = lines.find(part, end)


def _is_part(held: Known, piece: str, head: str = "") -> bool:
    """Whether *piece* is nothing, a known word, one with a link behind it, or the beginning of several.

    *head* is what follows it, where that may speak for itself.
    """
    if not piece:
        return True
    if len(piece) < SHORTEST_NEIGHBOUR:
        return False
    if len(head) >= SHORTEST_HEAD:
        return True
    if piece in held.spellings:
        return True
    if piece[-1] in _LINKS and len(piece) > SHORTEST_NEIGHBOUR and piece[:-1] in held.spellings:
        return True
    # kammar in kammarmusik and kammarkör: two words that begin alike with room for another word behind it.
    place = bisect_left(held.sorted, piece)
    begun = held.sorted[place : place + 2]
    return len(begun) == 2 and all(word.startswith(piece) and len(word) >= len(piece) + 3 for word in begun)


def _shortest(found: Iterable[str], most: int) -> list[str]:
    return sorted(dict.fromkeys(found), key=lambda word: (len(word), word))[:most]
