"""Categories as the API writes them."""

from collections.abc import Sequence

from aggregator.api import values
from aggregator.api.fields import TEXTS, Field, Json, Row, Wanted, word_of
from aggregator.vocabulary import CategoryScheme

COLUMNS = (*values.COMMON_COLUMNS, "scheme", "names")
FIELDS = (
    *values.common_fields("categories", "/events/?category=4711"),
    Field("scheme", word_of(CategoryScheme), "Which list of the provider's it comes from.", "style"),
    Field("names", TEXTS, "Its name per language.", {"sv": "Jazz", "en": "Jazz"}),
)


def write(rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """Categories. No query."""
    return wanted.cut([_category(row) for row in rows])


def _category(row: Row) -> Json:
    page = f"/events/?category={row['id']}"
    return {
        **values.common(row, "categories", page),
        "scheme": row["scheme"],
        "names": row["names"],
    }
