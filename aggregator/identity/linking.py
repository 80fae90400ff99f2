"""Keeping links up to date: takes rows that changed, compares each with what shares a key, stores the verdicts.

    changed rows → subjects → keys → others under these keys → verdicts → links

A pass is worked off by ticks, a stretch of rows at a time, from a mark kept for each kind. Nothing is compared inside
a transaction. It writes no listing row, and it never touches a link that a person has decided.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from aggregator.identity.gathering import credits_of, gather
from aggregator.identity.judging import LINKED, Verdict, judge
from aggregator.identity.keys import keys_of, may_meet
from aggregator.identity.subjects import CREDIT, Subject
from aggregator.models import Event, Film, IdentityKey, IdentityLink, IdentityMark, Person, Showing, Venue
from aggregator.vocabulary import Kind, LinkState

STRETCH = 100

#: A key under which more rows than this stand says too little to compare them all.
CROWD = 60

#: Writers give a row its time before they commit it: rows younger than this are left to a later pass.
SETTLED = timedelta(seconds=60)

End = tuple[str, str, str]

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MODELS = {
    Kind.VENUE: Venue,
    Kind.FILM: Film,
    Kind.EVENT: Event,
    Kind.PERSON: Person,
    Kind.SHOWING: Showing,
}
_PARTNERS: dict[str, tuple[str, ...]] = {
    Kind.FILM: (Kind.FILM, Kind.EVENT),
    Kind.EVENT: (Kind.FILM, Kind.EVENT),
    Kind.VENUE: (Kind.VENUE,),
    Kind.PERSON: (Kind.PERSON, CREDIT),
    CREDIT: (Kind.PERSON,),
}
_CREDITED = (Kind.FILM, Kind.EVENT)
_UNDECIDED = (LinkState.CANDIDATE, LinkState.LINKED)


def pending(now: datetime) -> bool:
    """Whether some row changed since the last pass over its kind. One query a kind, each by the primary key's side."""
    return any(_stretch(kind, now, 1) for kind in _MODELS)


def work(now: datetime, *, budget: float = 10.0, monotonic: Callable[[], float] = time.monotonic) -> int:
    """Compare changed rows until none is left or *budget* seconds have gone; gives the number of rows looked at."""
    began, done = monotonic(), 0
    for kind in _MODELS:
        while monotonic() - began < budget:
            rows = _stretch(kind, now, STRETCH)
            if not rows:
                break
            compare(kind, [row for row, _ in rows])
            _move_mark(kind, *rows[-1])
            done += len(rows)
    return done


def _stretch(kind: Kind, now: datetime, size: int) -> list[tuple[int, datetime]]:
    """The next rows of *kind* behind its mark, by the time they changed."""
    mark = IdentityMark.objects.filter(kind=kind).first()
    at, row = (mark.at, mark.row) if mark else (_BEGINNING, 0)
    changed = _MODELS[kind].objects.filter(updated_at__lte=now - SETTLED, updated_at__gte=at)
    changed = changed.filter(Q(updated_at__gt=at) | Q(updated_at=at, id__gt=row))
    return list(changed.order_by("updated_at", "id").values_list("id", "updated_at")[:size])


def _move_mark(kind: Kind, row: int, at: datetime) -> None:
    IdentityMark.objects.update_or_create(kind=kind, defaults={"at": at, "row": row})


def compare(kind: Kind, rows: Collection[int]) -> None:
    """Compare these rows with all others and store what comes of it. Showings are compared as their events."""
    if kind is Kind.SHOWING:
        # An event that changed no earlier was compared with all its showings.
        late = Showing.objects.filter(pk__in=rows, event__updated_at__lt=F("updated_at"))
        kind, rows = Kind.EVENT, sorted(set(late.values_list("event_id", flat=True)))
    if rows:
        _compare(kind, list(gather(kind, rows).values()), rows)
    if rows and kind in _CREDITED:
        _compare(CREDIT, credits_of(kind, rows), rows, owner=kind)


def _compare(kind: str, subjects: list[Subject], rows: Collection[int], owner: str = "") -> None:
    by_subject = [(subject, keys_of(subject)) for subject in subjects]
    filed = {(subject.row, key) for subject, keys in by_subject for key in keys}
    others = _others(kind, {key for _, keys in by_subject for key in keys})
    mates = _mates(kind, by_subject)
    pairs: dict[tuple[End, End], _Pair] = {}
    for subject, keys in by_subject:
        met = (each for key in keys for each in (*others.get(key, ()), *mates.get(key, ())))
        for other in {each.end: each for each in met}.values():
            if (verdict := judge(subject, other)) is not None:
                pair = _Pair.of(subject, other, verdict)
                pairs[pair.left.end, pair.right.end] = pair
    with transaction.atomic():
        _file(f"{owner}.{kind}" if owner else kind, rows, filed)
        _store(subjects, pairs.values())


def _mates(kind: str, by_subject: Iterable[tuple[Subject, frozenset[str]]]) -> dict[str, list[Subject]]:
    """The subjects of this very stretch by key: they are not on file yet."""
    found: dict[str, list[Subject]] = defaultdict(list)
    for subject, keys in by_subject if kind in _PARTNERS[kind] else ():
        for key in keys:
            if may_meet(kind, kind, key):
                found[key].append(subject)
    return {key: mates for key, mates in found.items() if len(mates) <= CROWD}


