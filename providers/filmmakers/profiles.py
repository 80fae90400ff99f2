"""One profile: asked for, followed where it was merged, judged, and made a document that holds no more than it may."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aggregator.http import FetchError, Response, faults
from aggregator.provider import Document, Refusal, Visit
from aggregator.readers import ReadError
from aggregator.vocabulary import Kind
from providers.filmmakers import privacy
from providers.filmmakers.listing import PATH
from providers.filmmakers.privacy import Fate
from providers.filmmakers.reading import content, encoded, get, identifier, instant

KIND: Final = "profile"
SCOPE: Final = ""

_HOPS: Final = 5


@dataclass(frozen=True)
class Found:
    """What asking for one profile brought.

    document: the profile, or what is stored of one that is withheld. forgotten: ids that are never to be kept.
    refused: why it could not be read. agencies: ids that the document names.
    """

    document: Document | None = None
    forgotten: tuple[int, ...] = ()
    refused: Refusal | None = None
    agencies: tuple[int, ...] = ()


def forget(*ids: int) -> tuple[tuple[Kind, str], ...]:
    """Ids as a batch wants them."""
    return tuple((Kind.PERSON, str(each)) for each in ids)


def validator(publish: str, stamp: object) -> str:
    """What recognises a profile as unchanged: its stamp, and the setting under which it was stored.

    "" where there is no stamp: such a profile is asked for every time.
    """
    moment = instant(stamp)
    return f"{publish} {moment.isoformat(timespec='milliseconds')}" if moment else ""


def hidden(profile_id: int, publish: str, stamp: object) -> Document:
    """The document of somebody who is not to be published: the id, and when to look again."""
    body = encoded(privacy.withheld(profile_id))
    return Document(KIND, str(profile_id), body, scope=SCOPE, validator=validator(publish, stamp))


def read(visit: Visit, profile_id: int, listed: object = None) -> Found:
    """The profile *profile_id*; *listed* is the stamp that the list gave it.

    Raises ``FetchError`` where the fault is not that of one profile alone; the caller decides about the others.
    """
    gone: list[int] = []
    wanted = profile_id
    while True:
        with get(visit, f"{visit.config.base_url}{PATH}/{wanted}", accept=(404, 410)) as response:
            if response.status == 404:
                return _unknown(visit, wanted, tuple(gone), listed)
            if response.status == 200:
                return _judged(visit, wanted, response, tuple(gone), listed if wanted == profile_id else None)
            gone.append(wanted)
            heir = _merged_into(response)
        if heir is None or heir in gone or len(gone) > _HOPS:
            return Found(forgotten=tuple(gone))
        wanted = heir


def _unknown(visit: Visit, profile_id: int, gone: tuple[int, ...], listed: object) -> Found:
    """404 is deleted, or out of the key's scope: whatever was stored is emptied, and may come back."""
    return Found(document=hidden(profile_id, visit.config.publish, listed), forgotten=gone)


def _merged_into(response: Response) -> int | None:
    """The id that a 410 points to; None for a deleted profile, and for a body that says nothing."""
    try:
        said = content(response.content())
    except ReadError:
        return None
    return (
        identifier(said.get("new_id")) if isinstance(said, dict) and said.get("status") == "merged" else None
    )


def _judged(visit: Visit, wanted: int, response: Response, gone: tuple[int, ...], listed: object) -> Found:
    try:
        profile = content(response.content())
    except ReadError as error:
        # A broken body may hold anything, so none of it is kept.
        raise FetchError(error.reason, url=response.url, status=200, sent=True) from None
    if not isinstance(profile, dict):
        return Found(forgotten=gone, refused=_refusal(wanted, "wrong_root", ""))
    if identifier(profile.get("id")) != wanted:
        return Found(forgotten=gone, refused=_refusal(wanted, "wrong_id", "id"))
    publish = visit.config.publish
    verdict = privacy.fate(profile, publish, visit.now)
    stamp = _older(profile.get("updated_at"), listed)
    if verdict is Fate.FORGET:
        return Found(forgotten=(*gone, wanted))
    if verdict is Fate.WITHHOLD:
        return Found(document=hidden(wanted, publish, stamp), forgotten=gone)
    kept = privacy.scrubbed(profile)
    document = Document(
        KIND,
        str(wanted),
        encoded(kept),
        scope=SCOPE,
        validator=validator(publish, stamp),
        url=response.url,
    )
    return Found(document=document, forgotten=gone, agencies=agencies_of(kept))


def agencies_of(profile: Mapping[str, Any]) -> tuple[int, ...]:
    """The agencies that a profile names, the deprecated way or the new one, once each."""
    named: list[object] = [profile.get("talent_agency_id")]
    connections = profile.get("talent_agency_connections")
    for connection in connections if isinstance(connections, list) else []:
        if isinstance(connection, Mapping):
            named.append(connection.get("talent_agency_id"))
    return tuple(dict.fromkeys(found for each in named if (found := identifier(each))))


def failed(profile_id: int, error: FetchError) -> Refusal:
    """A profile that could not be fetched. Nothing of an answer is kept: it could be about a person."""
    return Refusal(KIND, str(profile_id), error.reason, message=str(error), scope=SCOPE)


def is_general(error: FetchError) -> bool:
    """Whether a failure says something about all requests and not about one profile."""
    return error.reason in (faults.UNAUTHORISED, faults.RATE_LIMITED)


def _refusal(profile_id: int, reason: str, path: str) -> Refusal:
    return Refusal(KIND, str(profile_id), reason, path, "the answer is about something else", scope=SCOPE)


def _older(own: object, listed: object) -> object:
    """The earlier stamp: whichever answer was behind, the profile is asked for once more and not missed."""
    first, second = instant(own), instant(listed)
    return listed if second is not None and (first is None or second < first) else own
