"""The documents of the invented API in both documented states: rows, profiles, agencies."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from providers.filmmakers.simulator.edits import Catalogue
from providers.filmmakers.simulator.invented import AGENCIES, Actor, about, stamp, touched, traits
from providers.filmmakers.simulator.vitae import vita
from providers.filmmakers.simulator.words import COUNTRIES, LISTS, label
from providers.simulation.documents import Row
from providers.simulation.world import World
from providers.simulation.world.dice import Dice

VERSIONS: Mapping[str, tuple[int, int]] = {
    "original": (900, 1200),
    "large": (750, 1000),
    "thumb": (190, 190),
    "thumb_large": (500, 500),
}
_AGENTS = {each[0]: f"{first} {last}" for each, first, last in zip(
    AGENCIES,
    ("Henrike", "Jörn", "Ulrike", "Nives", "Konrad", "Imogen"),
    ("Solms", "Feldhausen", "Mühlgraben", "Castelvero", "Tannhoff", "Ashdowne"),
    strict=True,
)}  # fmt: skip
_LEVEL_LISTS = {"languages": "language_skill", "dialects": "dialect_skill", "accents": "accent_skill"}
#: Only in the newer state of the documentation; the older one has neither visibility nor consent.
_LONG_GENDER = {"m": "male", "f": "female", "i": "non_binary"}


def slug(text: str) -> str:
    """A name as it stands in a link."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "-".join("".join(sign if sign.isalnum() else " " for sign in plain).split())


