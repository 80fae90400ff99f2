"""Providers as the API writes them: what is installed, and how fresh it is. They are configuration, not rows."""

from django.conf import settings

from aggregator.addresses import absolute, web_link
from aggregator.api import values
from aggregator.api.fields import LINK, MAYBE_LINK, MAYBE_MOMENT, TEXT, Field, Json, Wanted, word_of
from aggregator.models import Source
from aggregator.vocabulary import SourceState

OFF = "off"
FIELDS = (
    Field("id", TEXT, "The slug that `provider=` takes and that every object names.", "lantern"),
    Field(
        "url", LINK, "Its paragraph on the page of sources.", "https://events.example/sources/#source-lantern"
    ),
    Field("api_url", LINK, "It in the API.", "https://events.example/api/v1/providers/lantern/"),
    Field("name", TEXT, "Its name.", "Lantern"),
    Field("source_url", MAYBE_LINK, "Its own site.", "https://festival.example/"),
    Field(
        "attribution",
        TEXT,
        "The line to show beside what it published.",
        "Programme from Lantern",
    ),
    Field("status", word_of(SourceState, OFF), "How reading it goes; `off` has no credentials here.", "idle"),
    Field("updated_at", MAYBE_MOMENT, "When it was last read well, or null.", "2026-11-22T14:55:00Z"),
)


def every(wanted: Wanted) -> list[Json]:
    """All installed providers in the order of the registry. One query."""
    sources = {
        slug: (state, at) for slug, state, at in Source.objects.values_list("slug", "state", "last_good_at")
    }
    found = []
    for slug, entry in settings.PROVIDERS.items():
        state, read_at = sources.get(slug, (str(SourceState.IDLE), None))
        found.append(
            {
                "id": slug,
                "url": absolute(f"/sources/#source-{slug}"),
                "api_url": absolute(f"/api/v1/providers/{slug}/"),
                "name": entry.provider.name,
                "source_url": web_link(entry.provider.homepage) or None,
                "attribution": values.attribution(slug),
                "status": OFF if entry.config is None else state,
                "updated_at": values.utc(read_at),
            }
        )
    return wanted.cut(found)
