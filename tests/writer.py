"""A process that ingests one invented provider again and again, each time with other edits, and hides rows by hand.

Started by tests as ``python -m tests.writer <number> <seed> <file>``; it ends when *file* is there. Killed at any
moment, it leaves what a killed worker leaves.
"""

import json
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

ITEMS = 14


def main(number: int, seed: int, stop: Path) -> None:
    """Ingest until *stop* is there."""
    from django.conf import settings
    from django.utils import timezone

    from aggregator.ingest import schedule
    from aggregator.provider import Configured
    from aggregator.vocabulary import Mode
    from tests.toy import Toy

    chance = random.Random(seed)
    toy = Toy(mapper=mapped, batch=3)
    slug = f"toy{number}"
    entry = Configured(replace(toy.provider(), slug=slug, withdraws_people=True), toy.config)
    settings.PROVIDERS = {slug: entry}
    items = [fresh(chance, number, each) for each in range(ITEMS)]
    while not stop.exists():
        edit(items, chance, number)
        toy.items = [item for item in items if not item["away"]]
        run = schedule.request(slug, Mode.FULL, timezone.now(), full=True, force=True)
        schedule.work(slug, only=run.pk)
        by_hand(chance)


def fresh(chance: random.Random, number: int, each: int) -> dict[str, Any]:
    """One item of upstream's."""
    begins = datetime.fromisoformat("2031-05-04T18:00:00+00:00")
    return {
        "id": f"{number}-{each}",
        "order": each,
        "away": False,
        "title": f"Kväll {each}",
        "text": "",
        "cancelled": False,
        "free": None,
        "venue": f"v{each % 4}",
        "film": f"f{each % 5}",
        "people": [f"p{each % 6}", f"p{(each + 1) % 6}"],
        "public": True,
        "showings": [
            {
                "id": f"{number}-{each}-{n}",
                "at": (begins + timedelta(days=each, hours=n)).isoformat(),
                "left": 40,
            }
            for n in range(1 + each % 3)
        ],
    }


def edit(items: list[dict[str, Any]], chance: random.Random, number: int) -> None:
    """Upstream changes its mind about some of *items*."""
    for item in chance.sample(items, 5):
        what = chance.choice(
            ("title", "text", "cancelled", "free", "away", "seats", "time", "film", "public", "show")
        )
        if what in ("title", "text"):
            item[what] = f"{what} {chance.randrange(1000)}"
        elif what in ("cancelled", "away", "public"):
            item[what] = not item[what]
        elif what == "free":
            item["free"] = chance.choice((True, False, None))
        elif what == "film":
            item["film"] = f"f{chance.randrange(5)}"
        elif what == "show" and len(item["showings"]) > 1:
            item["showings"].pop()
        elif item["showings"] and what in ("seats", "time"):
            showing = chance.choice(item["showings"])
            showing["left"] = chance.randrange(100)
            if what == "time":
                later = datetime.fromisoformat(showing["at"]) + timedelta(minutes=chance.randrange(-90, 90))
                showing["at"] = later.isoformat()


def mapped(document: Any, config: Any) -> Sequence[Any]:
    """An item as records of every kind."""
    from aggregator.records import (
        CategoryRecord,
        Credit,
        EventRecord,
        FestivalRecord,
        FilmRecord,
        OrganisationRecord,
        PersonRecord,
        SectionRecord,
        SelectionRecord,
        ShowingRecord,
        VenueRecord,
    )
    from aggregator.vocabulary import Availability, CategoryScheme, CreditRole, Status

    item = json.loads(document.body)
    author = f"{item['order']:03d}"
    records: list[Any] = [
        FestivalRecord(external_id="fest", name="Festivalen", zone="Europe/Stockholm", authority=author),
        SectionRecord(external_id=f"s{item['order'] % 3}", festival="fest", name="Tema", authority=author),
        VenueRecord(external_id=item["venue"], name=f"Ladan {item['venue']}", authority=author),
        OrganisationRecord(external_id="o", name="Vännerna", authority=author),
        CategoryRecord(
            external_id="style:jazz", scheme=CategoryScheme.STYLE, names={"sv": "Jazz"}, authority=author
        ),
    ]
    records += [
        PersonRecord(
            external_id=key, name=f"Person {key}", public=item["public"], agency="o", authority=author
        )
        for key in item["people"]
    ]
    records += [
        FilmRecord(
            external_id=item["film"],
            titles={"sv": f"Film {item['film']}"},
            credits=tuple(
                Credit(role=CreditRole.CAST, name=f"Person {key}", person=key) for key in item["people"][:1]
            ),
            authority=author,
        ),
        SelectionRecord(
            external_id=f"{item['film']}:fest",
            film=item["film"],
            festival="fest",
            section=f"s{item['order'] % 3}",
            authority=author,
        ),
        EventRecord(
            external_id=item["id"],
            titles={"sv": item["title"]},
            descriptions={"sv": item["text"]},
            status=Status.CANCELLED if item["cancelled"] else Status.SCHEDULED,
            is_free=item["free"],
            organisation="o",
            festival="fest",
            film=item["film"],
            categories=("style:jazz",),
        ),
    ]
    records += [
        ShowingRecord(
            external_id=each["id"],
            event=item["id"],
            starts_at=datetime.fromisoformat(each["at"]),
            zone="Europe/Stockholm",
            venues=(item["venue"],),
            seats_free=each["left"],
            availability=Availability.AVAILABLE if each["left"] else Availability.SOLDOUT,
        )
        for each in item["showings"]
    ]
    return records


def by_hand(chance: random.Random) -> None:
    """An operator hides a row of anybody's, or shows all of a kind again; seldom somebody is forgotten."""
    from django.db import transaction
    from django.utils import timezone

    from aggregator import changes
    from aggregator.changes import hiding
    from aggregator.ingest import forgetting
    from aggregator.models import Category, Event, Festival, Film, Person, Section, Showing, Venue
    from aggregator.vocabulary import Kind

    model: Any = chance.choice((Event, Event, Showing, Venue, Film, Person, Festival, Section, Category))
    if chance.random() < 0.6:
        hiding.show(model.objects.all(), timezone.now())
    else:
        chosen = model.objects.order_by("?").values_list("pk", flat=True)[:1]
        hiding.hide(model.objects.filter(pk__in=list(chosen)), "by hand", timezone.now())
    if chance.random() < 0.03 and (person := Person.objects.order_by("?").first()) is not None:
        with transaction.atomic():
            changes.beside_others()
            forgetting.forget(person.provider, [(Kind.PERSON, person.external_id)], timezone.now())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.fast_settings")
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
