"""Places, artists and festivals of the invented agenda: each follows from the seed and its number.

Many entries mention the same ones, so they are kept; nobody changes a row in place.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from providers.simulation.documents import Row
from providers.simulation.world.dice import Dice
from providers.simulation.world.people import TRADITIONS, person
from providers.sowprog.simulator import words

PARIS = ZoneInfo("Europe/Paris")
FIRST_MONDAY = date(2015, 1, 5)
_CREATED = 1_420_455_600_000
_FIRST_PLACE, _FIRST_ARTIST, _FIRST_GROUP, _FIRST_TAG = 30_000, 700_000, 9_000, 7_700
_FRENCH = TRADITIONS[5]

LINKS = (
    *("website", "facebookFanPage", "googlePlusFanPage", "twitterID", "mySpacePage", "youTubeChannel"),
    *("dailyMotionChannel", "soundCloudChannel", "whyd", "sceneLocale"),
)
PICTURE = ("picture", "pictureCredit", "thumbnail", "thumbnailW300px", "thumbnailW600px")


def milliseconds(day: date, hour: time = time()) -> int:
    """The instant of a wall clock in Paris, in milliseconds since 1970."""
    return int(datetime.combine(day, hour, PARIS).timestamp()) * 1000


def address(name: str) -> str:
    """A name as it stands in a host name."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(sign for sign in plain if sign.isalnum()) or "page"


def links(**known: str | None) -> Row:
    """All ten links, null where they are not named."""
    return {name: known.get(name) for name in LINKS}


def picture(dice: Dice, base: str, kind: str, credit: str | None = None) -> Row:
    """The five fields of a picture (contract, section 7)."""
    uuid = "-".join(dice.letters("0123456789abcdef", length) for length in (8, 4, 4, 4, 12))
    ending = dice.pick(("jpg", "jpg", "png", "jpeg", "gif"))
    files = f"{base}/sowprog/downloads?name="
    return {
        "picture": f"{files}img_{kind}_{uuid}.{ending}",
        "pictureCredit": credit,
        "thumbnail": f"{files}thumb_img_{kind}_{uuid}.jpg",
        "thumbnailW300px": f"{files}thumb_w300px_img_{kind}_{uuid}.jpg",
        "thumbnailW600px": f"{files}thumb_w600px_img_{kind}_{uuid}.jpg",
    }


def no_picture() -> Row:
    """The same fields of what has no picture."""
    return dict.fromkeys(PICTURE)


def stamps(number: int, *, shown: bool) -> Row:
    """Creation and last change; null where a record is embedded in another."""
    created = _CREATED + number * 7_201_000
    return {
        "creationDate": created if shown else None,
        "modificationDate": created + 86_400_000 if shown else None,
    }


@lru_cache(maxsize=4096)
def place(seed: int, number: int, base: str, *, listed: bool = False) -> Row:
    """A location; *listed* as in its own list, else as within an event."""
    dice = Dice(seed, "sowprog place", number)
    name = words.VENUES[number % len(words.VENUES)]
    name = name if number < len(words.VENUES) else f"{name} {number // len(words.VENUES) + 1}"
    logo = picture(dice, base, "locationlogo") if dice.chance(0.85) else no_picture()
    banner = picture(dice, base, "locationbanner")["picture"] if dice.chance(0.3) else None
    home = f"https://www.{address(name)}.example/"
    return {
        "id": _FIRST_PLACE + number,
        "version": 1 + number % 5,
        **stamps(number, shown=listed),
        "name": name,
        **links(
            website=None if dice.chance(0.3) else home,
            facebookFanPage=f"https://www.facebook.com/{address(name)}.example",
            twitterID=f"https://twitter.com/{address(name)[:12]}" if dice.chance(0.4) else None,
        ),
        "description": f"{dice.pick(words.DESCRIPTIONS)}\r\nOuvert du mardi au samedi."
        if dice.chance(0.8)
        else None,
        "logo": logo["picture"],
        "logoThumbnail": logo["thumbnail"],
        "logoThumbnailW300px": logo["thumbnailW300px"],
        "logoThumbnailW600px": logo["thumbnailW600px"],
        "banner": banner,
        "contact": _contact(dice, number, name),
    }


def _contact(dice: Dice, number: int, name: str) -> Row:
    city, code, department, region, latitude, longitude = words.CITIES[number % len(words.CITIES)]
    here = (float(latitude) + dice.fraction() / 60, float(longitude) + dice.fraction() / 60)
    unknown = dice.chance(0.08)
    return {
        "email": f"contact@{address(name)}.example" if dice.chance(0.7) else None,
        "addressLine1": f"{dice.between(1, 120)} {dice.pick(words.STREETS)}",
        "addressLine2": dice.pick(words.COMPLEMENTS) if dice.chance(0.15) else None,
        "zipCode": code,
        "city": city,
        "department": department,
        "state": region,
        "country": "France",
        "phone1": dice.pick(("0", "0100000000", f"01 99 00 {dice.between(10, 99)} {dice.between(10, 99)}")),
        "phone2": None,
        "lattitude": "00" if unknown else f"{here[0]:.7f}",
        "longitude": "00" if unknown else f"{here[1]:.13f}",
    }


