"""A local stand-in for Filmmakers' API v1 in both documented states, with its pictures, pages and webhooks.

Served under /filmmakers/; every answer is the contract's, and so is the rate limit: 300 requests in five minutes of
the simulation's clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from providers.filmmakers.simulator.api import API_KEY, Api
from providers.simulation.simulator import Options, Simulator, Upstream
from providers.simulation.world import World

__all__ = ["API_KEY", "SIMULATOR"]

FAULTS: Mapping[str, str] = {
    "duplicate_key": "a profile names filmmakers_url twice, later as null (trap T1)",
    "empty_null_swap": 'every "" is null and every null ""',
    "missing_vita_group": "a profile lacks credit groups",
    "unknown_slug": "a profile has values that no list explains",
    "no_crop": "no picture has crop_coordinates",
    "500_plain": "500 with a plain text that is no JSON",
    "429_plain": "429 with a plain text and the three headers",
    "empty_with_next": "an empty page of the list that names a next one",
    "next_elsewhere": "the list goes on at another host",
    "row_without_id": "the last row of the list has no id",
    "wrong_id": "a profile comes with another id",
}
SWITCHES: Mapping[str, tuple[str, ...]] = {
    "profiles": ("by_scale", "72", "3", "12", "240", "700", "1000", "10000"),
    "docs_state": ("current", "seed"),
    "quota": ("300", "10", "30", "off"),
    "page_size": ("250", "10", "25", "50"),
    "denied": ("text", "html"),
    "not_found": ("json", "html"),
    "out_of_scope": ("404", "403"),
    "trailing_slash": ("both", "none"),
    "signature_header": ("blank", "plain"),
    "retry_signature": ("fresh", "kept"),
}


def build(world: World, options: Options) -> Upstream:
    """The API over the invented world."""
    api = Api(world, options)
    return Upstream(api.handle, api.catalogue.mutate)


def environment(base_url: str) -> dict[str, str]:
    """The settings that point the provider at this simulator."""
    return {
        "PROVIDER_FILMMAKERS_BASE_URL": f"{base_url}/filmmakers/api/v1/",
        "PROVIDER_FILMMAKERS_API_KEY": API_KEY,
        "PROVIDER_FILMMAKERS_PUBLISH": "public",
    }


SIMULATOR = Simulator(
    slug="filmmakers",
    mounts=("/filmmakers/",),
    data=("/filmmakers/api/",),
    build=build,
    environment=environment,
    faults=FAULTS,
    switches=SWITCHES,
    weight=0,
)
