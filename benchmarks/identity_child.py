"""How well the rules tell that two rows are one: precision and recall over pairs that were labelled by hand."""

import itertools
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")
django.setup()

from aggregator.identity.judging import DOUBTFUL, LINKED, judge  # noqa: E402
from aggregator.identity.subjects import Subject  # noqa: E402
from aggregator.vocabulary import Kind  # noqa: E402
from benchmarks import identity_holdout  # noqa: E402
from benchmarks.identity_pairs import Pair, event, pairs, person, venue  # noqa: E402

RECORDING = Path("payloads") / "sowprog" / "scheduledEvents_search_2025-05_dev.json"

#: Sowprog's ids of rows that look alike in the recording, and whether they are one: a shop beside the club whose
#: coordinates it has; two days of one festival; two evenings of one series; an artist who was entered twice.
_VENUES = [(14721, 31891, False), (26, 25461, False), (34991, 14721, False), (33, 35, False)]
_EVENTS = [(741061, 741081, False), (754991, 752031, False), (754991, 753181, False), (752271, 741061, False)]


def recorded_pairs(shared: Path) -> Iterator[Pair]:
    """Pairs found in the recording, where it is there; a series is tried as if its evenings were at one minute."""
    path = shared / RECORDING
    if not path.is_file():
        return
    listed = json.loads(path.read_text())["eventDescription"]
    places = {each["location"]["id"]: _place(each["location"]) for each in listed}
    titles = {each["id"]: each["event"]["title"].replace(" / ", " • ") for each in listed}
    for left, right, same in _VENUES:
        yield places[left], places[right], same
    for left, right, same in _EVENTS:
        yield event(titles[left], 500, "S", "Paris"), event(titles[right], 500, "S", "Paris"), same
    yield from _repeated_artists(listed)


def _place(location: dict[str, object]) -> Subject:
    contact = location.get("contact")
    assert isinstance(contact, dict)
    point = float(contact["lattitude"]), float(contact["longitude"])
    return venue(str(location["name"]), str(contact["city"]), point=point)


def _repeated_artists(listed: list[dict[str, object]]) -> Iterator[Pair]:
    """Artists entered twice under one name of two words are one; each beside the next artist is not."""
    names: dict[int, str] = {}
    for each in listed:
        artists = each.get("artist")
        for artist in artists if isinstance(artists, list) else ():
            names[artist["id"]] = artist["name"]
    in_order = sorted(names.values(), key=str.casefold)
    for one, following in itertools.pairwise(in_order):
        yield person(one), person(following), one.casefold() == following.casefold()


def lines(shared: Path) -> Iterator[str]:
    """A few lines a set: how many pairs, precision, recall, and how many go to a person."""
    sets = {
        "those the rules were set by": list(pairs()),
        "held out, never tuned on": list(identity_holdout.pairs()),
        "from the recording": list(recorded_pairs(shared)),
    }
    for name, labelled in sets.items():
        yield f"identity, {name}: {measure(labelled)}" if labelled else f"identity, {name}: not there"
        for kind in Kind if name != "from the recording" else ():
            some = [pair for pair in labelled if pair[0].kind == kind]
            if some:
                yield f"  {kind}: {measure(some)}"
        yield from (f"  linked though they are two: {told}" for told in mistaken(labelled))


def mistaken(labelled: list[Pair]) -> list[str]:
    """The pairs that were linked wrongly, in words."""
    found = []
    for left, right, one in labelled:
        verdict = judge(left, right)
        if verdict is not None and verdict.score >= LINKED and not one:
            found.append(f"{left.label} and {right.label} ({verdict.reason})")
    return found


def measure(labelled: list[Pair]) -> str:
    """Precision and recall of what is linked without asking anybody."""
    linked, true, same, asked = scores(labelled)
    precision = f"{true / linked:.3f}" if linked else "-"
    recall = f"{true / same:.3f}" if same else "-"
    return f"{len(labelled)} pairs, precision {precision} (at least 0.99), recall {recall}, {asked} to review"


def scores(labelled: list[Pair]) -> tuple[int, int, int, int]:
    """How many pairs were linked, of these truly, how many are the same, and how many await a person."""
    linked = true = same = asked = 0
    for left, right, one in labelled:
        verdict = judge(left, right)
        sure = verdict is not None and verdict.score >= LINKED
        linked, true, same = linked + sure, true + (sure and one), same + one
        asked += verdict is not None and DOUBTFUL <= verdict.score < LINKED
    return linked, true, same, asked


if __name__ == "__main__":
    print("\n".join(lines(Path(sys.argv[1]))))
