"""Where else somebody can be found: account names and bare hosts as addresses. Pure."""

import re
from typing import Final
from urllib.parse import quote

from aggregator.admission import web_url
from providers.filmmakers.schema import Profile

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST: Final = re.compile(r"[^\s/@:]+\.[^\s/@:]+(?:[:/?#].*)?")
_IMDB: Final = re.compile(r"nm[0-9]{5,10}")


def web_page(value: str) -> str:
    """*value* as an address; ``https://`` is put before a bare host name (trap T8). "" where it is none."""
    value = value.strip()
    if value.startswith("//"):
        value = f"https:{value}"
    elif _HOST.fullmatch(value) and not _SCHEME.match(value.partition(".")[0]):
        value = f"https://{value}"
    return web_url(value)


def account(site: str, name: str) -> str:
    """The page of the account *name*, with or without an @, on *site*; an address stays one (trap T10)."""
    name = name.strip()
    if name.startswith(("http://", "https://")):
        return web_url(name)
    name = name.removeprefix("@").strip("/")
    return f"{site}{quote(name, safe='')}" if name and not any(sign.isspace() for sign in name) else ""


def links_of(profile: Profile) -> dict[str, str]:
    """Label → address, for what the profile names."""
    imdb_id = profile.imdb_id.strip()
    by_id = f"https://www.imdb.com/name/{imdb_id}/" if _IMDB.fullmatch(imdb_id) else ""
    found = {
        "homepage": web_page(profile.homepage_url),
        "imdb": web_page(profile.imdb_link) or by_id,
        "wikipedia": web_page(profile.wikipedia_url),
        "facebook": account("https://www.facebook.com/", profile.facebook_page),
        "instagram": account("https://www.instagram.com/", profile.instagram_username),
        "twitter": account("https://twitter.com/", profile.twitter_handle),
        "schauspielervideos": web_page(profile.sv_url),
        "agency": web_page(profile.agency_profile_url),
    }
    return {label: url for label, url in found.items() if url}
