"""Stored documents to records: the samples, and what stands in no sample."""

from typing import Any

import pytest

from aggregator.provider import Document, Unmappable
from aggregator.records import OrganisationRecord, PersonRecord, TermRecord, fingerprint
from providers.filmmakers import PROVIDER
from providers.filmmakers.links import account, web_page
from providers.filmmakers.mapping import LEVELS_OF
from tests.providers.filmmakers.samples import CONFIG, FOLDER, mapped, only, readable, sample

NAMES = sorted(path.name.removesuffix(".records.json") for path in FOLDER.glob("*.records.json"))


def person(**changes: Any) -> PersonRecord:
    return only(PersonRecord, mapped("profile", sample("profile-current.json") | changes))


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_its_records(name: str) -> None:
    records = mapped(name.split("-")[0], (FOLDER / f"{name}.json").read_bytes())
    assert [readable(record) for record in records] == sample(f"{name}.records.json")


def test_the_older_state_of_the_documentation_says_as_much_to_those_who_hold_consent() -> None:
    records = mapped("profile", sample("profile-seed.json"), "scope")
    assert [readable(record) for record in records] == sample("expected-under-scope.json")


@pytest.mark.parametrize(
    ("old", "new", "attribute"),
    [
        ("pitch", "pitches", "pitches"),
        ("native_dialect", "native_dialects", "native_dialects"),
    ],
)
def test_the_new_name_of_a_field_wins_and_the_old_one_is_read_where_it_is_missing(
    old: str, new: str, attribute: str
) -> None:
    both = person(**{old: "alt", new: ["tenor"]})
    assert both.attributes[attribute] == ({"value": "tenor"},)
    for nothing in (None, [], ""):
        assert person(**{old: "alt", new: nothing}).attributes[attribute] == ({"value": "alt"},)


def test_old_and_new_professions_and_agencies_are_read() -> None:
    assert person().professions == ("actor", "synchronsprecher")
    assert person(main_profession=None, specializations=[]).professions == (
        "schauspieler",
        "synchronsprecher",
    )
    assert person().agency == "38"
    assert person(talent_agency_connections=[]).agency == "38"
    assert person(talent_agency_connections=[], talent_agency_id=None).agency == ""
    assert person(filmmakers_url=None, castupload_url="https://www.castupload.com/a").url.endswith("/a")


def test_an_agency_s_own_document_outranks_any_mention_and_a_name_a_bare_id() -> None:
    (own,) = mapped("agency", sample("agency-current.json"))
    named = only(OrganisationRecord, mapped("profile", sample("profile-current.json")))
    bare = only(
        OrganisationRecord,
        mapped("profile", sample("profile-current.json") | {"talent_agency_connections": []}),
    )
    assert own.authority < named.authority < bare.authority
    assert own.external_id == named.external_id == bare.external_id


def test_a_change_of_setting_alone_takes_somebody_back() -> None:
    private = sample("profile-current.json") | {"profile_visibility": "private"}
    assert only(PersonRecord, mapped("profile", private, "scope")).public
    for publish in ("public", "none"):
        assert mapped("profile", private, publish) == [PersonRecord(external_id="5120", public=False)]
    assert mapped("profile", sample("profile-current.json"), "none") == [
        PersonRecord(external_id="5120", public=False)
    ]


def test_a_skill_or_a_level_that_changes_changes_the_fingerprint() -> None:
    prints = {
        fingerprint(person()),
        fingerprint(person(sports=["segeln"])),
        fingerprint(person(sport_skills={})),
        fingerprint(person(unions=[])),
        fingerprint(person(age=99)),
    }
    assert len(prints) == 4


