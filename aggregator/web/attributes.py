"""A person's skills, languages and other attributes in words that a visitor reads.

Providers key them by closed lists; what a value means in which language lies in the ``Term`` rows of the provider.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from aggregator.models import Person, Term
from aggregator.web.countries import country_name
from aggregator.web.texts import Text, pick

LABELS: Mapping[str, Any] = {
    "languages": _("Languages"),
    "dialects": _("Dialects"),
    "native_dialects": _("Native dialects"),
    "accents": _("Accents"),
    "instruments": _("Instruments"),
    "singing": _("Singing"),
    "pitches": _("Voice"),
    "dances": _("Dance"),
    "sports": _("Sports"),
    "special_skills": _("Special skills"),
    "drivers_licenses": _("Driving licences"),
    "licenses": _("Licences"),
    "nationalities": _("Nationality"),
    "working_permits": _("Permits to work"),
    "unions": _("Unions"),
    "place_of_birth": _("Born in"),
    "city": _("Lives in"),
    "country": _("Country"),
}
#: What lists whose values are levels end in: ``dialect_skill`` and ``dialects.level`` grade ``dialects``.
_LEVEL_ENDINGS = ("_skill", ".level")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One list and what somebody has of it: (value, level or an empty text) each."""

    label: Any
    values: tuple[tuple[Text, Text], ...]


Terms = Mapping[tuple[str, str], Text]


def attributes(given: Mapping[str, Any], terms: Terms) -> tuple[Attribute, ...]:
    """The attributes *given* by a provider, known lists first, in the language of *terms*."""
    pairs = {name: tuple(_pairs(value)) for name, value in given.items()}
    order = [*(name for name in LABELS if name in pairs), *sorted(set(pairs) - set(LABELS))]
    found = [
        Attribute(
            LABELS.get(name) or name.replace("_", " ").capitalize(),
            tuple((_value(name, value, terms), _level(name, level, terms)) for value, level in pairs[name]),
        )
        for name in order
        if pairs[name]
    ]
    return tuple(found)


def terms_of(person: Person, language: str) -> Terms:
    """What the words on *person*'s profile mean, by list and word, in *language*. One query."""
    words = {part for given in person.attributes.values() for pair in _pairs(given) for part in pair}
    words |= {str(word) for word in person.professions}
    words |= {str(line.get(name)) for line in person.vita for name in ("role_type", "type_genre")}
    rows = Term.objects.public().filter(provider=person.provider, value__in=words).order_by("list_name")
    return {
        (name, value): pick(labels, language)
        for name, value, labels in rows.values_list("list_name", "value", "labels")
    }


def terms_of_professions(people: Iterable[Person], language: str) -> Mapping[str, Terms]:
    """What the professions of *people* mean, by provider, then by list and word. One query."""
    rows = list(people)
    wanted = Term.objects.public().filter(
        provider__in={row.provider for row in rows},
        list_name="professions",
        value__in={str(word) for row in rows for word in row.professions},
    )
    found: dict[str, dict[tuple[str, str], Text]] = {}
    for provider, name, value, labels in wanted.values_list("provider", "list_name", "value", "labels"):
        found.setdefault(provider, {})[name, value] = pick(labels, language)
    return found


def professions(given: Iterable[Any], terms: Terms) -> tuple[Text, ...]:
    """What somebody does, in words."""
    return tuple(word_in("professions", str(one), terms) for one in given)


def word_in(name: str, value: str, terms: Terms) -> Text:
    """*value* of the list *name* as visitors read it; tidied up where no list explains it."""
    return terms.get((name, value)) or Text(value.replace("_", " ").capitalize())


def _pairs(given: Any) -> Iterator[tuple[str, str]]:
    """(value, level) of an attribute however a provider keyed it: an object each, values with levels, values, one."""
    if isinstance(given, Mapping):
        for value, level in sorted(given.items()):
            yield str(value), str(level or "")
    elif isinstance(given, list | tuple):
        for one in given:
            if isinstance(one, Mapping):
                yield str(one.get("value") or ""), str(one.get("level") or "")
            else:
                yield str(one), ""
    elif given not in (None, ""):
        yield str(given), ""


def _value(name: str, value: str, terms: Terms) -> Text:
    """A value is explained by its own list, else by the one that its name ends in: native dialects are dialects."""
    if name == "country":
        return Text(country_name(value))
    lists = (name, *(one for one, word in terms if word == value and name.endswith(f"_{one}")))
    return next((terms[one, value] for one in lists if (one, value) in terms), Text(value))


def _level(name: str, level: str, terms: Terms) -> Text:
    """A level is explained by the list that grades *name*, else by any list of levels that knows it."""
    if not level:
        return Text("")
    own = [f"{stem}{end}" for stem in (name, name.removesuffix("s")) for end in _LEVEL_ENDINGS]
    graded = [one for one, value in terms if value == level and one.endswith((*_LEVEL_ENDINGS, "skill"))]
    return next((terms[one, level] for one in (*own, "skill", *graded) if (one, level) in terms), Text(level))
