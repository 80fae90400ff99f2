"""Whether two rows speak of one thing: a score between 0 and 1, and the reason in words. Pure.

Evidence adds up; a veto ends it. LINKED and more is shown to visitors, from DOUBTFUL a person is asked, what lies
below is forgotten. The scores were set by hand against ``benchmarks/identity_pairs.py``; they are not probabilities.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz

from aggregator.identity.names import best_alike, fold, person_key
from aggregator.identity.subjects import CREDIT, Subject, distance
from aggregator.vocabulary import CreditRole, Kind

LINKED = 0.9
DOUBTFUL = 0.65

#: Metres: one building, one block.
SAME_DOOR, SAME_BLOCK = 150, 500

_OF_VENUES = frozenset(
    (
        *("bio", "biograf", "biografen", "cinema", "cine", "kino", "teater", "teatern", "theatre", "theater"),
        *("salle", "club", "klubb", "the", "le", "la", "les", "l", "de", "du", "des", "der", "die", "das"),
        *("i", "pa", "a", "at"),
    )
)
_PROFESSIONS = {
    CreditRole.DIRECTOR: ("direct", "regi", "regie", "realisat"),
    CreditRole.CAST: ("act", "schauspiel", "skadesp", "comedien", "darsteller"),
    CreditRole.SCRIPT: ("writ", "autor", "drehbuch", "manus", "scenar", "script", "screen"),
    CreditRole.PRODUCER: ("produ",),
    CreditRole.CINEMATOGRAPHY: ("kamera", "camera", "cinemat", "foto"),
    CreditRole.MUSIC: ("compos", "kompon", "music", "musik", "tons"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure it is that two rows are one, and what that rests on."""

    score: float
    reason: str


def judge(one: Subject, other: Subject) -> Verdict | None:
    """The verdict on two rows, or None where they are not the same, or of kinds that are never linked.

    The order of the two does not matter.
    """
    if one.end == other.end:
        return None
    left, right = sorted((one, other), key=lambda each: (_ORDER.get(each.kind, 9), each.end))
    rule = _RULES.get((left.kind, right.kind))
    evidence = rule(left, right) if rule is not None else None
    if evidence is None:
        return None
    score = round(min(sum(weight for weight, _ in evidence), 1.0), 2)
    if score < DOUBTFUL:
        return None
    return Verdict(score, ", ".join(reason for _, reason in evidence if reason))


Evidence = list[tuple[float, str]]


def _titles(left: Subject, right: Subject) -> Evidence | None:
    """What the titles say; None where they say that these are two things."""
    likeness, which = best_alike(left.titles, right.titles)
    if which is None:
        return None
    if likeness == 1:
        found = [(0.6, "the same title")]
    elif likeness >= 0.9:
        found = [(0.5, "a title spelt alike")]
    else:
        found = [(0.4, "one title within the other")]
    if which.distinctive:
        found.append((0.05, ""))
    return found


def _markers(subject: Subject) -> frozenset[str]:
    return frozenset().union(*(each.markers for each in subject.titles))


def _people(left: Subject, right: Subject) -> Evidence | None:
    if not left.people or not right.people:
        return []
    for name in left.people:
        if any(name == other or fuzz.ratio(name, other) >= 92 for other in right.people):
            return [(0.25, "the same director")]
    return None


def _years(left: int | None, right: int | None) -> Evidence | None:
    if left is None or right is None:
        return []
    gap = abs(left - right)
    return None if gap > 1 else [(0.2, "the same year")] if gap == 0 else [(0.1, "a year apart")]


def _films(left: Subject, right: Subject) -> Evidence | None:
    if left.imdb and right.imdb:
        return [(1.0, "the same IMDb id")] if left.imdb == right.imdb else None
    if _markers(left) != _markers(right):
        return None
    parts = (_titles(left, right), _years(left.year, right.year), _people(left, right))
    if (found := _joined(parts)) is None:
        return None
    if left.length and right.length:
        gap = abs(left.length - right.length)
        found += [(0.1, "the same length")] if gap <= 2 else [(-0.15, "")] if gap > 12 else []
    return found


def _event_and_film(event: Subject, film: Subject) -> Evidence | None:
    if event.film_known:  # what its film is at other providers, the film's own links say
        return None
    if event.imdb and film.imdb:
        return [(0.98, "the same IMDb id")] if event.imdb == film.imdb else None
    said = next((each.year for each in event.titles if each.year), event.year)
    parts = (_titles(event, film), _years(said, film.year), _people(event, film))
    if (found := _joined(parts)) is None:
        return None
    if event.starts & film.starts and (not event.town or not film.town or event.town == film.town):
        found.append((0.3, "shown at the same minute"))
    if event.shows_films:
        found.append((0.05, ""))
    return found


def _events(left: Subject, right: Subject) -> Evidence | None:
    if _markers(left) != _markers(right) or not left.starts & right.starts:
        return None
    asides = [frozenset().union(*(each.asides for each in row.titles)) for row in (left, right)]
    if all(asides) and not asides[0] & asides[1]:  # "Guided tour (Swedish)" and "Guided tour (English)"
        return None
    if (found := _titles(left, right)) is None or (place := _same_place(left, right)) is None:
        return None
    return [*found, (0.2, "at the same minute"), *place]


