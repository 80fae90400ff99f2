"""The search criteria of a deployment: which part of the agenda is of interest. Pure.

Contract, section 2.2: dotted properties of one record, the same property again is OR, another one is AND,
values are compared whole. Which properties there are only upstream knows; it answers 406 to a wrong one.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import parse_qsl, quote

Pairs = Sequence[tuple[str, str]]

_PROPERTY: Final = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*", re.ASCII)
#: Parameters of every service, which are no criteria.
_RESERVED: Final = frozenset({"modifiedSince", "past_events", "api_key", "user_group"})
#: Lists, whose members cannot be searched for.
_LISTS: Final = ("artist", "eventPrice", "ticketStore", "eventSchedule.eventScheduleDate")
#: What of an event is a place; the list of places is asked for the rest of such a criterion.
_OF_A_PLACE: Final = "location."


def parsed(text: str) -> Pairs:
    """*text*, written like the query of a URL, as pairs of property and value, each pair once.

    Raises ``ValueError`` with one sentence for the operator.
    """
    if not text.strip():
        return ()
    try:
        pairs = parse_qsl(
            text.strip().removeprefix("?"), keep_blank_values=True, strict_parsing=True, errors="strict"
        )
    except ValueError:
        raise ValueError("criteria are written property=value, several of them joined by &") from None
    for name, value in pairs:
        if name in _RESERVED:
            raise ValueError(f"{name} is no search criterion")
        if not _PROPERTY.fullmatch(name):
            raise ValueError(
                "the property of a criterion is a dotted name such as location.contact.department"
            )
        if not value or not value.isprintable():
            raise ValueError(f"the criterion {name} needs a value")
        if any(name == listed or name.startswith(f"{listed}.") for listed in _LISTS):
            raise ValueError(f"Sowprog cannot search for {name}, which is part of a list")
    return tuple(dict.fromkeys(pairs))


def query(pairs: Iterable[tuple[str, str]]) -> str:
    """The pairs as the query of a URL, percent-encoded throughout (the slash of a label too)."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def of_places(pairs: Pairs) -> Pairs:
    """Those of an event's criteria that are about its place, as criteria for the list of places."""
    return tuple(
        (name.removeprefix(_OF_A_PLACE), value) for name, value in pairs if name.startswith(_OF_A_PLACE)
    )
