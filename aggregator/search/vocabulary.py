"""The words that our own entries hold: what a word may be completed to, what it is a part of, what was meant by it.

Kept in memory by every process, since a hundred thousand words are looked through faster than asked for. A mark in the
cache says that there are new words, which a process then reads; when words go (a person was forgotten, the index was
made anew) the *edition* in the cache changes, and everybody reads them all again.
"""

import re
import threading
import uuid
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import connection, transaction

from aggregator.models import SearchWord
from aggregator.search.analyser import LONGEST_WORD, folded

_EDITION = "search:edition"
_NEWEST = "search:newest-word"
_PER_STATEMENT = 2_000
SHORTEST_PART, SHORTEST_NEIGHBOUR, SHORTEST_HEAD = 4, 3, 5
_MOST_LOOKED_AT = 3_000
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
    """What this process has read: folded words, each with its spellings; in order, by length, and a line each."""

    edition: str = ""
    newest: str = ""
    last_id: int = 0
    spellings: dict[str, list[str]] = field(default_factory=dict)
    sorted: list[str] = field(default_factory=list)
    by_length: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    text: str = "\n"

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

    def spelt(self, bare: str, like: str) -> list[str]:
        """The forms to look for *bare* under: itself where *like* is typed without å, ä and ö, else its spellings."""
        return [bare] if like.isascii() else [word for word in self.spellings[bare] if like in word]


_known = Known()
_stored: set[str] = set()
_stored_edition = ""
_lock = threading.Lock()


def edition() -> str:
    """Which edition of the words everybody reads; made up where nobody has one."""
    found = cache.get(_EDITION)
    if found is None:
        found = uuid.uuid4().hex
        cache.add(_EDITION, found, None)
        found = cache.get(_EDITION, found)
    return str(found)


def renew() -> None:
    """Have every process read all words again, because some are gone."""
    cache.set(_EDITION, uuid.uuid4().hex, None)


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
    cache.set(_NEWEST, uuid.uuid4().hex, None)


def known() -> Known:
    """The words as they are now. A query only where there are new ones."""
    global _known
    with _lock:
        current = edition()
        newest = str(cache.get(_NEWEST, ""))
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
    for seen, match in enumerate(re.finditer(rf"^(.*?){bare}(.*)$", held.text, re.MULTILINE)):
        if seen >= _MOST_LOOKED_AT:
            break
        before, after = match[1], match[2]
        if (
            (before or after)
            and _is_part(held, before, part)
            and (after in _ENDINGS or _is_part(held, after))
        ):
            found += held.spelt(before + bare + after, part)
    return _shortest(found, most)


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