def _same_place(left: Subject, right: Subject) -> Evidence | None:
    """What two events' places say. Cities that differ, or doors far apart, are a veto."""
    if left.town and right.town and left.town != right.town:
        return None
    if left.point and right.point:
        apart = distance(left.point, right.point)
        if apart > SAME_BLOCK:
            return None
        return [(0.15, "at the same place")]
    if left.places and right.places:
        if any(_venue_words(one) == _venue_words(other) for one in left.places for other in right.places):
            return [(0.15, "at the same place")]
        return [(-0.1, "")]
    return [(0.05, "in the same city")] if left.town and left.town == right.town else []


def _venue_words(name: str, town: str = "") -> frozenset[str]:
    words = frozenset(fold(name).split())
    return words - _OF_VENUES - frozenset(town.split()) or words


def _venues(left: Subject, right: Subject) -> Evidence | None:
    if left.town and right.town and left.town != right.town:
        return None
    apart = distance(left.point, right.point) if left.point and right.point else None
    if apart is not None and apart > SAME_BLOCK:
        return None
    if left.house and right.house and _venue_words(left.house) != _venue_words(right.house):
        return None
    words = [_venue_words(each.names[0], each.town) for each in (left, right)]
    figures = [frozenset(word for word in each if any(map(str.isdigit, word))) for each in words]
    if not all(words) or figures[0] != figures[1]:
        return None
    named = _venue_names(left, right, *words)
    if named is None:
        return None
    street = fold(left.street)
    if apart is not None:
        found = [(0.35, "at the same door")] if apart <= SAME_DOOR else [(0.2, "in the same block")]
    elif street and street == fold(right.street):
        found = [(0.35, "the same street")]
    elif left.town and left.town == right.town:
        found = [(0.28 if len(max(words[0], key=len)) >= 5 else 0.2, "in the same city")]
    else:
        found = []
    return [named, *found]


def _venue_names(
    left: Subject, right: Subject, ours: frozenset[str], theirs: frozenset[str]
) -> tuple[float, str] | None:
    if ours == theirs:
        return 0.62, "the same name"
    houses = frozenset(fold(f"{left.house} {right.house}").split())
    if (ours ^ theirs) <= houses:
        return 0.62, "the same name with its house"
    spelt = fuzz.ratio(" ".join(sorted(ours)), " ".join(sorted(theirs)))
    if spelt >= 88 and len(ours) == len(theirs):
        return 0.57, "a name spelt alike"
    # "Supersonic" and "Supersonic Records" are two rooms behind one door: a person decides.
    return (0.4, "one name within the other") if ours < theirs or theirs < ours else None


def _persons(left: Subject, right: Subject) -> Evidence | None:
    if left.year and right.year and left.year != right.year:
        return None
    if (found := _same_person_name(left, right)) is None:
        return None
    if left.year and left.year == right.year:
        found.append((0.2, "born in the same year"))
    if left.addresses & right.addresses:
        found.append((0.3, "the same address on the web"))
    if left.works & right.works:
        found.append((0.3, "the same work"))
    alike = bool(left.professions & right.professions)
    if alike:
        found.append((0.05, "the same profession"))
    # Within one provider, two profiles of one name are two people unless more than the name speaks for it.
    return None if left.provider == right.provider and len(found) == 1 else found


def _same_person_name(left: Subject, right: Subject) -> Evidence | None:
    ours, theirs = person_key(left.names[0]), person_key(right.names[0])
    if not ours or not theirs:
        return None
    if ours == theirs:
        return [(0.65 if " " in ours else 0.6, "the same name")]
    if " " in ours and " " in theirs and fuzz.ratio(ours, theirs) >= 94:
        return [(0.45, "a name spelt alike")]
    return None


def _person_and_credit(person: Subject, credit: Subject) -> Evidence | None:
    if person.year and credit.year and credit.year < person.year + 3:
        return None
    ours = person_key(person.names[0])
    if " " not in ours or ours != person_key(credit.names[0]):
        return None
    found = [(0.6, "the same name")]
    if person.works & credit.works:
        found.append((0.35, "the film stands in the vita"))
    if any(
        part in each for part in _PROFESSIONS.get(CreditRole(credit.role), ()) for each in person.professions
    ):
        found.append((0.1, "a profession that fits the role"))
    return found


def _joined(parts: tuple[Evidence | None, ...]) -> Evidence | None:
    """All evidence together, or None where one part is a veto."""
    found: Evidence = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found


_ORDER: dict[str, int] = {Kind.EVENT: 0, Kind.FILM: 1, Kind.VENUE: 2, Kind.PERSON: 3, CREDIT: 4}
_RULES: dict[tuple[str, str], Callable[[Subject, Subject], Evidence | None]] = {
    (Kind.FILM, Kind.FILM): _films,
    (Kind.EVENT, Kind.FILM): _event_and_film,
    (Kind.EVENT, Kind.EVENT): _events,
    (Kind.VENUE, Kind.VENUE): _venues,
    (Kind.PERSON, Kind.PERSON): _persons,
    (Kind.PERSON, CREDIT): _person_and_credit,
}