@dataclass(frozen=True)
class Writer:
    """Writes documents. `base` is the simulated site, `switch` reads the settings."""

    world: World
    catalogue: Catalogue
    base: str
    switch: Callable[[str], str]

    @property
    def current(self) -> bool:
        """Whether the newer documentation holds."""
        return self.switch("docs_state") == "current"

    def age(self, found: Actor) -> int | None:
        """In years; unknown for a few."""
        if found.is_young_of_unknown_age:
            return None
        birthday = Dice(self.world.seed, "birthday", found.number).between(1, 365)
        today = self.world.day()
        return today.year - found.born - (today.timetuple().tm_yday < birthday)

    def professions(self, found: Actor) -> list[str]:
        """German words."""
        if found.is_young or found.is_young_of_unknown_age:
            return ["nachwuchsdarsteller"]
        return ["schauspieler", *(["synchronsprecher"] if found.number % 4 == 0 else [])]

    def common(self, found: Actor) -> Row:
        """What a list's row can be asked for."""
        own = self.catalogue.fields.get(found.id, {})
        first, last = own.get("first_name", found.first_name), own.get("last_name", found.last_name)
        row: Row = {
            "id": found.id,
            "name": f"{first} {last}",
            "first_name": first,
            "last_name": last,
            "age": self.age(found),
            "gender": found.gender,
            "professions": self.professions(found),
            "languages": traits(self.world.seed, found)["languages"],
            "representative": {"id": 800 + found.agency, "name": _AGENTS[found.agency]},
            "updated_at": stamp(self.catalogue.touched(found)),
        }
        if self.current:
            young = found.is_young or found.is_young_of_unknown_age
            row["main_profession"] = "young_actor" if young else "actor"
            row["gender_new"] = _LONG_GENDER[found.gender]
        return row | {name: value for name, value in own.items() if name in row}

    def profile(self, found: Actor, locale: str = "en") -> Row:
        """One profile in full."""
        common = self.common(found)
        common.pop("name")
        city, country, state, _, _ = found.city
        page = f"{self.base}/actors/{slug(found.name)}-{found.id}"
        profile: Row = {
            **common,
            "filmmakers_url": page,
            "filmmakers_cd_url": f"{self.base}/profil/castupload/{found.id}",
            "acting_age_from": max(0, self.world.day().year - found.born - 5),
            "acting_age_to": self.world.day().year - found.born + 4,
            "year_of_birth": None if found.is_young_of_unknown_age else found.born,
            **traits(self.world.seed, found),
            "city": city,
            "country": country,
            "state": state,
            "state_code": state,
            "talent_agency_id": found.agency,
            "agency_profile_url": f"https://agentur-{found.agency}.example/{slug(found.name)}",
            **self._web(found),
            "pictures": self._pictures(found),
            **self._reels(found, page),
            "vita": vita(self.world.seed, found, current=self.current),
        }
        if self.current:
            profile |= self._newer(found, locale)
        return profile | self.catalogue.fields.get(found.id, {})

    def _web(self, found: Actor) -> Row:
        account = slug(found.name).replace("-", "")
        imdb = f"nm{99_000_000 + found.number}"
        return {
            "homepage_url": f"www.{slug(found.name)}.example" if found.number % 3 == 0 else None,
            "imdb_link": f"https://www.imdb.com/name/{imdb}" if found.number % 2 == 0 else None,
            "imdb_id": imdb if found.number % 2 == 0 else None,
            "facebook_page": f"{account}.example" if found.number % 5 == 0 else None,
            "twitter_handle": None,
            "instagram_username": f"{account}_ex" if found.number % 2 else None,
            "sv_url": None,
            "wikipedia_url": None,
        }

    def _pictures(self, found: Actor) -> list[Row]:
        dice = Dice(self.world.seed, "pictures", found.number)
        pictures: list[Row] = []
        for at in range(dice.pick((1, 1, 2, 2, 3))):
            name = dice.letters("0123456789abcdef", 20)
            urls = {version: f"{self.base}/static/{name}-{version}.jpg" for version in VERSIONS}
            picture: Row = {
                "id": 90_000 + found.number * 10 + at,
                "copyright": "Ole Brandt" if at == 0 else "",
                "created_at": stamp(touched(found, self.world) - timedelta(days=400)),
                "url": urls["original"],
                "versions": urls,
                "orientation": "portrait",
                "dimensions": list(VERSIONS["original"]),
                "main_picture": at == 0,
                "year": 2021 + at,
                "recorded_at": None,
            }
            if at == 0:
                picture["crop_coordinates"] = {"x": 100, "y": 80, "w": 600, "h": 600}
            pictures.append(picture)
        return pictures

    def _reels(self, found: Actor, page: str) -> Row:
        elsewhere = [f"https://vimeo.example/{1000 + found.number}"] if found.number % 3 == 0 else []
        reels = [{"name": "Showreel", "url": f"{page}/showreels/{500 + found.number}", "type": "video"}]
        if found.number % 4 == 0:
            url = f"{page}/showreels/{50_000 + found.number}"
            reels.append({"name": "Hörproben", "url": url, "type": "audio"})
        return {
            "external_showreel": elsewhere[0] if elsewhere else None,
            "external_showreels": elsewhere,
            "showreels": reels,
        }

    def _newer(self, found: Actor, locale: str) -> Row:
        city, country, _, latitude, longitude = found.city
        name = next(each[1] for each in AGENCIES if each[0] == found.agency)
        words = about(self.world.seed, found) if locale == "en" else None
        public = {True: "private", False: "public"}
        return {
            "profile_visibility": public[found.is_private],
            "attribute_visibility": {
                "age": public[found.hides_age],
                "acting_age": "public",
                "gender": "public",
                "ethnic_appearances": "private",
                "figures": "private",
                "working_permits": public[found.number % 2 == 1],
            },
            "talent_agency_connections": [
                {
                    "talent_agency_id": found.agency,
                    "talent_agency_employee_id": 800 + found.agency,
                    "agency_profile_url": f"https://agentur-{found.agency}.example/{slug(found.name)}",
                    "talent_agency_name": name,
                    "categories": ["acting_agency"],
                    "regions": ["dach"],
                    "connection_type": "primary_agency",
                }
            ],
            "gender_description": None,
            "gender_searchability": [_LONG_GENDER[found.gender]],
            "ethnic_background": ["6471"],
            "ethnic_background_details": ["6473"],
            "ethnic_background_description": None,
            "specializations": self.professions(found)[1:],
            "working_permits": ["EU-27"],
            "about_me": words[0] if words else None,
            "about_me_html": f"<div>{words[1]}</div>" if words else None,
            "locations": [
                {"name": city, "latitude": latitude, "longitude": longitude, "place_id": "EXAMPLE_PLACE",
                 "type": "place", "country": country}
            ],
            "showreel_ids": [500 + found.number],
            "showreel_medium_ids": [],
            "mentioned_in_blog_post_ids": [],
        }  # fmt: skip

    def agency(self, agency_id: int) -> Row | None:
        """One agency in full."""
        found = next((each for each in AGENCIES if each[0] == agency_id), None)
        if found is None:
            return None
        _, name, city, country, text = found
        host = f"agentur-{agency_id}.example"
        first, _, last = _AGENTS[agency_id].partition(" ")
        agency: Row = {
            "id": agency_id,
            "name": name,
            "homepage_url": f"https://{host}",
            "imdb_link": None,
            "imdb_id": None,
            "showreel_url": None,
            "twitter_handle": "@example",
            "public_email": f"office@{host}",
            "picture_url": f"{self.base}/static/{agency_id:020x}-thumb_large.jpg",
            "address": {"city": city, "country": country, "fax": None, "line1": "Beispielweg 4", "line2": "",
                        "phone": "493023125014", "zipcode": "10115"},
        }  # fmt: skip
        if self.current:
            agency |= {
                "short_name": name.split()[0],
                "filmmakers_url": f"{self.base}/agents/{slug(name)}",
                "facebook_page": None,
                "instagram_username": None,
                "employees": [
                    {"id": 800 + agency_id, "first_name": first, "last_name": last, "phone": "493023125015",
                     "email": f"agent@{host}", "role": "agent", "function": None, "about_me": None}
                ],
                "associations": ["vda"],
                "about_me": text,
                "about_me_html": f"<div>{text}</div>",
            }  # fmt: skip
        return agency


def translated(row: Row, locale: str) -> Row:
    """`enum=translate`: values of closed lists as text, arrays and objects of them as one text (trap T4)."""
    done = dict(row)
    for name, value in row.items():
        if name == "gender":
            done[name] = label("gender", str(value), locale)
        elif name in COUNTRY_FIELDS and value:
            texts = COUNTRIES.get(str(value)[:2])
            done[name] = texts[locale == "de"] if texts and name == "country" else value
        elif name in LISTS or name in SINGULAR:
            done[name] = _joined(SINGULAR.get(name, name), value, locale)
    return done


COUNTRY_FIELDS = ("country",)
SINGULAR = {
    "figure": "figures",
    "pitch": "pitches",
    "native_dialect": "dialects",
    "native_dialects": "dialects",
}


def _joined(name: str, value: object, locale: str) -> object:
    if isinstance(value, Mapping):
        levels = _LEVEL_LISTS.get(name, "skill")
        return ", ".join(
            f"{label(name, str(key), locale)} ({label(levels, str(level), locale)})"
            for key, level in value.items()
        )
    if isinstance(value, list):
        return ", ".join(label(name, str(each), locale) for each in value)
    return label(name, value, locale) if isinstance(value, str) else value