def _others(kind: str, keys: Collection[str]) -> dict[str, list[Subject]]:
    """Subjects on file under *keys* that *kind* may be linked to, but for keys under which a crowd stands."""
    stored = [each for each in _PARTNERS[kind] if each != CREDIT]
    if CREDIT in _PARTNERS[kind]:
        stored += [f"{owner}.{CREDIT}" for owner in _CREDITED]
    ends: dict[str, list[tuple[str, int]]] = defaultdict(list)
    on_file = IdentityKey.objects.filter(key__in=keys, kind__in=stored)
    for other, row, key in on_file.values_list("kind", "row", "key"):
        if may_meet(kind, other, key):
            ends[key].append((other, row))
    told = {key: some for key, some in ends.items() if len(some) <= CROWD}
    loaded = _load({end for some in told.values() for end in some})
    return {
        key: [subject for end in some for subject, own in loaded.get(end, ()) if key in own]
        for key, some in told.items()
    }


def _load(ends: Iterable[tuple[str, int]]) -> dict[tuple[str, int], list[tuple[Subject, frozenset[str]]]]:
    """The subjects of these rows with their keys; a film has one for every name in its credits."""
    rows: dict[str, set[int]] = defaultdict(set)
    for kind, row in ends:
        rows[kind].add(row)
    found: dict[tuple[str, int], list[tuple[Subject, frozenset[str]]]] = defaultdict(list)
    for kind, ids in rows.items():
        owner, _, credit = kind.partition(".")
        subjects = credits_of(owner, ids) if credit else gather(kind, ids).values()
        for subject in subjects:
            found[kind, subject.row].append((subject, keys_of(subject)))
    return found


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two ends in the order in which a link names them, with the verdict."""

    left: Subject
    right: Subject
    verdict: Verdict

    @classmethod
    def of(cls, one: Subject, other: Subject, verdict: Verdict) -> "_Pair":
        left, right = sorted((one, other), key=lambda each: each.end)
        return cls(left, right, verdict)

    def link(self) -> IdentityLink:
        """The row of this pair."""
        state = LinkState.LINKED if self.verdict.score >= LINKED else LinkState.CANDIDATE
        return IdentityLink(
            left_provider=self.left.provider,
            left_kind=self.left.kind,
            left_external_id=self.left.key,
            left_label=self.left.label[:200],
            right_provider=self.right.provider,
            right_kind=self.right.kind,
            right_external_id=self.right.key,
            right_label=self.right.label[:200],
            score=self.verdict.score,
            reason=self.verdict.reason[:200],
            state=state,
        )


def _file(kind: str, rows: Collection[int], filed: set[tuple[int, str]]) -> None:
    """Have exactly *filed* on file for *rows*."""
    present = {
        (row, key): pk
        for pk, row, key in IdentityKey.objects.filter(kind=kind, row__in=rows).values_list(
            "id", "row", "key"
        )
    }
    gone = [pk for end, pk in present.items() if end not in filed]
    if gone:
        IdentityKey.objects.filter(pk__in=gone).delete()
    fresh = [IdentityKey(kind=kind, row=row, key=key) for row, key in sorted(filed - present.keys())]
    IdentityKey.objects.bulk_create(fresh, ignore_conflicts=True)


def _store(subjects: Iterable[Subject], pairs: Collection[_Pair]) -> None:
    """Store the links of *subjects*: those judged again, and none that nothing speaks for any more."""
    kept = {(pair.left.end, pair.right.end): pair.link() for pair in pairs}
    present = {_ends(link): link for link in _links_of(subjects)}
    gone = [link.pk for ends, link in present.items() if ends not in kept and link.state in _UNDECIDED]
    if gone:
        IdentityLink.objects.filter(pk__in=gone, state__in=_UNDECIDED).delete()
    IdentityLink.objects.bulk_create(
        [link for ends, link in kept.items() if ends not in present], ignore_conflicts=True
    )
    for ends, link in kept.items():
        before = present.get(ends)
        if before is None or (before.score, before.reason, before.left_label, before.right_label) == (
            (link.score, link.reason, link.left_label, link.right_label)
        ):
            continue
        said = {"score": link.score, "reason": link.reason}
        labels = {"left_label": link.left_label, "right_label": link.right_label}
        IdentityLink.objects.filter(pk=before.pk).update(**said, **labels)
        IdentityLink.objects.filter(pk=before.pk, state__in=_UNDECIDED).update(state=link.state)


def _ends(link: IdentityLink) -> tuple[End, End]:
    return (
        (link.left_provider, link.left_kind, link.left_external_id),
        (link.right_provider, link.right_kind, link.right_external_id),
    )


def _links_of(subjects: Iterable[Subject]) -> list[IdentityLink]:
    """Links with one of *subjects* at either end, one query for every kind and provider among them."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subject in subjects:
        keys[subject.provider, subject.kind].append(subject.key)
    found: dict[int, IdentityLink] = {}
    for (provider, kind), external_ids in keys.items():
        left = Q(left_provider=provider, left_kind=kind, left_external_id__in=external_ids)
        right = Q(right_provider=provider, right_kind=kind, right_external_id__in=external_ids)
        found |= {link.pk: link for link in IdentityLink.objects.filter(left | right)}
    return list(found.values())
