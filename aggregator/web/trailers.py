"""Film clips: which hosts may play one inside a page of ours, and where it then comes from. Pure.

Nothing of such a host is loaded before a visitor asks for it: pages link to a page of ours that holds the player, and
only that page's policy allows the host to be framed. What no known host plays is a plain link.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _

from aggregator.addresses import web_link

_YOUTUBE = re.compile(r"[A-Za-z0-9_-]{11}")
_NUMBER = re.compile(r"[0-9]{4,15}")
_HASH = re.compile(r"[0-9a-f]{6,20}")
_WORD = re.compile(r"[A-Za-z0-9]{5,12}")
#: Where players may come from: what the policy of the player's page allows to be framed.
PLAYER_ORIGINS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://geo.dailymotion.com",
)


@dataclass(frozen=True, slots=True)
class Trailer:
    """A clip. *player* is the address to frame or "" where no known host plays it; *host* is where it comes from;
    *number* counts those that can be played, from 1, and is 0 for the others.
    """

    number: int
    label: str
    url: str
    player: str
    host: str


def trailers(*given: Iterable[Mapping[str, Any]]) -> tuple[Trailer, ...]:
    """The clips of one thing, in upstream's order, each once. Only http(s) addresses pass."""
    found: dict[str, Trailer] = {}
    number = 0
    for one in (one for several in given for one in several):
        url = web_link(one.get("url"))
        if not url:
            continue
        player, host = player_of(url)
        label = str(one.get("label") or "") or _("Trailer")
        if (player or url) not in found:
            number += bool(player)
            found[player or url] = Trailer(number if player else 0, label, url, player, host)
    return tuple(found.values())


def player_of(url: str) -> tuple[str, str]:
    """(address to frame, name of the host) of a clip; ("", host) where it may only be linked to."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return "", ""
    name, find = _HOSTS.get(host, ("", None))
    steps = [step for step in parts.path.split("/") if step]
    return (find(steps, parse_qs(parts.query)) if find else ""), name or host


def _youtube(steps: list[str], query: Mapping[str, list[str]]) -> str:
    clip = (query.get("v") or [""])[0]
    if len(steps) >= 2 and steps[0] in ("embed", "shorts", "live", "v"):
        clip = steps[1]
    return _of_youtube(clip)


def _youtu_be(steps: list[str], query: Mapping[str, list[str]]) -> str:
    return _of_youtube(steps[0] if steps else "")


def _of_youtube(clip: str) -> str:
    return f"{PLAYER_ORIGINS[0]}/embed/{clip}?rel=0" if _YOUTUBE.fullmatch(clip) else ""


def _vimeo(steps: list[str], query: Mapping[str, list[str]]) -> str:
    at = next((place for place, step in enumerate(steps) if _NUMBER.fullmatch(step)), None)
    if at is None:
        return ""
    secret = (query.get("h") or steps[at + 1 : at + 2] or [""])[0]
    key = f"&h={secret}" if _HASH.fullmatch(secret) else ""
    return f"{PLAYER_ORIGINS[1]}/video/{steps[at]}?dnt=1{key}"


def _dailymotion(steps: list[str], query: Mapping[str, list[str]]) -> str:
    clip = steps[-1].partition("_")[0] if steps else ""
    return f"{PLAYER_ORIGINS[2]}/player.html?video={clip}" if _WORD.fullmatch(clip) else ""


_Find = Callable[[list[str], Mapping[str, list[str]]], str]
_HOSTS: Mapping[str, tuple[str, _Find]] = {
    "youtube.com": ("YouTube", _youtube),
    "youtube-nocookie.com": ("YouTube", _youtube),
    "youtu.be": ("YouTube", _youtu_be),
    "vimeo.com": ("Vimeo", _vimeo),
    "player.vimeo.com": ("Vimeo", _vimeo),
    "dailymotion.com": ("Dailymotion", _dailymotion),
    "dai.ly": ("Dailymotion", _dailymotion),
}
