"""The facets of a listing as groups of boxes to tick, with how many showings each would leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from aggregator.search.facets import Facets, FacetValue
from aggregator.vocabulary import Availability
from aggregator.web.countries import country_name, language_name
from aggregator.web.listings.choices import PARAMETERS
from aggregator.web.listings.state import State
from aggregator.web.words import AVAILABILITY, KINDS

#: Choices that stand open in a group; the rest folds out.
OPEN = 7
#: Groups in the order of the page. Venues are too many to tick, free is a quick choice of its own.
GROUPS = (
    "city",
    "kind",
    "category",
    "availability",
    "festival",
    "section",
    "language",
    "country",
    "provider",
)
_WORDS: Mapping[str, Mapping[str, Any]] = {
    "kind": KINDS,
    "availability": {**AVAILABILITY, Availability.UNKNOWN: gettext_lazy("No word about tickets")},
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One box; *id* is its element's, the same on every page, so that the focus stays where it is."""

    id: str
    value: str
    label: Any
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One facet: the most frequent choices and those taken, and the further ones."""

    name: str
    label: Any
    choices: tuple[Choice, ...]
    further: tuple[Choice, ...]


def groups(facets: Facets) -> list[Group]:
    """The groups that there is anything to choose in."""
    found = []
    for name in GROUPS:
        values = facets.choices.get(name, ())
        if len(values) > 1 or any(one.chosen for one in values):
            found.append(_group(name, values))
    return found


def carried(state: State) -> list[tuple[str, str]]:
    """What the form has no box for, as hidden fields, so that a new search keeps it."""
    shown = {*GROUPS, "q", "from", "to", "radius"}
    pairs = [(name, value) for name, values in state.values.items() if name not in shown for value in values]
    # A place without its distance asks for the usual one.
    pairs += [("radius", value) for value in state.values.get("radius", ()) if not state.criteria.near]
    own = {
        "view": state.view if state.view != "list" else "",
        "month": state.month and f"{state.month:%Y-%m}",
    }
    return pairs + [(name, str(value)) for name, value in own.items() if value]


def _group(name: str, values: Sequence[FacetValue]) -> Group:
    ordered = sorted(values, key=lambda one: not one.chosen)
    taken = sum(one.chosen for one in ordered)
    choices = tuple(
        Choice(f"{name}-{_key(one.value)}", one.value, _label(name, one), one.number, one.chosen)
        for one in ordered
    )
    # One choice alone is not worth folding away.
    cut = max(OPEN, taken) if len(choices) > max(OPEN, taken) + 1 else len(choices)
    return Group(name, PARAMETERS[name], choices[:cut], choices[cut:])


def _label(name: str, one: FacetValue) -> Any:
    if name == "provider" and one.value in settings.PROVIDERS:
        return settings.PROVIDERS[one.value].provider.name
    if name == "country":
        return country_name(one.value)
    if name == "language":
        return language_name(one.value)
    if name == "city" and one.label.isupper():
        return one.label.title()
    return _WORDS.get(name, {}).get(one.value) or one.label


def _key(value: str) -> str:
    """*value* as part of an element's id: any word, with nothing that ends an attribute or a selector."""
    return "".join(character if character.isalnum() else f"_{ord(character):x}_" for character in value)
