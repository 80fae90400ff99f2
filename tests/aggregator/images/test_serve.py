"""``/images/…`` as browsers and strangers ask for it."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from aggregator.images import address, lookup, render, serve, shelf, usage, work
from aggregator.images.presets import MEDIA_TYPES, PRESETS
from aggregator.images.visibility import is_shown
from aggregator.ingest import forgetting
from aggregator.models import Image, Rendition
from aggregator.vocabulary import ImageRole, Kind
from tests.aggregator.images import pictures
from tests.aggregator.images.pictures import Upstream, make_image
from tests.factories import (
    NOW,
    make_event,
    make_festival,
    make_film,
    make_organisation,
    make_person,
    make_venue,
)

pytestmark = pytest.mark.django_db


def fetched(server: Upstream, owner: Any = None, **columns: Any) -> Image:
    """A picture that a worker has brought."""
    url = server.put("/a.jpg", pictures.encoded(pictures.photo()))
    image = make_image(owner, url=url, **columns)
    work.work(30.0, clock=lambda: NOW)
    image.refresh_from_db()
    assert image.content_hash
    return image


def body_of(response: Any) -> Any:
    return pictures.opened(response.content)


def test_with_its_version_a_picture_may_be_kept_for_good(client: Client, server: Upstream) -> None:
    image = fetched(server)
    path = address(image, "poster-200x286", "webp")
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
    assert body_of(response).size == (200, 286)
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize("query", ["", "?v=", "?v=12345678", "?v=../x"])
def test_without_it_for_five_minutes_and_then_it_is_asked_for_by_its_tag(
    client: Client, server: Upstream, query: str
) -> None:
    image = fetched(server)
    path = address(image, "preview-320x180").split("?")[0] + query
    response = client.get(path)
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=300"}
    again = client.get(path, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])
    weak = client.get(path, headers={"if-none-match": f'"other", W/{response["ETag"]}'})
    assert weak.status_code == 304
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_what_is_made_costs_one_query_and_writes_nothing(
    client: Client, server: Upstream, django_assert_num_queries: Any
) -> None:
    image = fetched(server)
    with django_assert_num_queries(1):
        assert client.get(address(image, "preview-320x180")).status_code == 200


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_can_be_had_in_every_format(server: Upstream, preset: str) -> None:
    image = fetched(server)
    for extension in MEDIA_TYPES:
        if extension == "avif" and PRESETS[preset].width > 700:
            continue  # slow, and no other than the smaller ones
        answer = serve.answer(image.pk, PRESETS[preset], extension, NOW)
        assert answer.body is not None
        picture = pictures.opened(answer.body)
        expected = {
            "fit-100": (100, 62),
            "fit-240": (240, 150),
            "fit-500": (500, 312),
            "width-150": (150, 94),
            "width-300": (300, 188),
            "width-600": (600, 375),
            "original": (1600, 1000),
        }
        chosen = PRESETS[preset]
        assert picture.size == expected.get(preset, (chosen.width, chosen.height))


def test_fit_and_width_never_enlarge(server: Upstream) -> None:
    url = server.put("/a.jpg", pictures.encoded(pictures.photo(120, 90)))
    image = make_image(url=url)
    work.work(30.0, clock=lambda: NOW)
    for preset in ("fit-500", "width-600", "original"):
        answer = serve.answer(image.pk, PRESETS[preset], "jpg", NOW)
        assert answer.body is not None
        assert pictures.opened(answer.body).size == (120, 90)
    answer = serve.answer(image.pk, PRESETS["poster-640x914"], "jpg", NOW)
    assert answer.body is not None
    assert pictures.opened(answer.body).size == (640, 914)


@pytest.mark.parametrize(
    "path",
    [
        *("/images/{}/poster-200x287.jpg", "/images/{}/original.svg", "/images/{}/kept.jpg"),
        *("/images/{}/poster-200x286.jpeg", "/images/999999/poster-200x286.jpg"),
        *("/images/9999999999999999999/poster-200x286.jpg", "/images/0/poster-200x286.jpg"),
        *("/images/-1/poster-200x286.jpg", "/images/{}/../../etc/passwd", "/images/"),
        "/sv/images/{}/poster-200x286.gif",
    ],
)
def test_what_is_not_in_the_table_does_not_exist(client: Client, path: str) -> None:
    image = make_image()
    assert client.get(path.format(image.pk), follow=True).status_code == 404


@pytest.mark.parametrize("preset", ["poster-50x71", "preview-1024x576", "square-75", "preview-200x113"])
@pytest.mark.parametrize("extension", MEDIA_TYPES)
def test_a_placeholder_is_of_exactly_the_size_and_not_for_keeping(
    client: Client, preset: str, extension: str
) -> None:
    image = make_image()
    response = client.get(address(image, preset, extension))
    assert response.status_code == 200
    assert response["Content-Type"] == MEDIA_TYPES[extension]
    assert body_of(response).size == (PRESETS[preset].width, PRESETS[preset].height)
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=60"}
    assert "ETag" not in response


def test_a_broken_picture_is_a_placeholder(client: Client, server: Upstream) -> None:
    image = make_image(url=server.put("/a.jpg", b"<html>no</html>"))
    work.work(30.0, clock=lambda: NOW)
    image.refresh_from_db()
    assert image.failure == "html_for_picture"
    response = client.get(address(image, "square-190"))
    assert (response.status_code, body_of(response).size) == (200, (190, 190))


@pytest.mark.parametrize("column", ["withdrawn_at", "hidden_at"])
@pytest.mark.parametrize("whose", ["own", "owner"])
def test_what_was_withdrawn_or_hidden_is_not_to_be_seen(
    client: Client, server: Upstream, column: str, whose: str
) -> None:
    image = fetched(server)
    row = image if whose == "own" else image.owner
    type(row)._default_manager.filter(pk=row.pk).update(**{column: NOW})
    response = client.get(address(image, "poster-200x286"))
    assert response.status_code == 404
    # A page that still has the picture on it gets a drawing in its place.
    assert body_of(response).size == (200, 286)
    assert "immutable" not in response["Cache-Control"]


@pytest.mark.parametrize(
    "owner", [make_festival, make_film, make_event, make_venue, make_organisation, make_person]
)
@pytest.mark.parametrize("change", [{}, {"withdrawn_at": NOW}, {"hidden_at": NOW}, {"public": False}])
def test_one_rule_says_who_may_see_a_picture_in_the_database_and_outside(owner: Any, change: Any) -> None:
    if "public" in change and owner is not make_person:
        return
    image = make_image(owner(**change))
    found = lookup.find(image.pk, "square-75", "jpg", NOW)
    assert found is not None
    assert found.shown == is_shown(Image.objects.get(pk=image.pk)) == (not change)


def test_private_people_have_no_public_pictures(client: Client, server: Upstream) -> None:
    image = fetched(server, make_person(), role=ImageRole.PORTRAIT)
    person = image.owner
    type(person).objects.filter(pk=person.pk).update(public=False)
    assert client.get(address(image, "square-190")).status_code == 404


def test_forgetting_somebody_takes_the_files_along(
    client: Client, server: Upstream, shelf_folder: Path
) -> None:
    person = make_person(provider="sff")
    image = fetched(server, person, role=ImageRole.PORTRAIT)
    client.get(address(image, "square-75"))
    assert sum(path.is_file() for path in shelf_folder.rglob("*")) == 14
    forgetting.forget("sff", [(Kind.PERSON, person.external_id)], NOW)
    response = client.get(address(image, "square-75"))
    assert response.status_code == 410
    shelf.sweep(NOW)
    assert not [path for path in shelf_folder.rglob("*") if path.is_file()]
    assert not Rendition.objects.exists()


def test_a_file_that_somebody_removed_is_made_again(
    client: Client, server: Upstream, shelf_folder: Path
) -> None:
    image = fetched(server)
    path = address(image, "preview-640x360")
    before = client.get(path).content
    for file in shelf_folder.rglob("preview-640x360-*"):
        file.unlink()
    response = client.get(path)
    assert response.status_code == 200
    assert pictures.opened(response.content).size == pictures.opened(before).size
    assert "immutable" in response["Cache-Control"]


def test_where_everything_was_removed_it_is_fetched_again(
    client: Client, server: Upstream, shelf_folder: Path
) -> None:
    image = fetched(server)
    for file in [path for path in shelf_folder.rglob("*") if path.is_file()]:
        file.unlink()
    response = client.get(address(image, "square-75"))
    assert (response.status_code, body_of(response).size) == (200, (75, 75))
    assert "immutable" not in response["Cache-Control"]
    image.refresh_from_db()
    assert work.due(NOW)
    work.work(30.0, clock=lambda: NOW)
    assert "immutable" in client.get(address(image, "square-75"))["Cache-Control"]


def test_uses_are_handed_over_in_batches_and_once_a_day(
    client: Client, server: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(usage.current_app, "send_task", lambda name, args, **_: sent.append((name, args)))
    monkeypatch.setattr(usage, "_MOST", 2)
    monkeypatch.setattr(usage, "_gathered", set())
    image = fetched(server)
    paths = [address(image, name) for name in ("preview-320x180", "preview-640x360")]
    Rendition.objects.update(used_at="2027-01-01T00:00Z")
    for path in paths:
        client.get(path)
    assert not sent
    Rendition.objects.update(used_at="2020-01-01T00:00Z")
    for path in paths:
        client.get(path)
    [(name, (ids,))] = sent
    assert name == "aggregator.tasks.note_used_pictures"
    shelf.touch(ids, NOW)
    assert Rendition.objects.filter(used_at=NOW).count() == 2


@pytest.mark.django_db(transaction=True)
def test_fifty_who_ask_at_once_cause_one_rendering(server: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    image = fetched(server)
    drawn: list[str] = []
    really = render.renditions

    def counted(*args: Any, **kwargs: Any) -> Any:
        drawn.append("one")
        return really(*args, **kwargs)

    monkeypatch.setattr(render, "renditions", counted)
    answers: list[serve.Answer] = []

    def ask() -> None:
        answers.append(serve.answer(image.pk, PRESETS["square-190"], "webp"))
        connection.close()

    crowd = [threading.Thread(target=ask) for _ in range(50)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(drawn) == 1
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert Rendition.objects.filter(preset="square-190").count() == 1


def test_a_logo_is_not_cut(server: Upstream) -> None:
    logo = pictures.photo(800, 200, (255, 255, 255))
    url = server.put("/logo.png", pictures.encoded(logo, "PNG"))
    image = make_image(make_venue(provider="sff"), url=url, role=ImageRole.LOGO)
    work.work(30.0, clock=lambda: NOW)
    answer = serve.answer(image.pk, PRESETS["square-190"], "jpg", NOW)
    assert answer.body is not None
    picture = pictures.opened(answer.body)
    assert picture.size == (190, 190)
    assert (
        min(picture.crop((0, 0, 190, 60)).convert("L").getextrema()) > 240
    )  # the frame is as white as the logo
    assert picture.crop((0, 71, 190, 119)).convert("RGB").getextrema()[2][0] < 200