def tag(label: str, number: int) -> Row:
    """A word that users type (contract, section 5.8b)."""
    return {
        "id": _FIRST_TAG + number,
        "version": 0,
        "deleted": False,
        "creationDate": _CREATED,
        "modificationDate": _CREATED,
        "label": label,
        "uuid": None,
    }


@lru_cache(maxsize=4096)
def artist_name(seed: int, number: int) -> str:
    """What an artist is called: a band, a DJ, or somebody."""
    dice = Dice(seed, "sowprog artist", number)
    if number < len(words.BANDS):
        return words.BANDS[number]
    if number < len(words.BANDS) + len(words.DJS):
        return words.DJS[number - len(words.BANDS)]
    return person(dice, _FRENCH if dice.chance(0.7) else None).name


@lru_cache(maxsize=4096)
def artist(seed: int, number: int, base: str, *, listed: bool = False) -> Row:
    """An artist as in the list of artists, or without stamps as the part of an appearance that is the artist's."""
    dice, name = Dice(seed, "sowprog biography", number), artist_name(seed, number)
    known = dice.chance(0.35)
    shown = picture(dice, base, "artist_in_event", dice.pick(words.CREDITS)) if known else no_picture()
    tube = f"https://www.youtube.com/watch?v=exemple{number:04d}" if dice.chance(0.6) else None
    broken = "http:///artist/4exemple" if dice.chance(0.05) else None
    styles = dice.sample(range(len(words.TAGS)), dice.pick((0, 0, 1, 2)))
    return {
        "id": _FIRST_ARTIST + number,
        "version": 1,
        **stamps(number, shown=listed),
        "name": name,
        "company": None,
        "description": dice.pick(words.BIOGRAPHIES) if known else None,
        **shown,
        **links(website=f"https://{address(name)}.example/" if known else broken, youTubeChannel=tube),
        "artistType": [tag(dice.pick(words.ARTIST_TYPES), 50)] if dice.chance(0.2) else [],
        "artistStyle": [tag(words.TAGS[style], style) for style in styles],
    }


def appearance(seed: int, number: int, base: str, identity: int, sequence: int, billing: str) -> Row:
    """An artist within an event (contract, section 5.7)."""
    whole = artist(seed, number, base)
    head = {
        "id": identity,
        "artistId": whole["id"],
        "version": 1,
        "creationDate": None,
        "modificationDate": None,
    }
    return {
        **head,
        "sequence": sequence,
        "billing": billing,
        **_without(whole, head),
        "artistRoleInEvent": [],
    }


def _without(row: Row, names: Row) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def festival_week(week: int) -> bool:
    """Whether a festival takes place from Thursday to Sunday of the week."""
    return week % 4 == 2


@lru_cache(maxsize=4096)
def festival(seed: int, week: int, base: str) -> Row:
    """The festival of a week; it is described the same within events and in its own list."""
    number = week // 4
    dice = Dice(seed, "sowprog festival", number)
    monday = FIRST_MONDAY + timedelta(weeks=week)
    name = words.FESTIVALS[number % len(words.FESTIVALS)]
    return {
        "id": _FIRST_GROUP + number,
        "version": 2,
        "creationDate": milliseconds(monday) - 180 * 86_400_000,
        "modificationDate": milliseconds(monday) - 120 * 86_400_000,
        "title": f"{name} {(monday + timedelta(days=3)).year}",
        "startDate": milliseconds(monday + timedelta(days=3)),
        "endDate": milliseconds(monday + timedelta(days=6)),
        "eventGroupStyles": [tag(dice.pick(words.TAGS), 0)],
        "description": "Quatre soirs de musiques lentes et de danses rapides.",
        **picture(dice, base, "eventGroup"),
        **links(website=f"https://www.{address(name)}.example/"),
    }


def kind(number: int) -> Row:
    """A type as within an event."""
    return _labelled(number, words.TYPES[number - 1][0])


def style(number: int) -> Row:
    """A style, within an event or in its list."""
    return _labelled(number, words.STYLES[number])


def styles_of(number: int) -> list[int]:
    """The styles that a type may have."""
    return [int(text) for text in words.TYPES[number - 1][2].split(",")]


def _labelled(number: int, label: str) -> Row:
    return {"id": number, "version": 0, "creationDate": None, "modificationDate": None, "label": label}
