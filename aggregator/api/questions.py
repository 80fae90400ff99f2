"""Reading the query string of a list: strict, since a slip that goes unnoticed gives a wrong answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.conf import settings

from aggregator.api.problems import BadParameter
from aggregator.search.criteria import NAMES, PEOPLE_NAMES, Criteria, read_criteria, read_id

PAGE_SIZE = 50
LARGEST_PAGE_SIZE = 200
LAST_PAGE = 1_000_000
ORDERS = ("start", "-start", "id")
PEOPLE_ORDERS = ("id", "-id")
OTHER_NAMES = ("page", "page_size", "ordering")


@dataclass(frozen=True, slots=True)
class Question:
    """What a list is asked for: which rows, in which order, and which page of how many."""

    criteria: Criteria
    ordering: str
    page: int
    page_size: int

    @property
    def offset(self) -> int:
        """How many rows lie before the page."""
        return (self.page - 1) * self.page_size


def read_question(values: Mapping[str, Sequence[str]], ordering: str) -> Question:
    """The question that a query string's values ask; *ordering* is the one unless asked otherwise.

    Raises ``BadParameter`` for the first name that is not known and the first value that cannot be read.
    """
    return _read(values, ordering, NAMES, ORDERS)


def read_people_question(values: Mapping[str, Sequence[str]]) -> Question:
    """Like ``read_question``, for people: they have no days, places or tickets to be asked for."""
    return _read(values, "id", PEOPLE_NAMES, PEOPLE_ORDERS)


def _read(
    values: Mapping[str, Sequence[str]], ordering: str, names: Sequence[str], orders: Sequence[str]
) -> Question:
    refuse_unknown(values, (*names, *OTHER_NAMES))
    criteria, bad = read_criteria(values, settings.PROVIDERS)
    if bad:
        raise BadParameter(bad[0].parameter, bad[0].message)
    asked = _single(values, "ordering") or ordering
    if asked not in orders:
        raise BadParameter("ordering", f"Known values are: {', '.join(orders)}.")
    page = _number(values, "page", 1, LAST_PAGE)
    return Question(criteria, asked, page, _number(values, "page_size", PAGE_SIZE, LARGEST_PAGE_SIZE))


def refuse_unknown(values: Collection[str], known: Sequence[str]) -> None:
    """Raise ``BadParameter`` for a name that is not among *known*."""
    for name in values:
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f" Did you mean {close[0]}?" if close else ""
            names = ", ".join(known) or "none"
            raise BadParameter(name[:100], f"There is no parameter of this name.{hint} Known are: {names}.")


def _single(values: Mapping[str, Sequence[str]], name: str) -> str:
    given = [value.strip() for value in values.get(name, ()) if value.strip()]
    if len(given) > 1:
        raise BadParameter(name, "This can be given only once.")
    return given[0] if given else ""


def _number(values: Mapping[str, Sequence[str]], name: str, usual: int, largest: int) -> int:
    given = _single(values, name)
    if not given:
        return usual
    try:
        number = read_id(given)
    except ValueError as error:
        raise BadParameter(name, str(error)) from None
    if number > largest:
        raise BadParameter(name, f"This must be at most {largest}.")
    return number