@pytest.mark.parametrize(
    ("changes", "reason", "path"),
    [
        ({"first_name": None, "last_name": ""}, "missing_field", "last_name"),
        ({"id": None}, "missing_field", "id"),
        ({"id": True}, "wrong_type", "id"),
        ({"first_name": [1, 2]}, "wrong_type", "first_name"),
        ({"year_of_birth": {"x": 1}}, "wrong_type", "year_of_birth"),
        ({"pictures": [{"id": "x"}]}, "wrong_type", "pictures.0.id"),
        ({"pictures": {"id": 1}}, "wrong_type", "pictures"),
        ({"vita": {"film": [{"name": {}}]}}, "wrong_type", "vita.film.0.name"),
        ({"vita": 7}, "wrong_type", "vita"),
        ({"languages": 7}, "wrong_type", "languages"),
        ({"languages": {"deutsch": {"level": 1}}}, "wrong_type", "languages.deutsch"),
    ],
)
def test_what_cannot_be_used_is_named(changes: dict[str, Any], reason: str, path: str) -> None:
    with pytest.raises(Unmappable) as caught:
        person(**changes)
    assert (caught.value.reason, caught.value.path) == (reason, path)


@pytest.mark.parametrize("kind", ["profile", "agency", "attribute"])
@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"[1]", b"null", b"7", b"{}"])
def test_no_body_is_an_accident(kind: str, body: bytes) -> None:
    with pytest.raises(Unmappable):
        PROVIDER.map(Document(kind, "1", body), CONFIG)


def test_a_kind_that_is_not_ours_is_named() -> None:
    with pytest.raises(Unmappable, match="unknown_kind"):
        PROVIDER.map(Document("crew", "1", b"{}"), CONFIG)


def test_a_year_that_cannot_be_is_none() -> None:
    for year in (0, 99999, "", None, "19xx", -1985):
        assert person(year_of_birth=year).year_of_birth is None
    assert person(year_of_birth="1985").year_of_birth == 1985


def test_a_picture_that_came_twice_stands_once_and_is_known_by_its_id() -> None:
    picture = {
        "id": 5,
        "url": "https://a.example/1",
        "main_picture": False,
        "versions": None,
        "dimensions": [0, 3],
    }
    again = picture | {"url": "https://a.example/2", "main_picture": True, "dimensions": ["a", None]}
    (image,) = person(pictures=[picture, again, None]).images
    assert (image.key, image.url, image.width, image.height) == ("5", "https://a.example/2", None, None)


@pytest.mark.parametrize(
    ("given", "page"),
    [
        ("www.mira.example", "https://www.mira.example"),
        ("mira.example/about?x=1", "https://mira.example/about?x=1"),
        ("//mira.example", "https://mira.example"),
        ("http://mira.example", "http://mira.example"),
        ("HTTPS://mira.example", "HTTPS://mira.example"),
        ("javascript:alert(1)", ""),
        ("javascript:alert(1).example", ""),
        ("mailto:a@b.example", ""),
        ("mira", ""),
        ("", ""),
        ("two words.example", ""),
    ],
)
def test_a_homepage_may_lack_its_scheme(given: str, page: str) -> None:
    assert web_page(given) == page


@pytest.mark.parametrize(
    ("given", "page"),
    [
        ("mira_ex", "https://x.example/mira_ex"),
        ("@mira_ex", "https://x.example/mira_ex"),
        ("mira/../ex", "https://x.example/mira%2F..%2Fex"),
        ("https://other.example/mira", "https://other.example/mira"),
        ("Mira Ex", ""),
        ("@", ""),
    ],
)
def test_an_account_may_come_with_or_without_an_at(given: str, page: str) -> None:
    assert account("https://x.example/", given) == page


def test_levels_stand_under_every_list_they_belong_to() -> None:
    labels = {"en": {"gut": "good"}, "de": {"gut": "gut"}}
    for name, lists in LEVELS_OF.items():
        terms = mapped("attribute", {"list": name, "labels": labels})
        assert [term.external_id for term in terms] == [
            f"{name}:gut",
            *(f"{each}.level:gut" for each in lists),
        ]
        assert all(
            isinstance(term, TermRecord) and term.labels == {"en": "good", "de": "gut"} for term in terms
        )
